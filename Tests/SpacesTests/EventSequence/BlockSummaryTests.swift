import Records
import Spaces
import Testing

@Suite struct BlockSummaryTests {
  private typealias Feature = EventSequenceArchitecture.BlockSummaryFeature

  private func layer(
    _ operations: EventSequenceArchitecture.OperationSet, _ heads: Int? = nil
  ) throws -> EventSequenceArchitecture.EncoderLayer {
    try .init(operations: operations, attentionHeads: heads)
  }

  private func summary(
    _ encoder: [EventSequenceArchitecture.EncoderLayer], decoder: [EventSequenceArchitecture.DecoderLayer] = []
  ) throws -> [Double] {
    try EventSequenceArchitecture(
      stem: nil, timeEncoding: true, encoder: encoder, decoder: decoder,
      head: .init(spatialDropout: false, pooling: .maximum)
    ).blockSummary
  }

  @Test func blocksOfAnArchitecture() throws {
    let architecture = try EventSequenceArchitecture(
      stem: .init(kernel: .wide, dropout: true), timeEncoding: true,
      encoder: [layer(.attentionGRU, 4), layer(.convolution)],
      decoder: [.init(selfHeads: 2, crossHeads: 8)], head: .init(spatialDropout: true, pooling: .mixed))
    let found = Dictionary(uniqueKeysWithValues: zip(Feature.allCases, architecture.blockSummary))
    let expected: [Feature: Double] = [
      .encoderLayers: 2, .attentionLayers: 1, .gruLayers: 1, .convolutionLayers: 1, .convolutionAlone: 1,
      .firstAttention: 1, .firstGRU: 1, .lastConvolution: 1, .heads: 4, .mostHeads: 4, .decoderLayers: 1,
      .selfHeads: 2, .crossHeads: 8, .kernelWide: 1, .stemDropout: 1, .timeEncoding: 1, .spatialDropout: 1,
      .mixedPooling: 1, .encoder: 1, .decoder: 1, .both: 1, .attentionShares: 0.5, .gruShares: 0.5,
      .convolutionShares: 1, .attentionMeanShare: 0.25, .gruMeanShare: 0.25, .convolutionMeanShare: 0.5,
      .logEncoderLayers: 1, .logMostHeads: 2, .operationsPerLayer: 1.5, .mixedOfDecoder: 1, .kernelWidth: 11,
    ]
    #expect(found.count == 48)
    for (feature, value) in found { #expect(value == expected[feature] ?? 0, "\(feature)") }
  }

  @Test func theOrderOfInnerLayersDoesNotMatter() throws {
    let (a, b, c) = try (layer(.attention, 8), layer(.gruConvolution), layer(.attentionGRU, 1))
    let first = try summary([a, b, c, a])
    #expect(try summary([a, c, b, a]) == first)
    #expect(try summary([b, a, c, a]) != first)
    let decoder = try [
      EventSequenceArchitecture.DecoderLayer(selfHeads: 1, crossHeads: 4), .init(selfHeads: 8, crossHeads: 2),
    ]
    #expect(try summary([a], decoder: decoder) == summary([a], decoder: decoder.reversed()))
  }

  @Test func tokensTellArchitecturesApart() throws {
    var generator = SeededGenerator(seed: 3)
    var sequences: [[UInt8]: EventSequenceArchitecture] = [:]
    for hasStem in [true, false] {
      let space = EventSequenceSpace(hasNumericFeatures: hasStem)
      for _ in 0..<2_000 {
        let architecture = space.sample(using: &generator)
        let sequence = architecture.sequenceEncoding
        #expect(sequence.count == 17 && sequence.allSatisfy { $0 < EventSequenceArchitecture.sequenceVocabulary })
        #expect(sequences[sequence, default: architecture] == architecture)
        sequences[sequence] = architecture
      }
    }
    #expect(sequences.count > 1_000)
  }
}
