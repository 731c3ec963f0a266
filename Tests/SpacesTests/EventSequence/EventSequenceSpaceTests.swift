import Records
import Spaces
import Testing

@Suite struct EventSequenceSpaceTests {
  static let withStem = EventSequenceSpace(hasNumericFeatures: true)
  static let withoutStem = EventSequenceSpace(hasNumericFeatures: false)

  /// Every layer that the throwing initialiser accepts, of all that can be asked for.
  static let encoderLayers = Architecture.OperationSet.allCases.flatMap { operations in
    ([nil] + (0...16).map(Optional.some)).compactMap {
      try? Architecture.EncoderLayer(operations: operations, attentionHeads: $0)
    }
  }

  static let decoderLayers = (0...16).flatMap { own in
    (0...16).compactMap { try? Architecture.DecoderLayer(selfHeads: own, crossHeads: $0) }
  }

  /// All sequences of `count` layers.
  static func stacks<Layer>(of layers: [Layer], count: Int) -> [[Layer]] {
    (0..<count).reduce([[]]) { grown, _ in grown.flatMap { stack in layers.map { stack + [$0] } } }
  }

  @Test func countsAreExact() {
    #expect(Self.withStem.architectureCount == 3_425_438_016)
    #expect(Self.withoutStem.architectureCount == 428_179_752)
  }

  @Test func countsFollowFromTheEnumeratedParts() {
    #expect(Self.encoderLayers.count == 19)
    #expect(Self.decoderLayers.count == 16)
    let encoders = [0, 1, 2, 4].reduce(0) { $0 + Self.stacks(of: Self.encoderLayers, count: $1).count }
    let decoders = [0, 1, 2].reduce(0) { $0 + Self.stacks(of: Self.decoderLayers, count: $1).count }
    #expect(encoders == 130_702)
    #expect(decoders == 273)
    let others = 2 * 2 * Architecture.Pooling.allCases.count
    #expect(Self.withoutStem.architectureCount == UInt64(encoders * decoders * others))
    let stems = 2 * Architecture.StemKernel.allCases.count
    #expect(Self.withStem.architectureCount == UInt64(stems * encoders * decoders * others))
  }

  /// All 32,640 architectures of at most one layer on each side: as many texts, ids and vectors.
  @Test func shallowArchitecturesAreAllDistinct() throws {
    var texts: Set<String> = []
    var ids: Set<ArchitectureID> = []
    var packed: Set<[UInt8]> = []
    let encoders = [[]] + Self.encoderLayers.map { [$0] }
    let decoders = [[]] + Self.decoderLayers.map { [$0] }
    for kernel in Architecture.StemKernel.allCases {
      for switches in 0..<8 {
        for pooling in Architecture.Pooling.allCases {
          for encoder in encoders {
            for decoder in decoders {
              let architecture = try Architecture(
                stem: .init(kernel: kernel, dropout: switches & 1 != 0), timeEncoding: switches & 2 != 0,
                encoder: encoder, decoder: decoder, head: .init(spatialDropout: switches & 4 != 0, pooling: pooling))
              texts.insert(architecture.canonicalText)
              ids.insert(Self.withStem.id(of: architecture))
              packed.insert(architecture.packedVector)
            }
          }
        }
      }
    }
    #expect(texts.count == 32_640)
    #expect(ids.count == 32_640)
    #expect(packed.count == 32_640)
  }

  /// All 130,321 encoders of four layers and all 256 decoders of two survive text and vector.
  @Test func deepStacksRoundTrip() throws {
    func check(_ encoder: [Architecture.EncoderLayer], _ decoder: [Architecture.DecoderLayer]) throws {
      let architecture = try Architecture(
        stem: nil, timeEncoding: false, encoder: encoder, decoder: decoder,
        head: .init(spatialDropout: false, pooling: .average))
      guard try Architecture(canonicalText: architecture.canonicalText) == architecture,
        try Architecture(packedVector: architecture.packedVector) == architecture
      else {
        Issue.record("\(architecture) does not survive")
        return
      }
    }
    for encoder in Self.stacks(of: Self.encoderLayers, count: 4) { try check(encoder, []) }
    for decoder in Self.stacks(of: Self.decoderLayers, count: 2) { try check([], decoder) }
  }

  @Test func membersOfTheOtherSpaceAreRefused() throws {
    let text = "stem:none/time:off/encoder:off/decoder:off/head:avg"
    let architecture = try Self.withoutStem.parse(text)
    let refusal = EventSequenceError.numericFeatures(architectureHasStem: false, dataHasNumericFeatures: true)
    #expect(throws: refusal) { try Self.withStem.parse(text) }
    #expect(throws: refusal) { try Self.withStem.decode(architecture.architectureVector) }
    #expect(!Self.withStem.contains(architecture))
  }

  @Test func initialisersRefuseWhatTheSpaceHasNot() throws {
    let heads = Architecture.headCounts
    let gru = try Architecture.EncoderLayer(operations: .gru, attentionHeads: nil)
    let queries = try Architecture.DecoderLayer(selfHeads: 1, crossHeads: 1)
    let head = Architecture.Head(spatialDropout: false, pooling: .mixed)
    #expect(throws: EventSequenceError.layerCount(part: "encoder", found: 3, allowed: [0, 1, 2, 4])) {
      try Architecture(stem: nil, timeEncoding: true, encoder: [gru, gru, gru], decoder: [], head: head)
    }
    #expect(throws: EventSequenceError.layerCount(part: "decoder", found: 3, allowed: [0, 1, 2])) {
      try Architecture(stem: nil, timeEncoding: true, encoder: [], decoder: [queries, queries, queries], head: head)
    }
    #expect(throws: EventSequenceError.headCount(part: "encoder layer's attention", found: nil, allowed: heads)) {
      try Architecture.EncoderLayer(operations: .attention, attentionHeads: nil)
    }
    #expect(throws: EventSequenceError.headsWithoutAttention(heads: 4, operations: "gru+conv")) {
      try Architecture.EncoderLayer(operations: .gruConvolution, attentionHeads: 4)
    }
    #expect(throws: EventSequenceError.headCount(part: "decoder layer's cross-attention", found: 3, allowed: heads)) {
      try Architecture.DecoderLayer(selfHeads: 8, crossHeads: 3)
    }
  }

  @Test func neighborCountsAreThoseOfTheDefinition() throws {
    func count(_ text: String) throws -> Int {
      let architecture = try Architecture(canonicalText: text)
      return EventSequenceSpace(hasNumericFeatures: architecture.stem != nil).neighbors(of: architecture).count
    }
    // Kernel 3, dropout 1, time 1, head 1 + 2; encoder off → 19 single layers; decoder off → 16.
    #expect(try count("stem:k1/time:off/encoder:off/decoder:off/head:avg") == 8 + 19 + 16)
    // A layer of attention: 3 subsets with its heads, 3 without, 3 other heads; depth: 1 down, 19 up.
    #expect(try count("stem:k1/time:off/encoder:att2/decoder:off/head:avg") == 8 + 9 + 20 + 16)
    // A layer of gru: 2 other subsets without attention, 4 with it and 4 heads each; 1 down, 19² up.
    #expect(try count("stem:none/time:off/encoder:gru,gru/decoder:self1+cross1/head:avg") == 4 + 36 + 362 + 6 + 17)
    #expect(try count("stem:none/time:off/encoder:gru,gru,conv,att8/decoder:off/head:avg") == 4 + 63 + 1 + 16)
  }

  @Test func mutationReachesEveryChoice() throws {
    var generator = SeededGenerator(seed: 11)
    let start = try Architecture(
      canonicalText: "stem:k3/time:on/encoder:att4+gru,conv/decoder:self2+cross8/head:max+spatial")
    var changedSlots: Set<Int> = []
    var encoderDepths: Set<Int> = []
    var decoderDepths: Set<Int> = []
    for _ in 0..<4_000 {
      let mutant = Self.withStem.mutate(start, using: &generator)
      encoderDepths.insert(mutant.encoder.count)
      decoderDepths.insert(mutant.decoder.count)
      for (slot, pair) in zip(mutant.architectureVector, start.architectureVector).enumerated() where pair.0 != pair.1 {
        changedSlots.insert(slot)
      }
    }
    #expect(encoderDepths == [1, 2, 4])
    #expect(decoderDepths == [0, 1, 2])
    // Never changed: a switched-on encoder's first slot, and the decoder's operations that do not exist.
    #expect(Set(0..<122).subtracting(changedSlots) == Set([6]).union(73...78).union(80...85))
  }

  @Test func crossoverMixesAllChoices() throws {
    var generator = SeededGenerator(seed: 12)
    let first = try Architecture(canonicalText: "stem:k1/time:on/encoder:att1+gru,gru/decoder:off/head:avg")
    let second = try Architecture(
      canonicalText: "stem:kwide+dropout/time:off/encoder:att8/decoder:self2+cross4/head:max+spatial")
    var children: Set<Architecture> = []
    for _ in 0..<20_000 { children.insert(Self.withStem.crossOver(first, second, using: &generator)) }
    // Kernel, dropout, time, spatial dropout, pooling: 2⁵; first layer: 2 subsets · 2 heads; depths: 2 · 2.
    #expect(children.count == 32 * 4 * 4)
  }
}
