extension EventSequenceArchitecture {
  /// What a part of an encoder layer's channels goes through.
  public enum Operation: Int, CaseIterable, Hashable, Sendable {
    case attention, gru, convolution
  }

  /// The operations of one encoder layer: one of the seven non-empty subsets, in the order of the SeqNAS authors.
  public enum OperationSet: Int, CaseIterable, Hashable, Sendable {
    case attention, gru, convolution
    case attentionGRU, attentionConvolution, gruConvolution
    case attentionGRUConvolution

    /// 0 to 6, the slot of the subset in the architecture vector.
    public var index: Int { rawValue }

    /// The members in the order in which they take their parts of the channels.
    public var operations: [Operation] {
      switch self {
      case .attention: [.attention]
      case .gru: [.gru]
      case .convolution: [.convolution]
      case .attentionGRU: [.attention, .gru]
      case .attentionConvolution: [.attention, .convolution]
      case .gruConvolution: [.gru, .convolution]
      case .attentionGRUConvolution: [.attention, .gru, .convolution]
      }
    }

    /// Members joined by `+`: `att+gru`.
    public var spelling: String { spelling(attentionHeads: nil) }

    /// As ``spelling``, the number of heads behind attention: `att4+gru`.
    func spelling(attentionHeads: Int?) -> String {
      operations.map { operation in
        switch operation {
        case .attention: "att" + (attentionHeads.map { "\($0)" } ?? "")
        case .gru: "gru"
        case .convolution: "conv"
        }
      }.joined(separator: "+")
    }

    public func contains(_ operation: Operation) -> Bool { operations.contains(operation) }
  }
}
