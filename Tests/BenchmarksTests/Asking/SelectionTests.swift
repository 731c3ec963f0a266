import Benchmarks
import Oracles
import Records
import Store
import Testing

/// Filters, rankings and fronts against twins that look at plain numbers.
@Suite struct SelectionTests {
  let table: GridTable
  let lookup: Lookup
  var benchmark: Benchmark { table.benchmark }

  init() throws {
    table = try GridTable.shared()
    lookup = try table.benchmark.lookup(Question(dataset: "first"))
  }

  /// What a filter means: which runs count, and which rows these runs take.
  struct Twin: Sendable {
    let text: String
    var runs: @Sendable (GridTable.Run) -> Bool = { _ in true }
    /// Of a row and its runs that count, at least one.
    var row: @Sendable (GridTable.Row, [GridTable.Run]) -> Bool = { _, _ in true }

    func counting(_ row: GridTable.Row) -> [GridTable.Run] {
      let runs = row.runs.filter { $0.status == .completed && self.runs($0) }
      return runs.isEmpty || !self.row(row, runs) ? [] : runs
    }
  }

  private static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  private func ranked(
    _ value: (GridTable.Run) -> Double, where twin: Twin = Twin(text: "")
  ) -> [(architecture: String, value: Double)] {
    table.rows.compactMap { row in Self.mean(twin.counting(row).map(value)).map { (row.architecture, $0) } }
      .sorted { $0.value > $1.value }
  }

  private static let last: @Sendable (GridTable.Run) -> Double = { $0.validation[4] }

  static let filters: [Twin] = [
    Twin(text: "origin = 'random'", runs: \.isRandom),
    Twin(text: "width >= 64", row: { row, _ in row.value("width").flatMap { Double($0) }.map { $0 >= 64 } ?? false }),
    Twin(text: "act = tanh", row: { row, _ in row.value("act") == "tanh" }),
    Twin(
      text: "architecture.rate < 0.05 and not act in (tanh) and latency[phone,batch=1] < 3",
      row: { row, _ in
        (row.value("rate").flatMap { Double($0) } ?? 1) < 0.05 && row.value("act") == "relu"
          && row.latency.map { $0 < 3 } ?? false
      }),
    Twin(text: "parameters <= 400", row: { row, _ in row.parameters <= 400 }),
    Twin(text: "parameters between 300 and 800", row: { row, _ in (300...800).contains(row.parameters) }),
    Twin(text: "latency[phone,batch=1] < 2", row: { row, _ in row.latency.map { $0 < 2 } ?? false }),
    Twin(text: "latency[phone,batch=8] < 16", row: { row, _ in row.latency.map { $0 * 8 < 16 } ?? false }),
    Twin(text: "not latency[phone,batch=1] < 2", row: { row, _ in row.latency.map { $0 >= 2 } ?? false }),
    Twin(text: "latency[phone,batch=1] is absent", row: { row, _ in row.latency == nil }),
    Twin(
      text: "attribute.density > 0.25", row: { _, runs in mean(runs.compactMap(\.density)).map { $0 > 0.25 } ?? false }),
    Twin(text: "attribute.density is absent", row: { _, runs in runs.allSatisfy { $0.density == nil } }),
    Twin(
      text: "(seed = 10 or origin = 'search') and accuracy_percent.test >= 30",
      runs: { $0.seed == 10 || !$0.isRandom }, row: { _, runs in (mean(runs.map(\.test)) ?? 0) >= 30 }),
    Twin(
      text: "accuracy_percent.validation > 25 and seed in (10, 20)", runs: { $0.seed < 30 },
      row: { _, runs in (mean(runs.map { $0.validation[4] }) ?? 0) > 25 }),
    Twin(text: "not (origin = 'search' or seed in (10, 20))", runs: { $0.isRandom && $0.seed == 30 }),
    Twin(text: "seed = 20 and epochs = 5", runs: { $0.seed == 20 }),
    Twin(text: "space = 'little' and dataset = 'first' and protocol = 'short' and source = 'little'"),
    Twin(text: "dataset = 'first' or parameters < 0"),
    Twin(text: "status = 'completed'"),
    Twin(text: "parameters < 0", row: { _, _ in false }),
  ]

  /// Columns are computed once for an atlas; no question may find those of another one.
  @Test func rankingsAreTheSameWhateverWasAskedBefore() throws {
    let fields = ["parameters", "accuracy_percent.validation", "latency[phone,batch=1]"]
    func answers(_ benchmark: Benchmark, _ order: [Int]) throws -> [Int: [Ranking.Place]] {
      let lookup = try benchmark.lookup(Question(dataset: "first"))
      var found: [Int: [Ranking.Place]] = [:]
      for index in order {
        let filter = try benchmark.filter(Self.filters[index].text, for: lookup.setting)
        var places = try benchmark.top(7, lookup, where: filter).places
        for field in try fields.map({ try FilterField(parsing: $0) }) {
          for direction in [ObjectiveDirection.minimise, .maximise] {
            places += try benchmark.top(5, by: field, direction, in: lookup.setting, where: filter).places
          }
        }
        found[index] = places
      }
      return found
    }
    let order = Array(Self.filters.indices).filter { Self.filters[$0].text != "parameters < 0" }
    let shared = try answers(benchmark, order)
    #expect(try answers(benchmark, order.reversed()) == shared)
    for index in order {
      let alone = try answers(Benchmark(benchmark.atlas), [index])
      #expect(alone[index] == shared[index], "\(Self.filters[index].text)")
    }
  }

  @Test(arguments: filters.indices)
  func filtersAgainstTheirTwin(index: Int) throws {
    let twin = Self.filters[index]
    let filter = try benchmark.filter(twin.text, for: lookup.setting)
    let found = try benchmark.top(1_000, lookup, where: filter)
    let expected = ranked(Self.last, where: twin)
    #expect(found.candidates == expected.count)
    #expect(found.places.map(\.value) == expected.map(\.value))
    #expect(Set(found.places.map(\.architecture.canonicalText)) == Set(expected.map(\.architecture)))
    for place in found.places {
      let row = try #require(table.rows.first { $0.architecture == place.architecture.canonicalText })
      #expect(place.runs == twin.counting(row).count)
    }
    #expect(found.filter == filter.canonicalText)
    if twin.text == "parameters < 0" { #expect(found.places.isEmpty) } else { #expect(found.candidates > 0) }
    // By a field the same runs and rows count.
    let byField = try benchmark.top(
      1_000, by: FilterField(path: ["accuracy_percent", "validation"]), in: lookup.setting, where: filter)
    #expect(byField.places.map(\.value) == found.places.map(\.value))
  }

  /// No run of an architecture counts without the others, unless the filter chooses runs.
  @Test func aConditionOnAQuantityNeverChoosesRuns() throws {
    let filter = try benchmark.filter("accuracy_percent.test > 30", for: lookup.setting)
    let found = try benchmark.top(1_000, lookup, where: filter)
    let all = try benchmark.top(1_000, lookup)
    let whole = Dictionary(uniqueKeysWithValues: all.places.map { ($0.architecture.id, $0) })
    var divided = 0
    for place in found.places {
      let row = try #require(table.rows.first { $0.architecture == place.architecture.canonicalText })
      let tests = row.runs.filter { $0.status == .completed }.map(\.test)
      if tests.contains(where: { $0 <= 30 }) { divided += 1 }
      #expect(place.value == whole[place.architecture.id]?.value && place.runs == tests.count)
    }
    #expect(divided > 0, "no architecture has runs on both sides")
    #expect(found.runFilter == nil && found.architectureFilter == "accuracy_percent.test > 30")
    let mixed = try benchmark.top(
      1_000, lookup, where: benchmark.filter("seed = 10 and parameters > 0 and origin = random", for: lookup.setting))
    #expect(mixed.runFilter == "seed = 10 AND origin = 'random'" && mixed.architectureFilter == "parameters > 0")
  }

  @Test(arguments: ["seed = 10 or parameters < 400", "not (seed = 10 and parameters < 400)"])
  func aPartAboutBothIsRefused(text: String) throws {
    let error = try #require(throws: FilterError.self) { try benchmark.filter(text, for: lookup.setting) }
    guard case .mixed(_, ["seed"], ["parameters"]) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(throws: FilterError.self) {
      try benchmark.top(1, lookup, where: FilterExpression(parsing: text))
    }
  }

  @Test func aFilterThatAsksForTheStatusSeesAllRuns() throws {
    let filter = try benchmark.filter("status = 'diverged'", for: lookup.setting)
    let found = try benchmark.top(1_000, lookup, where: filter)
    let expected = table.rows.compactMap { row in
      let values = row.runs.filter { $0.status == .diverged }.map { $0.validation[4] }
      return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }.sorted(by: >)
    #expect(!expected.isEmpty)
    #expect(found.places.map(\.value) == expected)
  }

  @Test func boundParameters() throws {
    let bound = try benchmark.filter(
      "parameters <= :most and origin = :how", for: lookup.setting,
      binding: ["most": .number(400), "how": .text("random")])
    let expected = ranked(
      Self.last, where: Twin(text: "", runs: \.isRandom, row: { row, _ in row.parameters <= 400 }))
    #expect(try benchmark.top(1_000, lookup, where: bound).candidates == expected.count)
    #expect(throws: FilterError.unboundParameter(name: "most", given: [])) {
      try benchmark.top(1, lookup, where: benchmark.filter("parameters <= :most", for: lookup.setting))
    }
    #expect(throws: FilterError.unknownParameter(name: "least", used: ["most"])) {
      try benchmark.filter("parameters <= :most", for: lookup.setting, binding: ["least": .number(1)])
    }
    // What is bound is a value, whatever it spells.
    let text = try benchmark.filter(
      "origin = :how", for: lookup.setting, binding: ["how": .text("random' or '1' = '1")])
    #expect(try failure { try benchmark.top(1_000, lookup, where: text) }.code == "benchmarks.no_run_passes")
  }

  @Test func fieldsThatAreNotThere() throws {
    guard
      case .unknownField(_, "paramters", "parameters", let known) = try #require(
        #expect(throws: FilterError.self) { try benchmark.filter("paramters < 3", for: lookup.setting) })
    else { throw NothingThrown() }
    #expect(known.contains("accuracy_percent.validation") && known.contains("attribute.density"))
    let other = try benchmark.filter("latency[watch,batch=1] < 2", for: lookup.setting)
    #expect(
      try failure { try benchmark.top(1, lookup, where: other) }
        == .unknown(what: "quantity", found: "latency[watch,batch=1]", known: Self.latencies))
    #expect(
      try failure { try benchmark.top(1, lookup, fields: [FilterField(path: ["accuracy_percent", "train"])]) }.code
        == "benchmarks.unknown_field")
    let unclear = try benchmark.filter("latency[phone] < 2", for: lookup.setting)
    #expect(
      try failure { try benchmark.top(1, lookup, where: unclear) }
        == .ambiguous(what: "quantity", known: ["latency[phone,batch=1]", "latency[phone,batch=8]"]))
    #expect(
      try failure { try benchmark.top(1, lookup, fields: [FilterField("status")]) }
        == .notANumber(field: "status", found: "completed"))
  }

  private static let latencies = [
    "latency[phone,batch=1]", "latency[phone,batch=8]", "latency[server,batch=1]", "latency[server,batch=8]",
  ]

  // MARK: Rankings

  @Test(arguments: [0, 1, 7, 48, 1_000, -3])
  func theBestAgainstTheirTwin(count: Int) throws {
    let found = try benchmark.top(count, lookup, fields: [FilterField("parameters")])
    let expected = ranked(Self.last)
    #expect(found.places.count == min(max(0, count), expected.count))
    #expect(found.places.map(\.value) == Array(expected.map(\.value).prefix(max(0, count))))
    #expect(found.places.map(\.rank) == Array(1..<found.places.count + 1))
    for place in found.places {
      let row = try #require(table.rows.first { $0.architecture == place.architecture.canonicalText })
      #expect(place.value == row.mean(Self.last))
      #expect(place.runs == row.runs.count { $0.status == .completed })
      #expect(place.fields == ["parameters": Double(row.parameters)])
      let entry = try benchmark.architecture(place.architecture.id.hex)
      #expect(try lookup.answer(entry).value == place.value)
    }
    // Equal values in the order of the atlas: this space has no published one.
    let rows = try found.places.map { try benchmark.architecture($0.architecture.id.hex).row }
    for (left, right) in zip(found.places.indices, found.places.indices.dropFirst())
    where found.places[left].value == found.places[right].value {
      #expect(rows[left] < rows[right])
    }
  }

  @Test func oneSeedAndOtherEpochs() throws {
    for (epoch, value) in [
      (EpochChoice.number(2), { (run: GridTable.Run) in run.validation[1] }),
      (.bestSoFar(3), { $0.validation[..<3].max() ?? 0 }), (.best, { $0.validation.max() ?? 0 }),
    ] {
      let lookup = try benchmark.lookup(Question(dataset: "first", epoch: epoch, seeds: .one(20)))
      let found = try benchmark.top(
        1_000, lookup, fields: [FilterField(path: ["accuracy_percent", "test"])])
      let expected = ranked(value, where: Twin(text: "", runs: { $0.seed == 20 }))
      #expect(found.places.map(\.value) == expected.map(\.value), "\(epoch)")
      for place in found.places {
        let row = try #require(table.rows.first { $0.architecture == place.architecture.canonicalText })
        let run = try #require(row.runs.first { $0.seed == 20 })
        #expect(place.fields == ["accuracy_percent.test": run.test])
        #expect(place.runs == 1)
      }
    }
  }

  @Test func aRankingSaysWhatItIs() throws {
    let found = try benchmark.top(
      3, lookup, fields: [FilterField("parameters"), try FilterField(parsing: "latency[phone,batch=1]")])
    #expect(found.context == lookup.context)
    #expect(found.context.unit == "percent" && found.context.split == .validation && found.context.seeds == "mean")
    #expect(found.context.atlasDigest == benchmark.atlas.digest)
    #expect(found.sources == ["little"])
    #expect(found.fieldUnits == ["parameters": "1", "latency[phone,batch=1]": "millisecond"])
    #expect(try CanonicalJSON.decode(Ranking.self, from: CanonicalJSON.encode(found)) == found)
  }

  // MARK: Fronts

  private struct Candidate {
    let architecture: String
    let costs: [Double]
  }

  private func naiveFront(_ candidates: [Candidate]) -> Set<String> {
    Set(
      candidates.filter { one in
        !candidates.contains { other in
          zip(other.costs, one.costs).allSatisfy { $0 <= $1 } && other.costs != one.costs
        }
      }.map(\.architecture))
  }

  @Test(arguments: [2, 3])
  func frontsAgainstTheirTwin(count: Int) throws {
    let objectives = try [
      ("accuracy_percent.test", ObjectiveDirection.maximise), ("latency[phone,batch=1]", .minimise),
      ("parameters", .minimise),
    ].map { Objective(try FilterField(parsing: $0.0), $0.1) }.prefix(count)
    for twin in [Self.filters[0], Self.filters[2], Self.filters[10], Self.filters[15]] {
      let found = try benchmark.paretoFront(
        Array(objectives), in: lookup.setting, where: benchmark.filter(twin.text, for: lookup.setting))
      let candidates = table.rows.compactMap { row -> Candidate? in
        guard let test = Self.mean(twin.counting(row).map(\.test)), let latency = row.latency else {
          return nil
        }
        return Candidate(
          architecture: row.architecture, costs: Array([-test, latency, Double(row.parameters)].prefix(count)))
      }
      #expect(found.candidates == candidates.count)
      #expect(Set(found.front.map(\.architecture.canonicalText)) == naiveFront(candidates), "\(twin.text)")
      #expect(found.front.map { -$0.values[0] } == found.front.map { -$0.values[0] }.sorted())
      for point in found.front {
        let twin = try #require(candidates.first { $0.architecture == point.architecture.canonicalText })
        #expect(zip(point.values, twin.costs).allSatisfy { abs($0) == abs($1) })
      }
    }
  }

  @Test func aFrontSaysWhatItIs() throws {
    let found = try benchmark.paretoFront(
      [
        Objective(FilterField(path: ["accuracy_percent", "test"]), .maximise),
        Objective(FilterField("parameters"), .minimise),
      ], in: lookup.setting)
    #expect(found.objectives.map(\.unit) == ["percent", "1"])
    #expect(found.seeds == "mean" && found.sources == ["little"] && found.dataset == "first")
    #expect(found.protocolDigest == lookup.setting.protocolDigest)
    #expect(found.atlasDigest == benchmark.atlas.digest)
    #expect(try failure { try benchmark.paretoFront([], in: lookup.setting) } == .noObjectives)
  }

  // MARK: Iteration

  @Test func everyRowOnce() throws {
    let rows = try benchmark.rows(in: lookup.setting)
    #expect(Set(rows).count == table.rows.count && rows == rows.sorted())
    let texts = try rows.map { try #require(try benchmark.atlas.architecture(row: $0)).canonicalText }
    #expect(Set(texts) == Set(table.rows.map(\.architecture)))
  }

  @Test func randomRowsFollowFromTheSeedAndReachAll() throws {
    func draw(_ seed: UInt64) throws -> [Int] {
      var generator = SeededGenerator(seed: seed)
      return try (0..<2_000).map { _ in try benchmark.randomRow(in: lookup.setting, using: &generator) }
    }
    let drawn = try draw(1)
    #expect(drawn == (try draw(1)))
    #expect(drawn != (try draw(2)))
    let counts = Dictionary(drawn.map { ($0, 1) }, uniquingKeysWith: +)
    #expect(Set(counts.keys) == Set(try benchmark.rows(in: lookup.setting)))
    // 48 rows, 2,000 draws: 41.7 each, give or take 6.4; five deviations.
    #expect(counts.values.allSatisfy { (10...74).contains($0) })
  }

  /// Most rows of this space have no run on the data set.
  @Test func randomRowsOfASettingThatIsNearlyEmpty() throws {
    let tiny = try TinyTable.shared()
    let setting = try tiny.benchmark.setting(Question(dataset: "cifar100"))
    var generator = SeededGenerator(seed: 5)
    let drawn = try Set((0..<200).map { _ in try tiny.benchmark.randomRow(in: setting, using: &generator) })
    #expect(drawn == Set(try tiny.benchmark.rows(in: setting)))
    #expect(drawn.count == 2)
  }
}
