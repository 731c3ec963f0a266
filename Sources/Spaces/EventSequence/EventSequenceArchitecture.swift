/// One architecture of the SeqNAS space (the authors' `FlexibleTransformer`): stem, time encoding, encoder, decoder, head.
///
/// Every value is a member of the space: initialisers throw for what is not.
public struct EventSequenceArchitecture: Hashable, Sendable {
  /// Numbers of encoder layers; 0 is a switched-off encoder.
  public static let encoderDepths = [0, 1, 2, 4]
  /// Numbers of decoder layers; 0 is a switched-off decoder.
  public static let decoderDepths = [0, 1, 2]
  /// Numbers of heads of every attention.
  public static let headCounts = [1, 2, 4, 8]

  /// Nil when the data has no numeric features.
  public internal(set) var stem: Stem?
  /// Adds a sinusoidal encoding of the event times to the embeddings.
  public internal(set) var timeEncoding: Bool
  /// First layer first; empty when switched off.
  public internal(set) var encoder: [EncoderLayer]
  /// First layer first; empty when switched off.
  public internal(set) var decoder: [DecoderLayer]
  public internal(set) var head: Head

  /// Throws ``EventSequenceError/layerCount(part:found:allowed:)`` unless the encoder has 0, 1, 2 or 4 layers and the decoder
  /// 0, 1 or 2.
  public init(stem: Stem?, timeEncoding: Bool, encoder: [EncoderLayer], decoder: [DecoderLayer], head: Head) throws {
    guard Self.encoderDepths.contains(encoder.count) else {
      throw EventSequenceError.layerCount(part: "encoder", found: encoder.count, allowed: Self.encoderDepths)
    }
    guard Self.decoderDepths.contains(decoder.count) else {
      throw EventSequenceError.layerCount(part: "decoder", found: decoder.count, allowed: Self.decoderDepths)
    }
    self.init(trusted: stem, timeEncoding: timeEncoding, encoder: encoder, decoder: decoder, head: head)
  }

  /// For callers inside the target that build the depths from the allowed ones.
  init(trusted stem: Stem?, timeEncoding: Bool, encoder: [EncoderLayer], decoder: [DecoderLayer], head: Head) {
    assert(Self.encoderDepths.contains(encoder.count) && Self.decoderDepths.contains(decoder.count))
    self.stem = stem
    self.timeEncoding = timeEncoding
    self.encoder = encoder
    self.decoder = decoder
    self.head = head
  }

  /// Width in events of the grouped convolution over the numeric features.
  public enum StemKernel: Int, CaseIterable, Hashable, Sendable {
    case one, three, five, wide

    /// 1, 3, 5, or for `wide` min(1 + 2⌊T/4⌋, 11), where T is the sequence length.
    public func size(sequenceLength: Int) -> Int {
      switch self {
      case .one: 1
      case .three: 3
      case .five: 5
      case .wide: min(1 + sequenceLength / 4 * 2, 11)
      }
    }
  }

  /// How numeric features become channels.
  public struct Stem: Hashable, Sendable {
    public var kernel: StemKernel
    public var dropout: Bool

    public init(kernel: StemKernel, dropout: Bool) {
      self.kernel = kernel
      self.dropout = dropout
    }
  }

  /// One encoder layer: a subset of the operations, and heads where attention is among them.
  public struct EncoderLayer: Hashable, Sendable {
    public internal(set) var operations: OperationSet
    /// 1, 2, 4 or 8; nil exactly when the operations have no attention.
    public internal(set) var attentionHeads: Int?

    /// Throws unless heads are given exactly when `operations` has attention, and are 1, 2, 4 or 8.
    public init(operations: OperationSet, attentionHeads: Int?) throws {
      if operations.contains(.attention) {
        try checkHeads(attentionHeads, part: "encoder layer's attention")
      } else if let heads = attentionHeads {
        throw EventSequenceError.headsWithoutAttention(heads: heads, operations: operations.spelling)
      }
      self.init(trusted: operations, attentionHeads: attentionHeads)
    }

    init(trusted operations: OperationSet, attentionHeads: Int?) {
      assert(operations.contains(.attention) == (attentionHeads != nil))
      self.operations = operations
      self.attentionHeads = attentionHeads
    }
  }

  /// One decoder layer: heads of the attention among the queries and of the attention to the encoder's output.
  public struct DecoderLayer: Hashable, Sendable {
    /// 1, 2, 4 or 8.
    public internal(set) var selfHeads: Int
    /// 1, 2, 4 or 8.
    public internal(set) var crossHeads: Int

    /// Throws ``EventSequenceError/headCount(part:found:allowed:)`` unless both are 1, 2, 4 or 8.
    public init(selfHeads: Int, crossHeads: Int) throws {
      try checkHeads(selfHeads, part: "decoder layer's self-attention")
      try checkHeads(crossHeads, part: "decoder layer's cross-attention")
      self.init(trustedSelfHeads: selfHeads, crossHeads: crossHeads)
    }

    init(trustedSelfHeads selfHeads: Int, crossHeads: Int) {
      self.selfHeads = selfHeads
      self.crossHeads = crossHeads
    }
  }

  /// How the sequence of channels becomes one vector.
  public enum Pooling: Int, CaseIterable, Hashable, Sendable {
    /// `mixed` is the mean of the other two.
    case average, maximum, mixed
  }

  /// What follows the last layer: spatial dropout (whole events), pooling over time, a linear layer to the classes.
  public struct Head: Hashable, Sendable {
    public var spatialDropout: Bool
    public var pooling: Pooling

    public init(spatialDropout: Bool, pooling: Pooling) {
      self.spatialDropout = spatialDropout
      self.pooling = pooling
    }
  }
}

private func checkHeads(_ heads: Int?, part: String) throws {
  guard let heads, EventSequenceArchitecture.headCounts.contains(heads) else {
    throw EventSequenceError.headCount(part: part, found: heads, allowed: EventSequenceArchitecture.headCounts)
  }
}
