/// Everything that fixes the shape of a sequence classifier: what the builder of a space hands to this room.
///
/// Letters: B batch, T positions, d channels of the embedded sequence, h hidden width, L queries of the decoder.
public struct NetworkBlueprint: Hashable, Sendable {
  public struct Stem: Hashable, Sendable {
    /// Rows of each embedding table.
    public var tableRows: [Int]
    /// Columns of each embedding table.
    public var tableWidths: [Int]
    /// Numeric features; 0 for none.
    public var numericCount: Int
    /// Output channels of each numeric feature.
    public var numericWidth: Int
    /// Taps of the grouped convolution, odd.
    public var kernelSize: Int
    /// Dropout behind the convolution; 0 for none.
    public var dropout: Float
    public var timeEncoding: Bool

    public init(
      tableRows: [Int], tableWidths: [Int], numericCount: Int, numericWidth: Int, kernelSize: Int, dropout: Float,
      timeEncoding: Bool
    ) {
      self.tableRows = tableRows
      self.tableWidths = tableWidths
      self.numericCount = numericCount
      self.numericWidth = numericWidth
      self.kernelSize = kernelSize
      self.dropout = dropout
      self.timeEncoding = timeEncoding
    }

    public var channels: Int { tableWidths.reduce(0, +) + numericCount * numericWidth }
  }

  /// What works on one chunk of the channels in an encoder layer.
  public enum Part: Hashable, Sendable {
    case attention(heads: Int)
    case recurrent
    case convolution
  }

  public struct DecoderLayer: Hashable, Sendable {
    public var selfHeads: Int
    public var crossHeads: Int
    public init(selfHeads: Int, crossHeads: Int) {
      self.selfHeads = selfHeads
      self.crossHeads = crossHeads
    }
  }

  public enum Pooling: Hashable, Sendable {
    case average, maximum, mixed
  }

  public var stem: Stem
  /// Parts of each encoder layer; the channels are split among them by the rule of `torch.chunk`.
  public var encoder: [[Part]]
  public var decoder: [DecoderLayer]
  /// L.
  public var queries: Int
  /// Dropout inside encoder and decoder.
  public var dropout: Float
  /// Share of positions dropped before pooling; 0 for none.
  public var spatialDropout: Float
  public var pooling: Pooling
  /// T.
  public var positions: Int
  /// h.
  public var hidden: Int
  public var classes: Int

  public init(
    stem: Stem, encoder: [[Part]], decoder: [DecoderLayer], queries: Int, dropout: Float, spatialDropout: Float,
    pooling: Pooling, positions: Int, hidden: Int, classes: Int
  ) {
    self.stem = stem
    self.encoder = encoder
    self.decoder = decoder
    self.queries = queries
    self.dropout = dropout
    self.spatialDropout = spatialDropout
    self.pooling = pooling
    self.positions = positions
    self.hidden = hidden
    self.classes = classes
  }

  /// Widths of `parts` chunks of `channels`: ceil(channels / parts) each, the last the remainder.
  static func chunks(_ channels: Int, _ parts: Int) -> [Int] {
    let size = (channels + parts - 1) / parts
    return (0..<parts).map { max(0, min(size, channels - $0 * size)) }
  }

  /// Bytes that the encoder's attention layers keep for the backward pass: q, k, v, outputs and probabilities.
  func attentionBytes(batchSize: Int) -> Int {
    let lanes = padded(positions)
    return encoder.joined().reduce(0) { bytes, part in
      guard case .attention(let heads) = part else { return bytes }
      return bytes + batchSize * heads * lanes * (4 * hidden + positions) * MemoryLayout<Float>.stride
    }
  }
}
