import Foundation
import Records

/// How runs of one architecture scatter around their mean curve m.
///
/// y_t = m_t + σ(m_t, t) z_t. The spread is log-quadratic in mean and ln epoch, ln σ² = β·(1, u, u², v, v²) with u and v
/// brought to mean 0 and variance 1. z is an autoregressive process of order one, z_t = ρ z_{t-1} + √(1 - ρ²) ε_t.
///
/// ε is standard normal, or, as in the sliding window of NAS-Bench-x11, one of the innovations that were observed in the
/// epochs around t.
public struct NoiseModel: Hashable, Sendable, Codable {
  /// β.
  let spread: [Double]
  /// Of the mean.
  let meanScale: AffineScale
  /// Of ln epoch.
  let epochScale: AffineScale
  /// Runs of means beyond those seen scatter like those at the edge.
  let meanRange: ClosedRange<Double>
  /// ρ, in -1…1.
  public let correlation: Double
  /// One list an epoch, to draw ε from; nil for normal ones.
  let innovations: [[Double]]?
  /// Values are cut off there.
  public let limits: ClosedRange<Double>?

  /// A mean and a width.
  struct AffineScale: Hashable, Sendable, Codable {
    let mean: Double
    let width: Double

    func callAsFunction(_ value: Double) -> Double { (value - mean) / width }
  }

  /// σ(m, t): the standard deviation of runs whose mean at `epoch` is `mean`.
  public func deviation(at epoch: Int, mean: Double) -> Double {
    let inside = min(max(mean, meanRange.lowerBound), meanRange.upperBound)
    let terms = Self.terms(meanScale(inside), epochScale(log(Double(max(epoch, 1)))))
    return exp(zip(spread, terms).reduce(0) { $0 + $1.0 * $1.1 } / 2)
  }

  /// One run around a mean curve; equal arguments give equal bits, different labels, architectures or seeds independent
  /// runs.
  public func run(around means: [Double], label: String, architecture: String, seed: UInt64) -> [Double] {
    let noise = standardNoise(means.count, label: label, architecture: architecture, seed: seed)
    return means.indices.map { place($0 + 1, means[$0], noise[$0]) }
  }

  /// The value at `epoch` of the run that ``run(around:label:architecture:seed:)`` draws.
  public func value(
    at epoch: Int, mean: Double, label: String, architecture: String, seed: UInt64
  ) -> Double {
    precondition(epoch >= 1, "epochs count from 1")
    let noise = standardNoise(epoch, label: label, architecture: architecture, seed: seed)
    return place(epoch, mean, noise[epoch - 1])
  }

  private func place(_ epoch: Int, _ mean: Double, _ noise: Double) -> Double {
    let value = mean + deviation(at: epoch, mean: mean) * noise
    return limits.map { min(max(value, $0.lowerBound), $0.upperBound) } ?? value
  }

  /// z_1…z_T.
  private func standardNoise(_ count: Int, label: String, architecture: String, seed: UInt64) -> [Double] {
    var generator = SeededGenerator(seed: seed).stream("noise").stream(label).stream(architecture)
    var draws = NormalDraws(generator.stream("normal"))
    let fresh = (1 - correlation * correlation).squareRoot()
    var noise: [Double] = []
    for epoch in 0..<count {
      let innovation: Double
      if let innovations {
        innovation = generator.pick(innovations[min(epoch, innovations.count - 1)])
      } else {
        innovation = draws.next()
      }
      noise.append(epoch == 0 ? innovation : correlation * noise[epoch - 1] + fresh * innovation)
    }
    return noise
  }

  static func terms(_ u: Double, _ v: Double) -> [Double] { [1, u, u * u, v, v * v] }

  /// What was read is as it should be. Throws ``DamagedArchive``.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    spread = try container.decode([Double].self, forKey: .spread)
    meanScale = try container.decode(AffineScale.self, forKey: .meanScale)
    epochScale = try container.decode(AffineScale.self, forKey: .epochScale)
    meanRange = try container.decode(ClosedRange<Double>.self, forKey: .meanRange)
    correlation = try container.decode(Double.self, forKey: .correlation)
    innovations = try container.decodeIfPresent([[Double]].self, forKey: .innovations)
    limits = try container.decodeIfPresent(ClosedRange<Double>.self, forKey: .limits)
    let lists = innovations.map { !$0.isEmpty && $0.allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isFinite) } } ?? true
    let numbers = spread + [meanScale.mean, meanScale.width, epochScale.mean, epochScale.width]
    guard spread.count == 5, numbers.allSatisfy(\.isFinite), meanScale.width > 0, epochScale.width > 0,
      (-1...1).contains(correlation), lists
    else { throw DamagedArchive("the parameters of its noise are out of range") }
  }

  init(
    spread: [Double], meanScale: AffineScale, epochScale: AffineScale, meanRange: ClosedRange<Double>,
    correlation: Double, innovations: [[Double]]?, limits: ClosedRange<Double>?
  ) {
    self.spread = spread
    self.meanScale = meanScale
    self.epochScale = epochScale
    self.meanRange = meanRange
    self.correlation = correlation
    self.innovations = innovations
    self.limits = limits
  }
}
