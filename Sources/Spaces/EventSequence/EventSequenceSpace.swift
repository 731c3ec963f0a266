public import Records

/// The search space of SeqNAS: 3,425,438,016 architectures for event sequences, or 428,179,752 for data without
/// numeric features, whose architectures have no stem.
///
/// Both have the name `seqnas`: the canonical texts (`stem:none`) keep their ids apart.
public struct EventSequenceSpace: Space, Hashable {
  public typealias Architecture = EventSequenceArchitecture

  public let hasNumericFeatures: Bool

  public init(hasNumericFeatures: Bool) { self.hasNumericFeatures = hasNumericFeatures }

  /// The space for data of `dimensions`.
  public init(for dimensions: EventSequenceDimensions) {
    self.init(hasNumericFeatures: dimensions.hasNumericFeatures)
  }

  public var name: String { "seqnas" }

  public var encodingLength: Int { EventSequenceVector.length(hasStem: hasNumericFeatures) }

  /// stem 4·2, time encoding 2, encoder 1 + 19 + 19² + 19⁴, decoder 1 + 16 + 16², head 2·3.
  public var architectureCount: UInt64 {
    let heads = Architecture.headCounts.count
    let encoderLayers = Architecture.OperationSet.allCases.reduce(0) { $0 + ($1.contains(.attention) ? heads : 1) }
    let stems = hasNumericFeatures ? 2 * Architecture.StemKernel.allCases.count : 1
    let stacks =
      stackCount(depths: Architecture.encoderDepths, layers: encoderLayers)
      * stackCount(depths: Architecture.decoderDepths, layers: heads * heads)
    return UInt64(stems * 2 * stacks * 2 * Architecture.Pooling.allCases.count)
  }

  public func contains(_ architecture: Architecture) -> Bool {
    (architecture.stem != nil) == hasNumericFeatures
  }

  /// Draws as the authors do: each switch on with probability ½, each choice uniform, each depth and each number of heads
  /// uniform over the list of its values and not over the architectures behind it.
  public func sample(using generator: inout SeededGenerator) -> Architecture {
    var stem: Architecture.Stem?
    if hasNumericFeatures {
      let kernel = generator.pick(Architecture.StemKernel.allCases)
      stem = Architecture.Stem(kernel: kernel, dropout: generator.chance(0.5))
    }
    let timeEncoding = generator.chance(0.5)
    let encoderDepth = generator.chance(0.5) ? generator.pick(Architecture.encoderDepths.dropFirst()) : 0
    let encoder = (0..<encoderDepth).map { _ in Architecture.EncoderLayer.sample(using: &generator) }
    let decoderDepth = generator.chance(0.5) ? generator.pick(Architecture.decoderDepths.dropFirst()) : 0
    let decoder = (0..<decoderDepth).map { _ in Architecture.DecoderLayer.sample(using: &generator) }
    let spatialDropout = generator.chance(0.5)
    let pooling = generator.pick(Architecture.Pooling.allCases)
    return Architecture(
      trusted: stem, timeEncoding: timeEncoding, encoder: encoder, decoder: decoder,
      head: .init(spatialDropout: spatialDropout, pooling: pooling))
  }

  public func canonicalText(_ architecture: Architecture) -> String { architecture.canonicalText }

  /// As ``EventSequenceArchitecture/init(canonicalText:)``; also throws
  /// ``EventSequenceError/numericFeatures(architectureHasStem:dataHasNumericFeatures:)``.
  public func parse(_ text: String) throws -> Architecture {
    try member(Architecture(canonicalText: text))
  }

  /// The AVec of the SeqNAS paper: 122 slots, or 117 without numeric features.
  public func encode(_ architecture: Architecture) -> [UInt8] { architecture.architectureVector }

  /// As ``EventSequenceArchitecture/init(architectureVector:)``; also throws
  /// ``EventSequenceError/numericFeatures(architectureHasStem:dataHasNumericFeatures:)``.
  public func decode(_ slots: [UInt8]) throws -> Architecture {
    try member(Architecture(architectureVector: slots))
  }

  /// As the data wants: with numeric features a stem of some kernel, without them no choice of a stem.
  public var choices: SpaceChoices? { EventSequenceChoices.choices(hasNumericFeatures: hasNumericFeatures) }

  /// `architecture`. Throws ``EventSequenceError/numericFeatures(architectureHasStem:dataHasNumericFeatures:)`` unless the
  /// space contains it.
  func member(_ architecture: Architecture) throws -> Architecture {
    guard contains(architecture) else {
      throw EventSequenceError.numericFeatures(
        architectureHasStem: architecture.stem != nil, dataHasNumericFeatures: hasNumericFeatures)
    }
    return architecture
  }
}

/// Σ over depths of layers^depth.
private func stackCount(depths: [Int], layers: Int) -> Int {
  depths.reduce(0) { sum, depth in sum + (0..<depth).reduce(1) { power, _ in power * layers } }
}

extension EventSequenceArchitecture.EncoderLayer {
  /// All 19: subsets in index order, heads in ascending order.
  static let all: [Self] = EventSequenceArchitecture.OperationSet.allCases.flatMap { operations in
    operations.contains(.attention)
      ? EventSequenceArchitecture.headCounts.map { Self(trusted: operations, attentionHeads: $0) }
      : [Self(trusted: operations, attentionHeads: nil)]
  }

  /// A uniform subset, then uniform heads.
  static func sample(using generator: inout SeededGenerator) -> Self {
    let operations = generator.pick(EventSequenceArchitecture.OperationSet.allCases)
    let heads = operations.contains(.attention) ? generator.pick(EventSequenceArchitecture.headCounts) : nil
    return Self(trusted: operations, attentionHeads: heads)
  }
}

extension EventSequenceArchitecture.DecoderLayer {
  /// All 16, by self heads, then cross heads.
  static let all: [Self] = EventSequenceArchitecture.headCounts.flatMap { selfHeads in
    EventSequenceArchitecture.headCounts.map { Self(trustedSelfHeads: selfHeads, crossHeads: $0) }
  }

  static func sample(using generator: inout SeededGenerator) -> Self {
    let selfHeads = generator.pick(EventSequenceArchitecture.headCounts)
    return Self(trustedSelfHeads: selfHeads, crossHeads: generator.pick(EventSequenceArchitecture.headCounts))
  }
}
