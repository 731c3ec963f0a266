import Foundation
public import Records

/// How weights begin: PyTorch's defaults, and the Sub-LN gains of the SeqNAS authors (arXiv 2210.06423) on attention
/// and feed-forward weights.
public enum DecoderDepth: String, Hashable, Sendable, Codable, CaseIterable {
  /// The authors' code: the decoder's gain always assumes one layer.
  case faithful
  /// The decoder's gain uses the real number of layers.
  case clean
}

extension SequenceNetwork {
  /// Draws all parameters and forgets the statistics of earlier batches. Each tensor has its own stream by name, so the numbers of one do not depend on the others.
  public func initialise(from generator: SeededGenerator, decoderDepth: DecoderDepth) {
    let gains = subLayerNormGains(decoderDepth)
    stem.forgetStatistics()
    for tensor in parameters.tensors {
      var stream = generator.stream(tensor.name)
      switch Rule(tensor, gains: gains) {
      case .constant(let value): parameters.fill(tensor) { _ in value }
      case .normal(let deviation):
        parameters.fill(tensor) { _ in Float(deviation * stream.normal()) }
      case .uniform(let bound):
        let fanIn = bound
        parameters.fill(tensor) { _ in Float((2 * stream.uniform() - 1) * fanIn) }
      }
    }
  }

  private func subLayerNormGains(_ depth: DecoderDepth) -> (encoder: Double, decoder: Double) {
    let encoders = Double(blueprint.encoder.count)
    let decoders = depth == .faithful ? 1 : Double(max(blueprint.decoder.count, 1))
    switch (blueprint.encoder.isEmpty, blueprint.decoder.isEmpty) {
    case (false, false):
      return ((log(3 * decoders) * log(2 * encoders) / 3).squareRoot(), log(3 * decoders).squareRoot())
    case (false, true): return (log(2 * encoders).squareRoot(), 1)
    case (true, false): return (1, log(2 * decoders).squareRoot())
    case (true, true): return (1, 1)
    }
  }

  private enum Rule {
    case constant(Float)
    case normal(deviation: Double)
    case uniform(bound: Double)

    init(_ tensor: Parameter, gains: (encoder: Double, decoder: Double)) {
      let name = tensor.name
      let gain = name.hasPrefix("encoder") ? gains.encoder : gains.decoder
      if name.contains(".norm") || name.hasPrefix("stem.norm") {
        self = .constant(name.hasSuffix(".weight") ? 1 : 0)
      } else if name.hasSuffix(".scale") {
        self = .constant(1)
      } else if name.hasPrefix("stem.embedding") || name == "decoder.query" {
        self = .normal(deviation: 1)
      } else if name.hasSuffix(".q.weight") || name.hasSuffix(".k.weight") {
        self = .normal(deviation: Rule.xavier(tensor, gain: 1))
      } else if name.hasSuffix(".v.weight") || name.hasSuffix(".project.weight")
        || name.contains(".feedforward.linear") && name.hasSuffix(".weight")
      {
        self = .normal(deviation: Rule.xavier(tensor, gain: gain))
      } else {
        self = .uniform(bound: 1 / Double(tensor.fanIn).squareRoot())
      }
    }

    private static func xavier(_ tensor: Parameter, gain: Double) -> Double {
      gain * (2 / Double(tensor.shape[0] + tensor.shape[1])).squareRoot()
    }
  }
}

extension SeededGenerator {
  /// A standard normal number (Box and Muller, 1958).
  mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }
}
