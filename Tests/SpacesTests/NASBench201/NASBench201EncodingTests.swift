import Spaces
import Testing

@Suite struct NASBench201EncodingTests {
  static let space = NASBench201Space()

  static func ones(_ slots: [UInt8]) -> [Int] { slots.indices.filter { slots[$0] == 1 } }

  @Test func oneCell() throws {
    // 0→1 3×3, 0→2 3×3, 1→2 3×3, 0→3 skip, 1→3 3×3, 2→3 1×1.
    let cell = try Self.space.parse("digits:333132")
    #expect(Self.space.categoricalEncoding(of: cell) == [3, 3, 3, 1, 3, 2])
    #expect(Self.ones(Self.space.encode(cell)) == [3, 8, 13, 16, 23, 27])
    // Paths 1; 3·3; 3·2; 3·3·2: 1; 5 + 15 + 3 and 5 + 15 + 2; 30 + 75 + 15 + 2.
    #expect(Self.ones(Self.space.pathEncoding(of: cell)) == [1, 22, 23, 122])
    // NASLib's operations 2, 2, 0, 2, 2, 3 on [3], [0, 4], [1, 5], [0, 2, 5], the first the least significant.
    #expect(Self.ones(Self.space.naslibPathEncoding(of: cell)) == [2, 17, 22, 107])
    #expect(
      Self.space.sequenceEncoding(of: cell) == [
        2, 5, 2, 1, 5, 2, 1, 1, 3, 1, 2, 1, 1, 5, 1, 2, 1, 1, 1, 5, 1, 1, 2, 1, 2, 1, 6, 1, 1, 1, 2, 1, 2, 2, 8,
      ])
  }

  /// Each encoding has its length and its values, and tells all cells apart.
  @Test func everyCell() {
    var encodings: [String: Set<[UInt8]>] = [:]
    for cell in Self.space.allArchitectures {
      let path = Self.space.pathEncoding(of: cell)
      let naslibPath = Self.space.naslibPathEncoding(of: cell)
      let sequence = Self.space.sequenceEncoding(of: cell)
      guard path.count == 155, naslibPath.count == 155, (3...4).contains(Self.ones(path).count), sequence.count == 35,
        sequence.allSatisfy({ (1...8).contains($0) }), Self.space.livePathCounts(of: cell).count == 40
      else {
        Issue.record("the encodings of \(cell)")
        return
      }
      encodings["path", default: []].insert(path)
      encodings["naslib", default: []].insert(naslibPath)
      encodings["sequence", default: []].insert(sequence)
      encodings["categorical", default: []].insert(Self.space.categoricalEncoding(of: cell))
    }
    let counts = encodings.mapValues(\.count)
    #expect(counts == ["path": 15_625, "naslib": 15_625, "sequence": 15_625, "categorical": 15_625])
  }
}
