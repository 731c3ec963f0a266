import Benchmarks
import Records
import Spaces
import Store
import Testing

/// `place:N` names a place, and a bare integer names nothing where a published table numbers architectures.
@Suite struct PlaceTests {
  let benchmark: Benchmark

  init() throws { benchmark = try TinyTable.shared().benchmark }

  @Test func everyPlace() throws {
    let count = try benchmark.atlas.architectureCount()
    for place in 0..<count {
      for text in ["place:\(place)", "PLACE:\(place)", " place:\(place)\n"] {
        let entry = try benchmark.architecture(text)
        #expect(entry.row == place + 1)
        #expect(try benchmark.spelling(of: text).canonicalText == entry.canonicalText)
        #expect(try benchmark.contains(text))
      }
      #expect(try benchmark.architecture("place:\(place)", space: "nasbench201").row == place + 1)
    }
    for text in ["\(count)", "-1", "+1", "01", "1.0", "", "x", "99999999999999999999"] {
      let expected = BenchmarkError.unknownPlace(
        place: text, index: nil, places: 0..<count, atlas: benchmark.atlas.path)
      #expect(try failure { try benchmark.architecture("place:\(text)") } == expected)
      #expect(try failure { try benchmark.spelling(of: "place:\(text)") } == expected)
      #expect(try !benchmark.contains("place:\(text)"))
    }
    #expect(
      try failure { try benchmark.architecture("place:0", space: "spikenas") }
        == .unknown(what: "space", found: "spikenas", known: ["nasbench201"]))
  }

  @Test(arguments: ["0", "6111", " 6111 ", "006111", "9999999"])
  func aBareIntegerIsRefusedWithBothSpellings(text: String) throws {
    let number = try #require(Int(text.filter { $0 != " " }))
    let error = try failure { try benchmark.architecture(text) }
    guard case .bareInteger(_, let spellings) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(spellings == ["nats:\(number)", "place:\(number)"])
    #expect(error.message.contains("nats:\(number), place:\(number)"))
    #expect(try failure { try benchmark.spelling(of: text) } == error)
  }

  /// Eight digits may begin an id.
  @Test func eightDigitsAreAnID() throws {
    #expect(try failure { try benchmark.architecture("00006111") }.code == "benchmarks.unknown_architecture")
  }

  @Test func spacesWithAPublishedIndex() throws {
    let catalogue = SpaceCatalogue()
    let indexes = Dictionary(
      uniqueKeysWithValues: try catalogue.names.compactMap { name in
        try catalogue.space(name).publishedIndex.map { (name, $0) }
      })
    #expect(indexes == ["nasbench201": "nats", "nats-sss": "nats", "spikenas": "id", "nas-bench-graph": "hash"])
    for (name, index) in indexes {
      let space = try catalogue.space(name)
      var generator = SeededGenerator(seed: 1)
      let text = try space.sample(using: &generator)
      let value = try #require(try space.identifiers(of: text).first { $0.name == index }?.value)
      #expect(try Int(value) != nil && space.canonicalText(of: "\(index):\(value)") == text)
    }
  }

  /// A grid has no published numbers, so a number is only what it never reads.
  @Test func aSpaceWithoutAPublishedIndex() throws {
    let grid = try GridTable.shared().benchmark
    #expect(try failure { try grid.architecture("5") }.code == "benchmarks.unreadable_architecture")
    #expect(try grid.architecture("place:5").row == 6)
    for text in ["rate=0.1,width=16,act=relu,norm=none,size=3", "rate=0.1,width=16,act=relu,norms=none"] {
      #expect(try failure { try grid.architecture(text) }.code == "benchmarks.unreadable_architecture")
    }
  }
}
