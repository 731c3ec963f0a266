/// Reads the choices of a released architecture: keys are paths in the authors' supernet, and only active parts appear.
struct SeqNASChoiceReader {
  private var choices: [String: ReleasedValue]

  init(_ choices: [String: ReleasedValue]) { self.choices = choices }

  /// The architecture of all keys; throws when one is missing, left over or holds something else.
  mutating func architecture() throws -> EventSequenceArchitecture {
    typealias Architecture = EventSequenceArchitecture
    var stem: Architecture.Stem?
    if choices["stem.linear_prep.1"] != nil || choices["stem.linear_prep.2"] != nil {
      let kernel = try oneHot("stem.linear_prep.1", Architecture.StemKernel.allCases)
      stem = try Architecture.Stem(kernel: kernel, dropout: flag("stem.linear_prep.2"))
    }
    let timeEncoding = try flag("position_encoding")
    var encoder: [Architecture.EncoderLayer] = []
    if try flag("encoder") {
      let layers = "encoder.layer.layers"
      for index in 0..<(try unary(layers, count: 4, of: Architecture.encoderDepths.filter { $0 > 0 })) {
        let operations = try oneHot("\(layers).ops.\(index)", Architecture.OperationSet.allCases)
        let headsKey = "\(layers).ops.\(index).ops.\(operations.index).split_layer.layers.0.heads"
        encoder.append(
          try .init(operations: operations, attentionHeads: operations.contains(.attention) ? heads(headsKey) : nil))
      }
    }
    var decoder: [Architecture.DecoderLayer] = []
    if try flag("decoder") {
      let layers = "decoder.layer.layers.repeated_layer"
      for index in 0..<(try unary(layers, count: 2, of: Architecture.decoderDepths.filter { $0 > 0 })) {
        decoder.append(
          try .init(
            selfHeads: heads("\(layers).ops.\(index).self_attention.heads"),
            crossHeads: heads("\(layers).ops.\(index).enc_attention.heads")))
      }
    }
    let spatialDropout = try flag("head.layers.1")
    let pooling = try oneHot("head.layers.2", Architecture.Pooling.allCases)
    if let key = choices.keys.min() {
      throw SeqNASReleaseError.value(key: key, found: "an unknown or inactive key", allowed: "the active choices")
    }
    return try Architecture(
      stem: stem, timeEncoding: timeEncoding, encoder: encoder, decoder: decoder,
      head: .init(spatialDropout: spatialDropout, pooling: pooling))
  }

  private mutating func flag(_ key: String) throws -> Bool {
    switch choices.removeValue(forKey: key) ?? .absent {
    case .integer(0): return false
    case .integer(1): return true
    case let other: throw SeqNASReleaseError.value(key: key, found: other.description, allowed: "0, 1")
    }
  }

  private mutating func oneHot<Value>(_ key: String, _ values: [Value]) throws -> Value {
    let patterns = values.indices.map { EventSequenceVector.oneHot($0, count: values.count) }
    return values[try match(key, patterns)]
  }

  private mutating func unary(_ key: String, count: Int, of values: [Int]) throws -> Int {
    values[try match(key, values.map { EventSequenceVector.unary($0, count: count) })]
  }

  private mutating func heads(_ key: String) throws -> Int {
    try unary(key, count: EventSequenceVector.headSlots, of: EventSequenceArchitecture.headCounts)
  }

  private mutating func match(_ key: String, _ patterns: [[UInt8]]) throws -> Int {
    let slots = try (choices.removeValue(forKey: key) ?? .absent).slots(key: key)
    if let index = patterns.firstIndex(of: slots) { return index }
    throw SeqNASReleaseError.value(
      key: key, found: "\(slots)", allowed: patterns.map { "\($0)" }.joined(separator: " or "))
  }
}
