import Benchmarks
import Records
import Spaces
import Store
import Testing

/// Every form of an architecture leads to the same row, and what leads to two says so.
@Suite struct ReverseLookupTests {
  let table: PublishedAtlas
  var benchmark: Benchmark { table.benchmark }

  init() throws { table = try TinyTable.shared() }

  @Test func everyFormOfACell() throws {
    let entry = try TinyTable.entry(.full, benchmark)
    var forms = [entry.canonicalText, entry.id.hex, entry.id.hex.uppercased()]
    forms += (8..<32).map { String(entry.id.hex.prefix($0)) }
    forms += try benchmark.identifiers(of: entry).map { "\($0.name):\($0.value)" }
    #expect(forms.contains("nats:6111"))
    #expect(forms.contains("digits:333132"))
    #expect(forms.contains { $0.hasPrefix("naslib:") })
    for form in forms {
      #expect(try benchmark.architecture(form) == entry, "\(form)")
      #expect(try benchmark.architecture(form, space: "nasbench201") == entry, "\(form)")
    }
    for form in forms where form.utf8.count >= 32 || form.contains(":") {
      #expect(try benchmark.contains(form), "\(form)")
    }
    #expect(entry.id == ArchitectureID(space: "nasbench201", canonicalText: entry.canonicalText))
  }

  @Test func isItThere() throws {
    #expect(try benchmark.contains("nats:9930"))
    #expect(try !benchmark.contains("nats:2"))
    #expect(try !benchmark.contains("nothing"))
    #expect(try !benchmark.contains(String(repeating: "0", count: 32)))
    #expect(
      try failure { try benchmark.contains("nats:2", space: "spikenas") }
        == .unknown(what: "space", found: "spikenas", known: ["nasbench201"]))
  }

  @Test func aPrefixOfNoneOrOfTooFewDigits() throws {
    let entry = try TinyTable.entry(.full, benchmark)
    for text in [String(entry.id.hex.prefix(7)), ""] {
      guard case .unreadableArchitecture = try failure({ try benchmark.architecture(text) }) else {
        Issue.record("\(text)")
        continue
      }
    }
    #expect(
      try failure { try benchmark.architecture("ffffffffffff") }
        == .unknownID(id: "ffffffffffff", atlas: benchmark.atlas.path))
  }

  /// The published numbers of two spaces are both numbers.
  @Test func aFormThatTwoSpacesRead() throws {
    let table = try PublishedAtlas(
      lines: [CardLine.dataset("d"), CardLine.trainingProtocol("p", epochs: 1)]
        + [("nasbench201", "nats:7"), ("nats-sss", "nats:7"), ("nats-sss", "nats:8")].map {
          #"{"run":{"key":{"space":"\#($0.0)","architecture":"\#($0.1)","dataset":"d","protocol":"p","seed":1},"#
            + #""curves":[{"metric":"accuracy","split":"test","values":[1]}]}}"#
        })
    #expect(
      try failure { try table.benchmark.architecture("nats:7") }
        == .ambiguous(what: "space", known: ["nasbench201", "nats-sss"]))
    #expect(try table.benchmark.architecture("nats:7", space: "nats-sss").space == "nats-sss")
    // Only one of the spaces has this one in the table.
    #expect(try table.benchmark.architecture("nats:8").space == "nats-sss")
  }

  @Test func gridsAndTextsOfATableOfItsOwn() throws {
    let text = #"{"depth":3}"#
    let table = try PublishedAtlas(lines: [
      CardLine.dataset("d"), CardLine.trainingProtocol("p", epochs: 1), GridTable.space,
      #"{"space":{"name":"texts","kind":"opaque","title":"Texts"}}"#,
      #"{"run":{"key":{"space":"little","architecture":"rate=0.01,width=64,act=tanh,norm=batch","dataset":"d","#
        + #""protocol":"p","seed":1},"curves":[{"metric":"accuracy","split":"test","values":[1]}]}}"#,
      #"{"run":{"key":{"space":"texts","architecture":"{\"depth\":3}","dataset":"d","protocol":"p","seed":1},"#
        + #""curves":[{"metric":"accuracy","split":"test","values":[1]}]}}"#,
    ])
    #expect(try table.benchmark.architecture("rate=0.01,width=64,act=tanh,norm=batch").space == "little")
    let entry = try table.benchmark.architecture(text)
    #expect(entry.space == "texts")
    #expect(try failure { try table.benchmark.neighbors(of: entry) } == .noNeighbors(space: "texts"))
  }

  /// A published hash cannot be read backwards, but those of the cells that are there are known.
  @Test func hashesOfNASBench101() throws {
    var generator = SeededGenerator(seed: 1)
    let cells = (0..<5).map { _ in NASBench101Space().sample(using: &generator) }
    let table = try PublishedAtlas(
      lines: [CardLine.dataset("d"), CardLine.trainingProtocol("p", epochs: 1)]
        + Set(cells.map(\.canonicalText)).sorted().map {
          #"{"run":{"key":{"space":"nasbench101","architecture":"\#($0)","dataset":"d","protocol":"p","seed":1},"#
            + #""curves":[{"metric":"accuracy","split":"test","values":[1]}]}}"#
        })
    for cell in cells {
      #expect(try table.benchmark.architecture("hash:\(cell.graphHash)").canonicalText == cell.canonicalText)
      #expect(try table.benchmark.contains("hash:\(cell.graphHash)"))
    }
    let unknown = "hash:" + String(repeating: "0", count: 32)
    #expect(try !table.benchmark.contains(unknown))
    guard case .architectureNotInAtlas(unknown, _, _, []) = try failure({ try table.benchmark.architecture(unknown) })
    else { throw NothingThrown() }
  }

  // MARK: Names of settings

  @Test func aProtocolByItsDigest() throws {
    let card = try #require(benchmark.atlas.protocolCards.first { $0.name == "short" })
    for name in ["short", card.digest.hex, card.digest.short, String(card.digest.hex.prefix(20))] {
      let setting = try benchmark.setting(Question(dataset: "cifar10", trainingProtocol: name))
      #expect(setting.protocolName == "short", "\(name)")
    }
  }

  // MARK: Neighbors

  @Test func neighborsThatAreThere() throws {
    let entry = try TinyTable.entry(.full, benchmark)
    let rules = try benchmark.spaces.space("nasbench201")
    let all = try rules.neighbors(of: entry.canonicalText)
    #expect(all.count == 24)
    let there = Set(try TinyTable.Cell.allCases.map { try TinyTable.entry($0, benchmark).canonicalText })
    #expect(try benchmark.neighbors(of: entry).map(\.canonicalText) == all.filter(there.contains))
  }

  /// Distance in this space is the number of edges that differ.
  @Test func theNearestThatAreThere() throws {
    func distance(_ left: String, _ right: String) -> Int {
      zip(left.split(separator: "|"), right.split(separator: "|")).count { $0 != $1 }
    }
    let entry = try TinyTable.entry(.full, benchmark)
    let others = try TinyTable.Cell.allCases.filter { $0 != .full }.map {
      try TinyTable.entry($0, benchmark).canonicalText
    }
    for count in [0, 1, 3, 5, 100] {
      let found = try benchmark.nearest(to: entry.canonicalText, space: "nasbench201", count: count)
      #expect(found.count == min(count, others.count))
      let distances = found.map { distance($0.canonicalText, entry.canonicalText) }
      #expect(distances == Array(others.map { distance($0, entry.canonicalText) }.sorted().prefix(count)))
      #expect(Set(found.map(\.canonicalText)).count == found.count)
    }
  }
}
