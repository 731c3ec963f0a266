import Foundation
import Records
import Spaces
import TestSupport
import Testing

@Suite struct NASBenchGraphTests {
  static let space = NASBenchGraphSpace()

  @Test func conforms() {
    let options = SpaceCheckOptions(samples: 150, neighborhoods: 8, choicesHaveOwnSlots: false)
    #expect(checkSpace(Self.space, options) == [])
  }

  /// Of every form of every cell the package makes the same key: 157,440 numbers by
  /// `tools/golden/nas_bench_graph_hashes.py`, as one digest.
  @Test func everyFormHasThePublishedHash() throws {
    var keys: [String] = []
    for shape in 0..<24 {
      for form in 0..<6_561 {
        let operations = [729, 81, 9, 1].compactMap { NASBenchGraphOperation(rawValue: form / $0 % 9) }
        guard operations.contains(where: { $0 != .skip }) else { continue }
        let cell = try NASBenchGraphCell(link: [0, shape / 12, shape / 4 % 3, shape % 4], operations: operations)
        keys.append("\(cell.publishedHash)")
      }
    }
    #expect(keys.count == 157_440)
    #expect(
      Digest256(of: keys.joined(separator: "\n")).hex
        == "0d0ebaaa218bf7b15554f0bd9f6ceac3f44831b6b107d3c828edee5a74fda9ce")
  }

  @Test func theSpaceHas26206Cells() throws {
    let cells = Self.space.architectures
    #expect(cells.count == 26_206 && UInt64(cells.count) == Self.space.architectureCount)
    #expect(Set(cells).count == cells.count)
    #expect(cells.map(\.publishedHash) == cells.map(\.publishedHash).sorted())
    for cell in cells {
      #expect(NASBenchGraphCell(publishedHash: cell.publishedHash) == cell)
      #expect(try NASBenchGraphCell(link: cell.link, operations: cell.operations) == cell)
      #expect(try Self.space.parse(cell.canonicalText) == cell)
    }
    #expect((-1...90_000).count { NASBenchGraphCell(publishedHash: $0) != nil } == 26_206)
  }

  @Test(
    .enabled(
      if: ProcessInfo.processInfo.environment["NASATLAS_NAS_BENCH_GRAPH_KEYS"] != nil,
      "set NASATLAS_NAS_BENCH_GRAPH_KEYS to a file of the keys of a published table, one a line"))
  func theKeysOfAPublishedTable() throws {
    let path = try #require(ProcessInfo.processInfo.environment["NASATLAS_NAS_BENCH_GRAPH_KEYS"])
    let keys = try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isWhitespace).map { Int($0) }
    #expect(Set(keys) == Set(Self.space.architectures.map(\.publishedHash)))
  }

  @Test func hashesGiveTheirCellsBack() throws {
    #expect(try Self.space.parse("hash:41234").canonicalText == "0,0,1,3:gcn,gin,cheb,sage")
    #expect(try Self.space.parse(" HASH:1111\n").canonicalText == "0,0,0,0:gcn,gcn,gcn,gcn")
    #expect(try Self.space.parse("0,0,1,3:GCN,gin,cheb,sage").publishedHash == 41_234)
  }

  @Test func equivalentFormsAreEqual() throws {
    // Numbered otherwise; a skip within a chain; a bare skip beside other leaves.
    #expect(try Self.space.parse("0,0,2,0:gcn,gat,fc,gin") == Self.space.parse("0,0,0,1:gat,gcn,gin,fc"))
    #expect(try Self.space.parse("0,1,2,3:gcn,skip,gat,fc").canonicalText == "0,1,2,3:skip,gcn,gat,fc")
    #expect(try Self.space.parse("0,0,1,2:skip,gcn,gat,fc") == Self.space.parse("0,1,1,3:skip,gat,gcn,fc"))
    #expect(try Self.space.parse("0,1,1,1:gcn,skip,gat,fc").operations.first == .gcn)
  }

  @Test func textsThatAreNoCells() throws {
    let cases: [(String, String)] = [
      ("", "spaces.text"), ("0,0,0,0", "spaces.text"), ("0,0,0:gcn,gcn,gcn,gcn", "spaces.text"),
      ("0,0,0,0:gcn,gcn,gcn", "spaces.text"), ("0,0,0,0:gcn,gcn,gcn,lstm", "spaces.text"),
      ("0,2,0,0:gcn,gcn,gcn,gcn", "spaces.text"), ("0,-1,0,0:gcn,gcn,gcn,gcn", "spaces.text"),
      ("0,0,0,0:skip,skip,skip,skip", "spaces.cell_of_skips"),
      ("hash:x", "spaces.text"), ("hash:90000", "spaces.text"), ("hash:8888", "spaces.unknown_identifier"),
      ("hash:4321", "spaces.unknown_identifier"), (String(repeating: "0", count: 200), "spaces.text_length"),
    ]
    for (text, code) in cases {
      let error = try spaceRefusal { _ = try Self.space.parse(text) }
      #expect(error?.code == code, "\(text)")
    }
    #expect(throws: CellError.self) { try NASBenchGraphCell(link: [0, 0, 0], operations: [.gcn]) }
    #expect(throws: CellError.self) {
      try NASBenchGraphCell(link: [0, 0, 3, 0], operations: [.gcn, .gcn, .gcn, .gcn])
    }
  }

  @Test func pathsLeadToLeaves() throws {
    let cell = try Self.space.parse("0,0,1,3:gcn,gin,skip,fc")
    #expect(cell.canonicalText == "0,1,1,2:skip,gcn,gin,fc")
    let paths = Self.space.livePaths(of: cell)
    #expect(paths.map { path in path.operations.map { Self.space.operations[$0].name } } == [["gin"], ["gcn", "fc"]])
    #expect(paths.map(\.skips) == [1, 1])
    #expect(Self.space.liveOperations(of: cell).count == 4)
    #expect(Self.space.categoricalEncoding(of: cell).count == 7)
  }
}
