import Records
import Spaces
import Testing

@Suite struct DiagramTests {
  @Test(arguments: ["nasbench201", "spikenas", "nasbench101", "nas-bench-graph", "nats-sss", "seqnas"])
  func everyArchitectureIsDrawnFromInputToOutput(name: String) throws {
    let space = try SpaceCatalogue().space(name)
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<50 {
      let text = try space.sample(using: &generator)
      let diagram = try #require(try space.diagram(of: text), "\(text)")
      let last = diagram.boxes.count - 1
      #expect(diagram.boxes[0].kind == .input && diagram.boxes[last].kind == .output, "\(text)")
      for arrow in diagram.arrows {
        #expect(arrow.source < arrow.target && diagram.boxes.indices.contains(arrow.target), "\(text)")
      }
      #expect(Set(diagram.arrows.map(\.target)) == Set(1...last), "\(text): every box is reached")
    }
  }

  @Test func operationsOfACellAreOnItsArrows() throws {
    let cell = "|nor_conv_3x3~0|+|none~0|skip_connect~1|+|avg_pool_3x3~0|none~1|none~2|"
    let diagram = try #require(try NASBench201Space().byText.diagram(of: cell))
    #expect(diagram.arrows.map(\.label) == ["nor_conv_3x3", "none", "skip_connect", "avg_pool_3x3", "none", "none"])
    #expect(diagram.arrows.map(\.isLive) == [true, false, true, true, false, false])
    #expect(diagram.arrows.map { [$0.source, $0.target] } == [[0, 1], [0, 2], [1, 2], [0, 3], [1, 3], [2, 3]])
  }

  @Test func whatAnEncoderLayerDoesSideBySideStandsSideBySide() throws {
    let architecture = try EventSequenceArchitecture(
      stem: nil, timeEncoding: true,
      encoder: [.init(operations: .attentionGRUConvolution, attentionHeads: 4)], decoder: [],
      head: .init(spatialDropout: false, pooling: .mixed))
    let diagram = try #require(try EventSequenceByText().diagram(of: architecture.canonicalText))
    #expect(
      diagram.boxes.map(\.label) == [
        "events", "time encoding", "attention, 4 heads", "GRU", "convolution", "encoder 1", "mixed pooling", "classes",
      ])
    #expect(diagram.arrows.filter { $0.target == 5 }.map(\.source) == [2, 3, 4])
  }

  @Test func spacesWithoutRulesAreNotDrawn() throws {
    let grid = try SpaceDefinition.grid(
      GridDefinition(name: "two", parameters: [.init(name: "a", kind: .ordinal, values: [.integer(1), .integer(2)])])
    ).makeSpace()
    #expect(try grid.diagram(of: "a=1") == nil)
  }
}
