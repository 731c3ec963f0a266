import Records
import Spaces
import Testing

/// The six data sets of the SeqNAS release, as solved from the published counts.
struct ReleasedConfiguration: Sendable, CustomTestStringConvertible {
  let name: String
  let dimensions: EventSequenceDimensions
  let channels: Int
  /// Supernet parameters of an encoder layer, of a decoder layer, and of the network with neither and kernel 1.
  let perEncoderLayer: Int, perDecoderLayer: Int, base: Int
  var testDescription: String { name }

  /// Only the sum of the table rows is known: one table takes what the others, of two rows each, leave.
  init(
    _ name: String, d: Int, h: Int, rows: Int, tables: Int, width: Int, numeric: Int, classes: Int, events: Int,
    perEncoderLayer: Int, perDecoderLayer: Int, base: Int
  ) throws {
    self.name = name
    let cardinalities = [Int](repeating: 1, count: tables - 1) + [rows - 2 * (tables - 1) - 1]
    dimensions = try EventSequenceDimensions(
      categoricalCardinalities: cardinalities, categoricalEmbedding: .fixed(width), numericEmbedding: .fixed(width),
      numericCount: numeric, sequenceLength: events, classCount: classes, hidden: h)
    channels = d
    self.perEncoderLayer = perEncoderLayer
    self.perDecoderLayer = perDecoderLayer
    self.base = base
  }

  static let all: [ReleasedConfiguration] = {
    do {
      return [
        try .init(
          "ABank", d: 608, h: 32, rows: 674, tables: 16, width: 32, numeric: 3, classes: 2, events: 250,
          perEncoderLayer: 7_456_442, perDecoderLayer: 1_571_600, base: 394_472),
        try .init(
          "RBchurn", d: 160, h: 32, rows: 418, tables: 4, width: 32, numeric: 1, classes: 2, events: 200,
          perEncoderLayer: 929_208, perDecoderLayer: 416_208, base: 39_844),
        try .init(
          "AGE", d: 64, h: 32, rows: 202, tables: 1, width: 32, numeric: 1, classes: 4, events: 200,
          perEncoderLayer: 287_672, perDecoderLayer: 168_624, base: 11_206),
        try .init(
          "TaoBao", d: 64, h: 32, rows: 1_911, tables: 2, width: 32, numeric: 0, classes: 2, events: 200,
          perEncoderLayer: 287_672, perDecoderLayer: 168_624, base: 65_570),
        try .init(
          "Amex", d: 1_504, h: 32, rows: 77, tables: 11, width: 8, numeric: 177, classes: 2, events: 13,
          perEncoderLayer: 37_973_432, perDecoderLayer: 3_882_384, base: 2_273_340),
        try .init(
          "VBank", d: 96, h: 64, rows: 342, tables: 2, width: 32, numeric: 1, classes: 2, events: 512,
          perEncoderLayer: 801_120, perDecoderLayer: 500_464, base: 20_708),
      ]
    } catch {
      preconditionFailure("the released configurations are valid: \(error)")
    }
  }()
}

typealias Architecture = EventSequenceArchitecture

@Suite struct EventSequenceCountsTests {
  static func architecture(
    kernel: Architecture.StemKernel? = .one, encoder: [Architecture.EncoderLayer] = [],
    decoder: [Architecture.DecoderLayer] = []
  ) throws -> Architecture {
    try Architecture(
      stem: kernel.map { Architecture.Stem(kernel: $0, dropout: false) }, timeEncoding: true, encoder: encoder,
      decoder: decoder, head: .init(spatialDropout: true, pooling: .mixed))
  }

  @Test(arguments: ReleasedConfiguration.all)
  func supernetCountsAreThoseOfTheRelease(_ configuration: ReleasedConfiguration) throws {
    let dimensions = configuration.dimensions
    #expect(dimensions.channels == configuration.channels)
    let kernel: Architecture.StemKernel? = dimensions.hasNumericFeatures ? .one : nil
    let base = try EventSequenceCounts.supernetParameterCount(Self.architecture(kernel: kernel), dimensions)
    #expect(base == configuration.base)
    let gru = try Architecture.EncoderLayer(operations: .gru, attentionHeads: nil)
    let crossing = try Architecture.DecoderLayer(selfHeads: 1, crossHeads: 1)
    for (encoderLayers, decoderLayers) in [(1, 0), (2, 1), (4, 2)] {
      let deep = try Self.architecture(
        kernel: kernel, encoder: .init(repeating: gru, count: encoderLayers),
        decoder: .init(repeating: crossing, count: decoderLayers))
      #expect(
        try EventSequenceCounts.supernetParameterCount(deep, dimensions) == base
          + encoderLayers * configuration.perEncoderLayer + decoderLayers * configuration.perDecoderLayer)
    }
  }

  /// Counts by an independent implementation that adds up tensors and matrix products.
  @Test func countsAreThoseOfTheFixture() throws {
    let fixture = try ArchitectureFixture.load()
    #expect(fixture.architectures.count == 12)
    for entry in fixture.architectures {
      let dimensions = try #require(fixture.dimensions[entry.data])
      let counts = try EventSequenceCounts.counts(Architecture(canonicalText: entry.text), dimensions)
      let expected = Counts(
        parameters: entry.parameters, supernetParameters: entry.supernetParameters, flops: entry.forwardFLOPs)
      #expect(counts == expected, "\(entry.text)")
    }
  }

  /// The fixture's texts are what the sampler draws, so that a change of its draws does not pass unseen.
  @Test func theSamplerDrawsTheFixture() throws {
    let fixture = try ArchitectureFixture.load()
    var drawn: [String] = []
    for (hasNumericFeatures, count) in [(true, 8), (false, 4)] {
      var generator = SeededGenerator(seed: fixture.seed)
      let space = EventSequenceSpace(hasNumericFeatures: hasNumericFeatures)
      for _ in 0..<count { drawn.append(space.sample(using: &generator).canonicalText) }
    }
    #expect(drawn == fixture.architectures.map(\.text))
  }

  @Test func refusesDataOfTheOtherSpace() throws {
    let dimensions = try EventSequenceDimensionsTests.dimensions(numericCount: 0)
    let architecture = try Self.architecture()
    let refusal = EventSequenceError.numericFeatures(architectureHasStem: true, dataHasNumericFeatures: false)
    #expect(throws: refusal) { try EventSequenceCounts.parameterCount(architecture, dimensions) }
    #expect(throws: refusal) { try EventSequenceCounts.supernetParameterCount(architecture, dimensions) }
    #expect(throws: refusal) { try EventSequenceCounts.forwardFLOPs(architecture, dimensions) }
  }
}
