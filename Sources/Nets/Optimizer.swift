import Foundation

/// How parameters follow their gradients.
public struct OptimizerSettings: Hashable, Sendable, Codable {
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// Adam (Kingma and Ba, 2015) with weight decay as a part of the gradient, as `torch.optim.Adam`.
    case adam
    /// Decoupled weight decay (Loshchilov and Hutter, 2019), as `torch.optim.AdamW`.
    case adamW = "adamw"
    /// Layer-wise trust ratios (You et al., 2020), as NVIDIA's FusedLAMB: gradients clipped to norm 1.
    case lamb
  }

  public var kind: Kind
  public var learningRate: Float
  public var weightDecay: Float
  public var beta1: Float
  public var beta2: Float
  public var epsilon: Float
  /// Adam and LAMB: the norm that all gradients together are clipped to; for Adam as `clip_grad_norm_` does it, and
  /// none where nothing is said.
  public var maxGradientNorm: Float
  /// LAMB: apply the trust ratio without weight decay too.
  public var alwaysAdapt: Bool

  public init(
    kind: Kind, learningRate: Float, weightDecay: Float, beta1: Float = 0.9, beta2: Float = 0.999,
    epsilon: Float? = nil, maxGradientNorm: Float? = nil, alwaysAdapt: Bool = false
  ) {
    self.kind = kind
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon ?? (kind == .lamb ? 1e-6 : 1e-8)
    self.maxGradientNorm = maxGradientNorm ?? (kind == .adam ? .greatestFiniteMagnitude : 1)
    self.alwaysAdapt = alwaysAdapt
  }
}

/// Moments of one network's parameters, and the steps taken.
public final class Optimizer {
  public let settings: OptimizerSettings
  let parameters: Parameters
  private let kernels: Kernels
  /// Owns the moments; for a network, the network's own memory.
  private let arena: Arena
  let first: Floats
  let second: Floats
  private let norms: Floats
  var steps = 0

  public convenience init(_ settings: OptimizerSettings, for network: SequenceNetwork) {
    self.init(
      settings, parameters: network.parameters, arena: network.context.arena, kernels: network.context.kernels)
  }

  /// Keeps `arena`, in which both the moments and the parameters lie.
  package init(_ settings: OptimizerSettings, parameters: Parameters, arena: Arena, kernels: Kernels) {
    self.settings = settings
    self.parameters = parameters
    self.kernels = kernels
    self.arena = arena
    first = arena.floats(parameters.extent)
    second = arena.floats(parameters.extent)
    norms = arena.floats(32)
  }

  /// Moves the parameters by their gradients; `learningRate` as the schedule has it now. Uses the gradients up.
  public func step(learningRate: Float) {
    steps += 1
    let correction1 = 1 - pow(Double(settings.beta1), Double(steps))
    let correction2 = 1 - pow(Double(settings.beta2), Double(steps))
    switch settings.kind {
    case .adam:
      clip()
      if settings.weightDecay != 0 {
        kernels.scaleAdd(
          1, parameters.extent, parameters.values, 0, settings.weightDecay, parameters.gradients, 0, true)
      }
      adam(learningRate: learningRate, decay: 1, correction1: correction1, correction2: correction2)
    case .adamW:
      adam(
        learningRate: learningRate, decay: 1 - learningRate * settings.weightDecay, correction1: correction1,
        correction2: correction2)
    case .lamb:
      lamb(learningRate: learningRate, correction1: correction1, correction2: correction2)
    }
  }

  private func adam(learningRate: Float, decay: Float, correction1: Double, correction2: Double) {
    kernels.adamW(
      parameters.extent, parameters.values, parameters.gradients, first, second, settings.beta1, settings.beta2,
      Float(Double(learningRate) / correction1), decay, Float(1 / correction2.squareRoot()), settings.epsilon)
  }

  private func clip() {
    guard settings.maxGradientNorm < .greatestFiniteMagnitude else { return }
    let norm = kernels.sumOfSquares(parameters.extent, parameters.gradients).squareRoot()
    let scale = settings.maxGradientNorm / (norm + 1e-6)
    guard scale < 1 else { return }
    kernels.scaleAdd(1, parameters.extent, parameters.gradients, 0, scale, parameters.gradients, 0, false)
  }

  private func lamb(learningRate: Float, correction1: Double, correction2: Double) {
    let norm = kernels.sumOfSquares(parameters.extent, parameters.gradients).squareRoot()
    let scale = norm > settings.maxGradientNorm ? settings.maxGradientNorm / norm : 1
    for tensor in parameters.tensors {
      norms.update(repeating: 0, count: 32)
      // The last scalars of a tensor that shares a vector with the next one (a head's bias) go one by one.
      let whole = tensor.span & ~15
      let count = tensor.sharesLastVector ? whole : padded(tensor.span)
      kernels.lambUpdate(
        count, parameters.values + tensor.offset, parameters.gradients + tensor.offset, first + tensor.offset,
        second + tensor.offset, scale, settings.beta1, settings.beta2, Float(1 / correction1), Float(1 / correction2),
        settings.epsilon, settings.weightDecay, norms)
      var valueSquares: Float = 0
      var updateSquares: Float = 0
      kernels.finishPartials(1, norms, &valueSquares)
      kernels.finishPartials(1, norms + 16, &updateSquares)
      if tensor.sharesLastVector {
        for index in tensor.offset + whole..<tensor.offset + tensor.span {
          let value = parameters.values[index]
          let update = tailUpdate(index, value, scale, correction1, correction2)
          valueSquares += value * value
          updateSquares += update * update
        }
      }
      let adapts = settings.alwaysAdapt || settings.weightDecay != 0
      let ratio =
        adapts && valueSquares > 0 && updateSquares > 0
        ? valueSquares.squareRoot() / updateSquares.squareRoot() : 1
      kernels.descend(
        count, parameters.values + tensor.offset, parameters.gradients + tensor.offset, learningRate * ratio)
      if tensor.sharesLastVector {
        for index in tensor.offset + whole..<tensor.offset + tensor.span {
          parameters.values[index] -= learningRate * ratio * parameters.gradients[index]
        }
      }
    }
  }

  /// The update of one scalar, left in its gradient, by the same formula as the kernel's.
  private func tailUpdate(
    _ index: Int, _ value: Float, _ scale: Float, _ correction1: Double, _ correction2: Double
  ) -> Float {
    let gradient = parameters.gradients[index] * scale
    let m = first[index] * settings.beta1 + gradient * (1 - settings.beta1)
    let v = second[index] * settings.beta2 + gradient * gradient * (1 - settings.beta2)
    first[index] = m
    second[index] = v
    let root = (v * Float(1 / correction2)).squareRoot() + settings.epsilon
    let update = m * Float(1 / correction1) / root + settings.weightDecay * value
    parameters.gradients[index] = update
    return update
  }
}
