extension EventSequenceSpace {
  /// Counts of the operations of encoder layers, `att`, `gru` and `conv`; the numbers of encoder and decoder layers; and
  /// as the depth both together.
  public var traits: [ArchitectureTrait] { Self.traits }

  public static let traits: [ArchitectureTrait] =
    Architecture.OperationSet.allCases.prefix(3).map { .count(of: $0.spelling) } + [
      .parameter("encoder_layers"), .parameter("decoder_layers"), .depth,
    ]

  public func value(of trait: ArchitectureTrait, in architecture: Architecture) -> ArchitectureTrait.Value? {
    let (encoder, decoder) = (architecture.encoder, architecture.decoder.count)
    switch trait {
    case .depth: return .number(Double(encoder.count + decoder))
    case .parameter("encoder_layers"): return .number(Double(encoder.count))
    case .parameter("decoder_layers"): return .number(Double(decoder))
    case .count(let name):
      let operation = Architecture.OperationSet.allCases.prefix(3).first { $0.spelling == name }?.operations.first
      return operation.map { operation in
        .number(Double(encoder.count { $0.operations.contains(operation) }))
      }
    case .parameter: return nil
    }
  }
}
