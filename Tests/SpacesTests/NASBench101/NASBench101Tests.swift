import Records
import Spaces
import TestSupport
import Testing

@Suite struct NASBench101Tests {
  static let space = NASBench101Space()

  /// Two chains and two cells of seven vertices; hashes by an independent program.
  static let known: [(text: String, hash: String)] = [
    ("v2:1", "043721b9c7fe8c5fad811d47d83132ec"),
    ("v3:1/2:conv3x3", "b49ac8c578b4561d79ac7087988f1c61"),
    (
      "matrix:0110010000100000001000000001000000100000010000000:"
        + "input,conv3x3-bn-relu,conv1x1-bn-relu,maxpool3x3,conv3x3-bn-relu,conv1x1-bn-relu,output",
      "08c208c36f4974abf4a0eabf6ecdad4b"
    ),
    (
      "matrix:0111010000000100000010000100000000100000010000000:conv1x1,conv3x3,conv3x3,conv3x3,maxpool",
      "28cfc7874f6d200472e1a9dcd8650aa0"
    ),
  ]

  @Test func conforms() {
    let options = SpaceCheckOptions(samples: 150, neighborhoods: 12, choicesHaveOwnSlots: false)
    #expect(checkSpace(Self.space, options) == [])
  }

  @Test func smallCellsHaveSymmetricNeighborhoods() {
    let cells = Self.space.architectures(maximumVertices: 4)
    for cell in cells {
      let neighbors = Self.space.neighbors(of: cell)
      #expect(!neighbors.contains(cell) && Set(neighbors).count == neighbors.count)
      for neighbor in neighbors where neighbor.vertexCount <= 4 {
        #expect(Self.space.neighbors(of: neighbor).contains(cell), "\(cell) and \(neighbor)")
      }
    }
  }

  @Test func neighborsOfTheSmallestCell() {
    let cell = NASBench101Cell.smallest
    let texts = Self.space.neighbors(of: cell).map(\.canonicalText)
    #expect(texts == ["v3:1.2/2:conv3x3", "v3:1.2/2:conv1x1", "v3:1.2/2:maxpool"])
  }

  @Test(arguments: known)
  func hashes(text: String, hash: String) throws {
    #expect(try NASBench101Cell(text: text).graphHash == hash)
  }

  @Test func canonicalTexts() throws {
    let texts = try Self.known.map { try NASBench101Cell(text: $0.text).canonicalText }
    #expect(texts.prefix(2) == ["v2:1", "v3:1/2:conv3x3"])
    for text in texts { #expect(try NASBench101Cell(text: text).canonicalText == text) }
  }

  /// Every numbering of the vertices that follows the edges gives the same cell.
  @Test func relabelledCellsAreEqual() throws {
    var generator = SeededGenerator(seed: 101)
    for _ in 0..<300 {
      let cell = Self.space.sample(using: &generator)
      let count = cell.vertexCount
      var order = Array(1..<(count - 1))
      generator.shuffle(&order)
      // Sorting by the longest path from the input, ties shuffled, follows the edges.
      var depth = [Int](repeating: 0, count: count)
      for target in 1..<count {
        for source in 0..<target where cell.hasEdge(from: source, to: target) {
          depth[target] = max(depth[target], depth[source] + 1)
        }
      }
      let vertices =
        [0]
        + order.enumerated().sorted { (depth[$0.element], $0.offset) < (depth[$1.element], $1.offset) }
        .map(\.element) + [count - 1]
      let matrix = vertices.map { source in vertices.map { cell.hasEdge(from: source, to: $0) } }
      let operations = vertices[1..<(count - 1)].map { cell.operations[$0 - 1] }
      #expect(try NASBench101Cell(matrix: matrix, operations: operations) == cell)
    }
  }

  @Test func pruningIsAsPublished() throws {
    // 1 has no way to the output, 3 none from the input.
    let rows = ["01100", "00000", "00001", "00001", "00000"]
    let matrix = rows.map { $0.map { $0 == "1" } }
    let cell = try NASBench101Cell(matrix: matrix, operations: [.convolution3x3, .convolution1x1, .maximumPooling3x3])
    #expect(cell.canonicalText == "v3:1/2:conv1x1")
    // Ten edges, two of which go.
    let many = "matrix:0111110001000100010000001000000100000010000000"
    #expect(throws: SpacesError.self) { try NASBench101Cell(text: many) }
  }

  @Test func textsThatAreNoCells() throws {
    let full =
      "matrix:" + (0..<7).map { row in (0..<7).map { $0 > row ? "1" : "0" }.joined() }.joined()
      + ":conv3x3,conv3x3,conv3x3,conv3x3,conv3x3"
    let cases: [(String, String)] = [
      ("", "spaces.text"), ("v2", "spaces.text"), ("v8:1", "spaces.text"), ("v2:1:", "spaces.text"),
      ("v3:1/2", "spaces.text"), ("v3:1/2:conv5x5", "spaces.text"), ("v3:1.1/2:conv3x3", "spaces.text"),
      ("v3:2/1:conv3x3", "spaces.text"), ("v3:1:conv3x3", "spaces.text"), ("v3:1/02:conv3x3", "spaces.text"),
      ("v3:1/2:conv3x3:", "spaces.text"), ("matrix:010:", "spaces.text"), ("matrix:0102", "spaces.text"),
      ("matrix:0100:conv3x3", "spaces.text"), ("matrix:0010", "spaces.cell_edge"),
      ("matrix:1100", "spaces.cell_edge"), ("matrix:0000", "spaces.cell_without_path"), (full, "spaces.cell_size"),
      ("hash:12", "spaces.unknown_identifier"),
      ("hash:043721b9c7fe8c5fad811d47d83132ec", "spaces.hash_needs_table"),
      (String(repeating: "v", count: 600), "spaces.text_length"), ("v2:1é", "spaces.text"),
    ]
    for (text, code) in cases {
      let error = try spaceRefusal { _ = try Self.space.parse(text) }
      #expect(error?.code == code, "\(text)")
    }
  }

  @Test func matrixErrors() {
    let edge = [[false, true], [false, false]]
    for (matrix, operations) in [
      ([], []), ([[true]], []), ([[false, true], [false]], []),
      (edge, [NASBench101Operation.convolution3x3]),
      (Array(repeating: Array(repeating: false, count: 8), count: 8), []),
    ] as [([[Bool]], [NASBench101Operation])] {
      let error = #expect(throws: CellError.self) { try NASBench101Cell(matrix: matrix, operations: operations) }
      #expect(error?.code == "spaces.cell_size")
    }
  }

  @Test func pathsAndEncodings() throws {
    let cell = try NASBench101Cell(text: "v5:1.2.4/3/3/4:conv3x3,maxpool,conv1x1")
    let paths = Self.space.livePaths(of: cell)
    #expect(Set(paths.map(\.operations)) == [[0, 1], [2, 1], []])
    #expect(paths.count == 3 && paths.allSatisfy { $0.skips == 0 })
    #expect(Self.space.liveOperations(of: cell).sorted() == [0, 1, 2])
    let slots = Self.space.pathEncoding(of: cell)
    #expect(slots.indices.filter { slots[$0] == 1 } == [0, 1 + 3 * 2, 3 + 3 * 2])
    #expect(slots.count == 364)
    let categorical = Self.space.categoricalEncoding(of: cell)
    #expect(categorical.count == 26 && categorical.suffix(2) == [-1, -1])
    #expect(categorical.prefix(21).reduce(0, +) == 6)
  }
}

extension NASBench101Cell {
  /// Input and output joined by an edge.
  static var smallest: NASBench101Cell {
    guard let cell = try? NASBench101Cell(matrix: [[false, true], [false, false]], operations: []) else {
      fatalError("the smallest cell is one")
    }
    return cell
  }
}
