import Foundation
import Spaces
import Testing

/// The published numbers of cells, and the matrices behind published rows.
@Suite struct NASBench101EnumerationTests {
  @Test(arguments: [(2, 1), (3, 7), (4, 91), (5, 2_532)])
  func counts(vertices: Int, cells: Int) {
    let table = NASBench101HashTable(maximumVertices: vertices)
    #expect(table.count == cells)
    #expect(table.distinctHashCount == cells)
  }

  /// Against an enumeration that knows nothing of canonical codes: all matrices of up to four vertices.
  @Test func smallCellsAreThoseOfAllMatrices() throws {
    var cells: Set<NASBench101Cell> = []
    var hashes: Set<String> = []
    for count in 2...4 {
      let pairs = (0..<count).flatMap { source in ((source + 1)..<count).map { (source, $0) } }
      for bits in 0..<(1 << pairs.count) {
        var matrix = [[Bool]](repeating: [Bool](repeating: false, count: count), count: count)
        for (index, (source, target)) in pairs.enumerated() { matrix[source][target] = bits >> index & 1 == 1 }
        for labels in 0..<[1, 3, 9][count - 2] {
          let operations = (0..<(count - 2)).map { index in
            NASBench101Operation.allCases[labels / (index == 0 ? 1 : 3) % 3]
          }
          guard let cell = try? NASBench101Cell(matrix: matrix, operations: operations) else { continue }
          cells.insert(cell)
          hashes.insert(cell.graphHash)
        }
      }
    }
    #expect(cells == Set(NASBench101Space().architectures(maximumVertices: 4)))
    #expect(hashes.count == cells.count)
  }

  @Test func hashesAreReadWithATable() throws {
    let space = NASBench101Space(hashTable: NASBench101HashTable(maximumVertices: 3))
    let cell = try NASBench101Cell(text: "v3:1/2:conv3x3")
    #expect(try space.parse("hash:\(cell.graphHash)") == cell)
    #expect(try space.parse(" HASH:\(cell.graphHash.uppercased())\n") == cell)
    let error = #expect(throws: SpacesError.self) { try space.parse("hash:" + String(repeating: "0", count: 32)) }
    #expect(error?.code == "spaces.unknown_identifier")
  }

  /// All 423,624 cells: counts by vertices and distinct hashes, and every row of the published sample has its cell.
  @Test(.enabled(if: TestResources.runsSlowTests, "set NASATLAS_SLOW=1 to enumerate all 423,624 cells"))
  func wholeSpace() throws {
    let clock = ContinuousClock()
    var table: NASBench101HashTable?
    let time = clock.measure { table = NASBench101HashTable() }
    let whole = try #require(table)
    print("NAS-Bench-101: \(whole.count) cells with their hashes in \(time)")
    #expect(whole.count == 423_624)
    #expect(whole.distinctHashCount == 423_624)
    #expect(time < .seconds(300))
    for file in [TestResources.sharedFile("data/benchmarks/nb101-sample/data-20k.json")].compactMap({ $0 }) {
      let sample = try JSONDecoder().decode(Sample.self, from: Data(contentsOf: file))
      #expect(sample.key.count == 20_001)
      let missing = sample.key.filter { whole.cell(forHash: $0)?.graphHash != $0 }
      #expect(missing == [])
    }
  }

  /// The neighborhoods of all cells join them into one piece.
  @Test(.enabled(if: TestResources.runsSlowTests, "set NASATLAS_SLOW=1 to walk all neighborhoods"))
  func neighborhoodsConnectTheSpace() {
    let space = NASBench101Space()
    let cells = space.architectures()
    var seen: Set<NASBench101Cell> = [.smallest]
    var frontier: [NASBench101Cell] = [.smallest]
    while let cell = frontier.popLast() {
      for neighbor in space.neighbors(of: cell) where seen.insert(neighbor).inserted { frontier.append(neighbor) }
    }
    #expect(seen == Set(cells))
  }

  private struct Sample: Decodable {
    let key: [String]
  }
}
