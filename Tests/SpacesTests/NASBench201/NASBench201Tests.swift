import Foundation
import Records
import Spaces
import Testing

@Suite struct NASBench201Tests {
  static let space = NASBench201Space()

  @Test func everyFormNamesTheSameCell() throws {
    // 333132: 0→1 3×3, 0→2 3×3, 1→2 3×3, 0→3 skip, 1→3 3×3, 2→3 1×1.
    let text = "|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|nor_conv_1x1~2|"
    let cell = try Self.space.parse(text)
    for form in ["digits:333132", "nats:6111", "naslib:2,2,0,2,2,3", " NATS:6111\n", text.uppercased()] {
      #expect(try Self.space.parse(form) == cell, "\(form)")
    }
    #expect(
      Self.space.identifiers(of: cell).map(\.description) == ["digits:333132", "nats:6111", "naslib:2,2,0,2,2,3"])
    #expect(try FourNodeCell(operations: cell.operations) == cell)
    #expect(cell.operations.map(\.name).first == "nor_conv_3x3")
  }

  @Test(arguments: [
    ("digits:33313", "six digits 0 to 4 (none, skip, 1x1, 3x3, pool)"),
    ("digits:333135", "six digits 0 to 4 (none, skip, 1x1, 3x3, pool)"),
    ("nats:15625", "0 to 15624"), ("nats:-1", "0 to 15624"), ("nats:+1", "0 to 15624"), ("nats:01", "0 to 15624"),
    ("nats:", "0 to 15624"), ("nats:99999999999999999999", "0 to 15624"),
    ("naslib:0,1,2,3,4", "six numbers 0 to 4 between commas (identity, zero, 3x3, 1x1, pool)"),
    ("naslib:0,1,2,3,4,5", "six numbers 0 to 4 between commas (identity, zero, 3x3, 1x1, pool)"),
    ("naslib:0,1,2,3,4,", "six numbers 0 to 4 between commas (identity, zero, 3x3, 1x1, pool)"),
  ])
  func brokenIdentifiersAreRefused(text: String, allowed: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    #expect(throws: SpacesError.identifier(form: parts[0], found: parts[1], allowed: allowed)) {
      try Self.space.parse(text)
    }
  }

  @Test(arguments: ["", "333132", "6111", "hash:12", "id:4", "none"])
  func otherFormsAreRefused(text: String) {
    let allowed = ["|op~0|+|op~0|op~1|+|op~0|op~1|op~2|", "digits:333132", "nats:6111", "naslib:2,2,0,2,2,3"]
    #expect(throws: SpacesError.form(space: "nasbench201", found: text, allowed: allowed)) {
      try Self.space.parse(text)
    }
  }

  @Test func brokenTextsSayWhere() {
    func refusal(_ text: String) -> SpacesError? {
      #expect(throws: SpacesError.self) { try Self.space.parse(text) }
    }
    let names = ["none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"]
    func at(_ edge: String, _ column: Int, _ found: String, _ allowed: [String]) -> SpacesError {
      .text(section: edge, column: column, found: found, allowed: allowed, suggestion: nil)
    }
    #expect(refusal("|conv~0|+|none~0|none~1|+|none~0|none~1|none~2|") == at("edge 0 to 1", 2, "conv", names))
    #expect(refusal("|none~1|+|none~0|none~1|+|none~0|none~1|none~2|") == at("edge 0 to 1", 6, "~1|", ["~0|"]))
    #expect(refusal("|none~0||none~0|none~1|+|none~0|none~1|none~2|") == at("edge 0 to 2", 9, "|n", ["+|"]))
    #expect(refusal("|none~0|+|none~0|none~1|") == at("edge 0 to 3", 25, "", ["+|"]))
    #expect(
      refusal("|none~0|+|none~0|none~1|+|none~0|none~1|none~2|+") == at("end", 48, "+", ["nothing"]))
    #expect(refusal("|nöne~0|") != nil)
    #expect(refusal(String(repeating: "|", count: 257)) == .textLength(found: 257, maximum: 256))
  }

  @Test func neighborsDifferOnOneEdge() throws {
    let cell = try Self.space.parse("digits:012340")
    let neighbors = Self.space.neighbors(of: cell)
    #expect(neighbors.count == 24)
    for neighbor in neighbors {
      #expect(zip(neighbor.operations, cell.operations).filter { $0 != $1 }.count == 1)
    }
  }

  @Test func aCellHasSixOperations() {
    #expect(throws: SpacesError.vectorLength(found: 5, allowed: [6], unit: "operations")) {
      try FourNodeCell<NASBench201Operation>(operations: Array(NASBench201Operation.allCases))
    }
  }

  @Test func classesAreTheUniqueStrings() throws {
    let all = Array(Self.space.allArchitectures)
    let strings = Dictionary(grouping: all, by: Self.space.uniqueString(of:))
    #expect(strings.count == 6_466)
    #expect(Set(all.map(Self.space.isomorphismClass(of:))).count == 6_466)
    for members in strings.values {
      let smallest = try #require(members.min { Self.space.index(of: $0) < Self.space.index(of: $1) })
      guard members.allSatisfy({ Self.space.isomorphismClass(of: $0) == smallest }) else {
        Issue.record("the class of \(smallest) has two representatives")
        continue
      }
    }
    // A published row: skips vanish, dead terms stay.
    let cell = try Self.space.parse("|avg_pool_3x3~0|+|skip_connect~0|none~1|+|none~0|none~1|skip_connect~2|")
    #expect(Self.space.uniqueString(of: cell) == "#+#+#+0")
  }

  @Test func theNATSOrderIsAPermutation() {
    let cells = (0..<15_625).compactMap { Self.space.architecture(natsIndex: $0) }
    #expect(Set(cells).count == 15_625)
    #expect(cells.enumerated().allSatisfy { Self.space.natsIndex(of: $1) == $0 })
    #expect(Self.space.architecture(natsIndex: -1) == nil)
    #expect(Self.space.architecture(natsIndex: 15_625) == nil)
  }
}

/// Against the published lists of cells and classes, where they are beside the project.
@Suite struct NASBench201PublishedTests {
  static let meta = "data/benchmarks/nb201-isomorphs/meta.json.gz"
  static let classes = "data/benchmarks/nb201-isomorphs/isomorph.json.gz"
  static let means = "data/benchmarks/nb201-200ep/nats_bench.csv.gz"
  let space = NASBench201Space()

  struct Meta: Decodable {
    struct Cell: Decodable {
      let text: String
      enum CodingKeys: String, CodingKey { case text = "nb201-string" }
    }
    let ids: [String: Cell]
  }

  @Test(.enabled(if: SharedData.has(meta), SharedData.lack(meta)))
  func everyNATSIndexIsThePublishedOne() throws {
    let meta = try JSONDecoder().decode(Meta.self, from: SharedData.unpacked(Self.meta, by: "gzip"))
    #expect(meta.ids.count == 15_625)
    let wrong = meta.ids.filter { space.architecture(natsIndex: Int($0) ?? -1).map(space.canonicalText) != $1.text }
    #expect(wrong.isEmpty)
  }

  @Test(.enabled(if: SharedData.has(classes), SharedData.lack(classes)))
  func theClassesAreThePublishedOnes() throws {
    let bytes = try SharedData.unpacked(Self.classes, by: "gzip")
    let published = try JSONDecoder().decode([String: [String]].self, from: bytes)
    #expect(published.count == 6_466)
    let theirs = try Set(published.values.map { Set(try $0.map(space.parse)) })
    let ours = Set(Dictionary(grouping: space.allArchitectures, by: space.isomorphismClass(of:)).values.map(Set.init))
    #expect(theirs == ours)
  }

  /// Column 5 is the published unique string, rows stand in the NATS order.
  @Test(.enabled(if: SharedData.has(means), SharedData.lack(means)))
  func everyUniqueStringIsThePublishedOne() throws {
    let csv = String(decoding: try SharedData.unpacked(Self.means, by: "gzip"), as: UTF8.self)
    let rows = csv.split(whereSeparator: \.isNewline).dropFirst()
    #expect(rows.count == 15_625)
    for (index, row) in rows.enumerated() {
      let columns = row.split(separator: ",")
      guard columns.count == 5, let cell = space.architecture(natsIndex: index),
        columns[3] == space.canonicalText(cell), columns[4] == space.uniqueString(of: cell)
      else {
        Issue.record("row \(index) differs")
        return
      }
    }
  }
}
