/// The layout of the SeqNAS architecture vector (AVec): where each choice stands, in slots from 0.
///
/// Without numeric features the first five slots are absent and all others move down by five.
public enum EventSequenceVector {
  /// 122, or 117 without a stem.
  public static func length(hasStem: Bool) -> Int { hasStem ? 122 : 122 - stemSlots }
  /// 16, or 15 without a stem.
  public static func packedLength(hasStem: Bool) -> Int { (length(hasStem: hasStem) + 7) / 8 }

  static let stemSlots = 5
  static let kernel = 0
  static let stemDropout = 4
  static let timeEncoding = 5
  static let encoderLayers = 6
  static let operations = 10
  static let attentionHeads = 38
  static let decoderLayers = 70
  static let decoderOperations = 72
  static let selfHeads = 86
  static let crossHeads = 102
  static let spatialDropout = 118
  static let pooling = 119

  static let operationSlots = 7
  static let headSlots = 8

  /// `count` slots, that of `index` set.
  static func oneHot(_ index: Int, count: Int) -> [UInt8] {
    (0..<count).map { $0 == index ? 1 : 0 }
  }

  /// `count` slots, the first `value` set.
  static func unary(_ value: Int, count: Int) -> [UInt8] {
    (0..<count).map { $0 < value ? 1 : 0 }
  }
}

extension EventSequenceArchitecture {
  /// The AVec of the SeqNAS paper: 122 slots of 0 or 1, or 117 without a stem. Kernel, operations and pooling are one-hot;
  /// depths and heads are unary; what does not exist is 0; a decoder layer always has the first of its operation slots.
  public var architectureVector: [UInt8] {
    typealias Layout = EventSequenceVector
    var slots = [UInt8](repeating: 0, count: Layout.length(hasStem: true))
    func put(_ values: [UInt8], at slot: Int) { slots.replaceSubrange(slot..<slot + values.count, with: values) }
    if let stem {
      put(Layout.oneHot(stem.kernel.rawValue, count: StemKernel.allCases.count), at: Layout.kernel)
      put([stem.dropout ? 1 : 0], at: Layout.stemDropout)
    }
    put([timeEncoding ? 1 : 0], at: Layout.timeEncoding)
    put(Layout.unary(encoder.count, count: 4), at: Layout.encoderLayers)
    for (index, layer) in encoder.enumerated() {
      put(
        Layout.oneHot(layer.operations.index, count: Layout.operationSlots),
        at: Layout.operations + index * Layout.operationSlots)
      put(
        Layout.unary(layer.attentionHeads ?? 0, count: Layout.headSlots),
        at: Layout.attentionHeads + index * Layout.headSlots)
    }
    put(Layout.unary(decoder.count, count: 2), at: Layout.decoderLayers)
    for (index, layer) in decoder.enumerated() {
      put([1], at: Layout.decoderOperations + index * Layout.operationSlots)
      put(Layout.unary(layer.selfHeads, count: Layout.headSlots), at: Layout.selfHeads + index * Layout.headSlots)
      put(Layout.unary(layer.crossHeads, count: Layout.headSlots), at: Layout.crossHeads + index * Layout.headSlots)
    }
    put([head.spatialDropout ? 1 : 0], at: Layout.spatialDropout)
    put(Layout.oneHot(head.pooling.rawValue, count: Pooling.allCases.count), at: Layout.pooling)
    return stem == nil ? Array(slots.dropFirst(Layout.stemSlots)) : slots
  }

  /// Reads ``architectureVector``. Throws ``SpacesError/vectorLength(found:allowed:unit:)``,
  /// ``SpacesError/vectorValue(slot:found:)`` or ``SpacesError/vectorSlots(choice:slots:found:allowed:)`` for slots that
  /// encode no architecture.
  public init(architectureVector slots: [UInt8]) throws {
    typealias Layout = EventSequenceVector
    let reader = try VectorReader(slots)
    var stem: Stem?
    if reader.hasStem {
      let kernel = try reader.oneHot("stem kernel", at: Layout.kernel, values: StemKernel.allCases)
      stem = Stem(kernel: kernel, dropout: reader.isSet(Layout.stemDropout))
    }
    let encoderDepth = try reader.unary("encoder layers", at: Layout.encoderLayers, count: 4, of: Self.encoderDepths)
    var encoder: [EncoderLayer] = []
    for index in 0..<4 {
      let isActive = index < encoderDepth
      let operations = try reader.oneHot(
        "operations of encoder layer \(index + 1)", at: Layout.operations + index * Layout.operationSlots,
        values: OperationSet.allCases, isActive: isActive)
      let hasAttention = operations?.contains(.attention) ?? false
      let heads = try reader.unary(
        "attention heads of encoder layer \(index + 1)", at: Layout.attentionHeads + index * Layout.headSlots,
        count: Layout.headSlots, of: hasAttention ? Self.headCounts : [0])
      if let operations {
        encoder.append(.init(trusted: operations, attentionHeads: hasAttention ? heads : nil))
      }
    }
    let decoderDepth = try reader.unary("decoder layers", at: Layout.decoderLayers, count: 2, of: Self.decoderDepths)
    var decoder: [DecoderLayer] = []
    for index in 0..<2 {
      let isActive = index < decoderDepth
      let heads = isActive ? Self.headCounts : [0]
      _ = try reader.unary(
        "operations of decoder layer \(index + 1)", at: Layout.decoderOperations + index * Layout.operationSlots,
        count: Layout.operationSlots, of: isActive ? [1] : [0])
      let selfHeads = try reader.unary(
        "self-attention heads of decoder layer \(index + 1)", at: Layout.selfHeads + index * Layout.headSlots,
        count: Layout.headSlots, of: heads)
      let crossHeads = try reader.unary(
        "cross-attention heads of decoder layer \(index + 1)", at: Layout.crossHeads + index * Layout.headSlots,
        count: Layout.headSlots, of: heads)
      if isActive { decoder.append(.init(trustedSelfHeads: selfHeads, crossHeads: crossHeads)) }
    }
    let pooling = try reader.oneHot("pooling", at: Layout.pooling, values: Pooling.allCases)
    self.init(
      trusted: stem, timeEncoding: reader.isSet(Layout.timeEncoding), encoder: encoder, decoder: decoder,
      head: Head(spatialDropout: reader.isSet(Layout.spatialDropout), pooling: pooling))
  }
}
