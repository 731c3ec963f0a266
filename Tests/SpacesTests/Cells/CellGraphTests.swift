import Records
import Spaces
import Testing

@Suite struct CellGraphTests {
  @Test func edgesBecomeVerticesAndSkipsLeadOn() throws {
    let space = NASBench201Space()
    // 0→1 3x3, 0→2 none, 1→2 skip, 0→3 skip, 1→3 none, 2→3 pooling: 3x3 then pooling, and a bare way.
    let cell = try space.parse(
      "|nor_conv_3x3~0|+|none~0|skip_connect~1|+|skip_connect~0|none~1|avg_pool_3x3~2|")
    let graph = space.graph(of: cell)
    #expect(graph.labels == [0, 5, 6, 1])
    #expect(graph.edges == [.init(0, 1), .init(0, 3), .init(1, 2), .init(2, 3)])
    let numbers = space.graph(of: cell).numbers(vertices: 4)
    #expect(numbers == [4, 0, 5, 6, 1, 1, 0, 1, 1, 0, 1])
    #expect(try space.byText.encode(space.canonicalText(cell), as: "graph").count == 37)
  }

  @Test func whatNoDataPassesIsNoVertex() throws {
    let space = NASBench201Space()
    let dead = try space.parse(
      "|nor_conv_3x3~0|+|nor_conv_1x1~0|none~1|+|none~0|none~1|none~2|")
    #expect(space.graph(of: dead).labels == [0, 1])
    #expect(space.graph(of: dead).edges.isEmpty)
    #expect(space.graph(of: dead).numbers(vertices: 3) == [2, 0, 1, -1, 0, 0, 0])
  }

  @Test func everyCellOfFourNodesHasTheOperationsThatAreLive() throws {
    let space = NASBench201Space()
    for index in 0..<space.architectureCount {
      let cell = try #require(space.architecture(at: index))
      let graph = space.graph(of: cell)
      // Skips are index 1 among the operations.
      let live = space.liveOperations(of: cell).filter { $0 != 1 }.map { $0 + 2 }
      #expect(graph.labels.dropFirst().dropLast().sorted() == live.sorted())
      #expect(graph.edges.allSatisfy { $0.source < $0.target })
    }
  }

  @Test func treesEndAtTheirLeavesAndCellsOf101StayAsTheyAre() throws {
    let trees = NASBenchGraphSpace()
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<200 {
      let tree = trees.sample(using: &generator)
      let graph = trees.graph(of: tree)
      let skips = tree.operations.count { $0 == .skip }
      #expect(graph.labels.count == 6 - skips)
      #expect(try trees.byText.encode(trees.canonicalText(tree), as: "graph").count == 22)
    }
    let cells = NASBench101Space()
    for _ in 0..<100 {
      let cell = cells.sample(using: &generator)
      let graph = cells.graph(of: cell)
      #expect(graph.labels.count == cell.vertexCount && graph.edges.count == cell.edgeCount)
      #expect(graph.edges.allSatisfy { cell.hasEdge(from: $0.source, to: $0.target) })
    }
  }
}
