import Foundation
import Records
import Spaces
import Testing

@Suite struct EventSequenceDimensionsTests {
  static func dimensions(
    cardinalities: [Int] = [10, 20], categorical: EventSequenceDimensions.Width = .automatic,
    numeric: EventSequenceDimensions.Width = .automatic, numericCount: Int = 2, sequenceLength: Int = 16,
    classCount: Int = 2, hidden: Int = 8
  ) throws -> EventSequenceDimensions {
    try EventSequenceDimensions(
      categoricalCardinalities: cardinalities, categoricalEmbedding: categorical, numericEmbedding: numeric,
      numericCount: numericCount, sequenceLength: sequenceLength, classCount: classCount, hidden: hidden)
  }

  @Test func automaticWidths() throws {
    // 1.6 · K^0.56 by hand: K = 1 → 1.6; 2 → 2.36; 10 → 5.81; 1,000 → 76.6; 1,000,000 → 3,664, above 600.
    let dimensions = try Self.dimensions(cardinalities: [1, 2, 10, 1_000, 1_000_000], numericCount: 3)
    #expect(dimensions.categoricalWidths == [2, 2, 6, 77, 600])
    // The mean, 137.4, rounded down.
    #expect(dimensions.numericWidth == 137)
    #expect(dimensions.channels == 687 + 3 * 137)
    #expect(try Self.dimensions(numericCount: 0).numericWidth == 0)
    #expect(try Self.dimensions(numeric: .fixed(5)).numericWidth == 5)
    #expect(try Self.dimensions(classCount: 7).queryLength == 7)
  }

  @Test func kernelSizes() {
    let lengths = [1, 3, 4, 8, 12, 13, 16, 19, 20, 512]
    #expect(
      lengths.map { Architecture.StemKernel.wide.size(sequenceLength: $0) } == [1, 1, 3, 5, 7, 7, 9, 9, 11, 11])
    #expect(Architecture.StemKernel.allCases.map { $0.size(sequenceLength: 250) } == [1, 3, 5, 11])
  }

  /// As torch.chunk splits.
  @Test(arguments: [
    (3, [2, 1], [1, 1, 1]), (5, [3, 2], [2, 2, 1]), (7, [4, 3], [3, 3, 1]), (64, [32, 32], [22, 22, 20]),
  ])
  func partsFillTheChannels(channels: Int, halves: [Int], thirds: [Int]) throws {
    let dimensions = try Self.dimensions(cardinalities: [4], categorical: .fixed(channels), numericCount: 0)
    #expect(dimensions.partWidths(count: 1) == [channels])
    #expect(dimensions.partWidths(count: 2) == halves)
    #expect(dimensions.partWidths(count: 3) == thirds)
  }

  @Test func noPartIsEmpty() throws {
    for channels in 5...400 {
      let dimensions = try Self.dimensions(cardinalities: [4], categorical: .fixed(channels), numericCount: 0)
      for count in 1...3 {
        let widths = dimensions.partWidths(count: count)
        #expect(widths.allSatisfy { $0 > 0 } && widths.reduce(0, +) == channels)
      }
    }
  }

  @Test(arguments: [0, 1, 2, 4])
  func refusesChannelsThatDoNotSplit(channels: Int) {
    #expect(throws: EventSequenceError.channels(found: channels)) {
      try Self.dimensions(
        cardinalities: [Int](repeating: 1, count: channels), categorical: .fixed(1), numericCount: 0)
    }
  }

  @Test func refusesSizesOutOfRange() {
    let most = EventSequenceDimensions.maximumChannels
    func refusal(_ name: String, _ found: Int, _ allowed: ClosedRange<Int>) -> EventSequenceError {
      .dimension(name: name, found: found, allowed: allowed)
    }
    #expect(throws: refusal("the cardinality of categorical feature 1", 0, 1...(1 << 24))) {
      try Self.dimensions(cardinalities: [3, 0])
    }
    #expect(throws: refusal("the sequence length", 0, 1...most)) { try Self.dimensions(sequenceLength: 0) }
    #expect(throws: refusal("the number of classes", 1, 2...most)) { try Self.dimensions(classCount: 1) }
    #expect(throws: refusal("the hidden width", .max, 1...(1 << 14))) { try Self.dimensions(hidden: .max) }
    #expect(throws: refusal("the number of numeric features", -1, 0...most)) { try Self.dimensions(numericCount: -1) }
    #expect(throws: refusal("the categorical embedding", .min, 1...most)) {
      try Self.dimensions(categorical: .fixed(.min))
    }
    #expect(throws: refusal("the numeric embedding", 0, 1...most)) { try Self.dimensions(numeric: .fixed(0)) }
    #expect(throws: EventSequenceError.channels(found: most * most + 12)) {
      try Self.dimensions(cardinalities: [10, 10], numeric: .fixed(most), numericCount: most)
    }
    #expect(throws: EventSequenceError.automaticNumericWidth) { try Self.dimensions(cardinalities: []) }
  }

  /// The largest sizes that are accepted do not overflow a count.
  @Test func theLargestCountsFit() throws {
    let most = EventSequenceDimensions.maximumChannels
    let largest = try Self.dimensions(
      cardinalities: [1 << 24], categorical: .fixed(most), numericCount: 0, sequenceLength: most, classCount: most,
      hidden: 1 << 14)
    let layer = "att8+gru+conv"
    let architecture = try Architecture(
      canonicalText:
        "stem:none/time:on/encoder:\(layer),\(layer),\(layer),\(layer)/decoder:self8+cross8,self8+cross8/head:avg")
    let counts = try EventSequenceCounts.counts(architecture, largest)
    #expect(counts.parameters ?? 0 > 0 && counts.flops ?? 0 > 0)
  }

  @Test func decodingChecks() throws {
    let dimensions = try Self.dimensions(numeric: .fixed(3))
    let text = try CanonicalJSON.text(dimensions)
    #expect(text.contains("\"categoricalEmbedding\":\"auto\"") && text.contains("\"numericEmbedding\":3"))
    #expect(try CanonicalJSON.decode(EventSequenceDimensions.self, from: Data(text.utf8)) == dimensions)
    let broken = text.replacing("\"hidden\":8", with: "\"hidden\":0")
    #expect(throws: EventSequenceError.dimension(name: "the hidden width", found: 0, allowed: 1...(1 << 14))) {
      try CanonicalJSON.decode(EventSequenceDimensions.self, from: Data(broken.utf8))
    }
    let misspelled = text.replacing("\"auto\"", with: "\"wide\"")
    #expect(throws: DecodingError.self) {
      try CanonicalJSON.decode(EventSequenceDimensions.self, from: Data(misspelled.utf8))
    }
  }
}
