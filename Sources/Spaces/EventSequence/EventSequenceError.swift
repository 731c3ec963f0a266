import Records

/// What can be wrong with a SeqNAS architecture, and with the sizes that it is built for.
public enum EventSequenceError: SpaceError, Hashable {
  /// A stack has a number of layers that the space does not have.
  case layerCount(part: String, found: Int, allowed: [Int])
  /// An attention has a number of heads that the space does not have; `found` is nil where heads are missing.
  case headCount(part: String, found: Int?, allowed: [Int])
  /// Heads are given to a layer without attention.
  case headsWithoutAttention(heads: Int, operations: String)
  /// A size of the data or of the network is out of range.
  case dimension(name: String, found: Int, allowed: ClosedRange<Int>)
  /// The channels cannot be split into one, two and three parts that are not empty.
  case channels(found: Int)
  /// The automatic numeric width is the mean of the categorical widths, but the data has no categorical feature.
  case automaticNumericWidth
  /// The architecture has a stem and the data no numeric feature, or the other way round.
  case numericFeatures(architectureHasStem: Bool, dataHasNumericFeatures: Bool)
  /// A bit behind the last slot of a packed vector is set.
  case vectorPadding(lastByte: UInt8, paddingBits: Int)

  public var code: String {
    switch self {
    case .layerCount: "spaces.layer_count"
    case .headCount: "spaces.head_count"
    case .headsWithoutAttention: "spaces.heads_without_attention"
    case .dimension: "spaces.dimension"
    case .channels: "spaces.channels"
    case .automaticNumericWidth: "spaces.automatic_numeric_width"
    case .numericFeatures: "spaces.numeric_features"
    case .vectorPadding: "spaces.vector_padding"
    }
  }

  public var message: String {
    switch self {
    case .layerCount(let part, let found, let allowed):
      "the \(part) has \(found) layers; allowed: \(list(allowed))"
    case .headCount(let part, let found, let allowed):
      "the \(part) has \(found.map { "\($0)" } ?? "an unknown number of") heads; allowed: \(list(allowed))"
    case .headsWithoutAttention(let heads, let operations):
      "a layer of \(operations) has no attention and cannot have \(heads) heads"
    case .dimension(let name, let found, let allowed):
      "\(name) is \(found); allowed: \(allowed.lowerBound) to \(allowed.upperBound)"
    case .channels(let found):
      "the features make \(found) channels, which a layer cannot split among three operations; "
        + "allowed: 3, or 5 to \(EventSequenceDimensions.maximumChannels)"
    case .automaticNumericWidth:
      "the automatic numeric width is the mean of the categorical widths, but the data has no categorical feature"
    case .numericFeatures(true, _):
      "the architecture has a stem for numeric features, but the data has no numeric feature"
    case .numericFeatures(false, _):
      "the architecture has no stem (stem:none), but the data has numeric features"
    case .vectorPadding(let lastByte, let paddingBits):
      "the last byte of the packed vector is \(lastByte); its last \(paddingBits) bits must be 0"
    }
  }

  public var remedy: String? {
    switch self {
    case .channels, .automaticNumericWidth: "set a fixed width for the embeddings"
    case .numericFeatures: "sample the architecture from the space of this data set"
    default: nil
    }
  }
}
