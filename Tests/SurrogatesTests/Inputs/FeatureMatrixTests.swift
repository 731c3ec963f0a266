import Spaces
import Surrogates
import Testing

@Suite struct FeatureMatrixTests {
  private func twoBlocks() throws -> FeatureMatrix {
    try FeatureMatrix(
      blocks: [.init(name: "slots", width: 2), .init(name: "summary", width: 1)], count: 2, values: [1, 2, 3, 4, 5, 6])
  }

  @Test func blocksAreChosenByName() throws {
    let both = try twoBlocks()
    #expect(try both.selecting([.summary]).values == [3, 6])
    #expect(try both.selecting([.summary, .slots]).values == [3, 1, 2, 6, 4, 5])
    #expect(both.rows([1, 1]).values == [4, 5, 6, 4, 5, 6])
    #expect(throws: SurrogatesError.noEncoding(wanted: "graph", known: ["slots", "summary"])) {
      try both.selecting([.graph])
    }
  }

  @Test func numbersThatDoNotFitAreRefused() throws {
    #expect(throws: SurrogatesError.self) {
      try FeatureMatrix(blocks: [.init(name: "slots", width: 2)], count: 2, values: [1, 2, 3])
    }
    #expect(throws: SurrogatesError.self) { try FeatureMatrix("slots", rows: [[1, 2], [3]]) }
    let both = try twoBlocks()
    #expect(throws: SurrogatesError.self) { try both.appending(both.selecting([.slots])) }
    #expect(throws: SurrogatesError.self) { try TrainingSet(both, [1]) }
    #expect(throws: SurrogatesError.badValue(row: 1, value: .infinity)) { try TrainingSet(both, [1, .infinity]) }
  }

  @Test func aSpaceMakesChoicesConcrete() throws {
    let cells = NASBench201Space().byText
    #expect(try EncodingChoice.slots.encoding(of: cells) == "adjacency")
    #expect(try EncodingChoice.summary.encoding(of: cells) == "flow-summary")
    #expect(try EncodingChoice.paths.encoding(of: cells) == "live-path-counts")
    #expect(try EncodingChoice("path").encoding(of: cells) == "path")
    #expect(try EncodingChoice("measurement:synflow").encoding(of: cells) == nil)
    #expect(throws: SurrogatesError.self) { try EncodingChoice("colour").encoding(of: cells) }
  }

  @Test func architecturesBecomeRows() throws {
    let cells = NASBench201Space().byText
    let text = try cells.canonicalText(of: "nats:6111")
    let encoder = try ArchitectureEncoder(
      cells, [.summary, .measurement("synflow"), .slots], measured: { _, other in other == text ? 7 : nil })
    let features = try encoder.features(of: [text, cells.canonicalText(of: "nats:0")])
    #expect(features.blocks.map(\.width) == [30, 1, 30])
    #expect(features.row(0)[30] == 7)
    #expect(features.row(1)[features.width + 30].isNaN)
    #expect(Array(features.row(0).prefix(30)) == (try cells.encode(text, as: "flow-summary")))
  }
}
