import Foundation
import Records
import Store
import Testing

/// Runs that contradict themselves are refused at ingest, and named by `verify` and `publish`.
@Suite struct ContradictionTests {
  let workshop: Workshop

  init() throws { workshop = try Workshop() }

  /// Three epochs with the best at the second, and everything that may contradict.
  static func run() throws -> RunRecord {
    var run = try CardRuleTests.run("accuracy", [0.25, 0.75, 0.5], best: 2)
    run.curves.append(Curve(metric: .accuracy, split: .test, values: [0.2, 0.7, 0.4]))
    run.score?.test = 0.7
    run.costs = Costs(
      total: ["evaluation_seconds": 3, "latency_milliseconds[batch=1]": 1],
      perEpoch: ["train_seconds": [1, 1, 1], "train_cpu_seconds": [1, 1, 1]])
    return run
  }

  static func changed(_ change: (inout RunRecord) -> Void) throws -> RunRecord {
    var copy = try run()
    change(&copy)
    return copy
  }

  static func bad() throws -> [(run: RunRecord, saying: String)] {
    [
      (try changed { $0.score?.epoch = 4 }, "ends at epoch 3"),
      (try changed { $0.score?.epoch = 0 }, "ends at epoch 3"),
      (try changed { $0.score?.validation = 0.7 }, "the validation score is 0.7"),
      (try changed { $0.score?.test = 0.75 }, "the test score is 0.75"),
      (
        try changed {
          $0.score = Score(metric: .accuracy, epoch: 3, validation: 0.5, test: 0.4)
        }, "epoch 2 of the validation curve of accuracy is better"
      ),
      (try changed { $0.costs?.perEpoch["train_seconds"]?[1] = -1 }, "train_seconds of epoch 2 is -1.0"),
      (try changed { $0.costs?.perEpoch["train_cpu_seconds"]?[2] = .infinity }, "train_cpu_seconds of epoch 3 is inf"),
      (try changed { $0.costs?.perEpoch["train_cpu_seconds"]?[0] = .nan }, "train_cpu_seconds of epoch 1 is nan"),
      (try changed { $0.costs?.total["evaluation_seconds"] = -0.5 }, "evaluation_seconds is -0.5"),
      (try changed { $0.costs?.total["energy_joules"] = .nan }, "energy_joules is nan"),
      (
        try changed { $0.costs?.total["latency_milliseconds[batch=64]"] = -1 },
        "latency_milliseconds[batch=64] is -1.0"
      ),
      (try changed { $0.costs?.perEpoch = ["train_seconds": [1, 1]] }, "the costs list 2 epochs"),
      (try changed { $0.costs?.perEpoch = ["train_seconds": [1, 1, 1, 1]] }, "the costs list 4 epochs"),
    ]
  }

  @Test func everyContradictionIsRefusedInJournalsAndLines() throws {
    let store = try WorkingStore(path: workshop.file("w"))
    let cards = try SyntheticRuns.cards()
    for (index, (run, saying)) in try Self.bad().enumerated() {
      let journal = try workshop.journal("j\(index)", cards + [.run(run)])
      let error = try #require(throws: StoreError.self) { try store.ingest(files: [journal], reading: PlainReading()) }
      #expect(error.code == "store.invalid_record" && error.message.contains(saying), "\(error.message)")
      let lines = try workshop.lines("l\(index)", cards + [.run(run)])
      let told = try #require(throws: StoreError.self) { try store.ingest(files: [lines], reading: PlainReading()) }
      #expect(told.code == "store.bad_lines" && told.message.contains("line 8: ") && told.message.contains(saying))
    }
    #expect(try store.runCount() == 0)
  }

  @Test func whatAgreesOrIsPublishedWithoutCurvesIsTaken() throws {
    let good = [
      try Self.run(),
      // Scores alone, and a curve that has the score's epoch not.
      try Self.changed { $0.curves = [] },
      try Self.changed {
        $0.curves = [Curve(metric: .accuracy, split: .validation, values: [0.1, 0.9], at: [1, 3])]
      },
      // The last epoch of a curve that is not complete says nothing of the best one.
      try Self.changed {
        $0.curves = [Curve(metric: .accuracy, split: .validation, values: [0.9, 0.75], at: [1, 4])]
        $0.score = Score(metric: .accuracy, epoch: 4, validation: 0.75, test: nil)
        $0.costs = nil
      },
      // A published mean has numbers that no one run has.
      try Self.changed {
        $0.key.seed = .mean(of: 3)
        $0.score = Score(metric: .accuracy, epoch: 9, validation: 0.8, test: 0.1)
        $0.costs?.perEpoch = ["train_seconds": [1, 1]]
      },
      // A run that ended within its fourth epoch has paid for it.
      try Self.changed {
        $0.status = .diverged
        $0.costs?.perEpoch = ["train_seconds": [1, 1, 1, 1]]
      },
      // Two epochs may be equally good.
      try Self.changed {
        $0.curves[0].values[2] = 0.75
        $0.score = Score(metric: .accuracy, epoch: 3, validation: 0.75, test: 0.4)
      },
    ]
    let cards = try SyntheticRuns.cards()
    for (index, run) in good.enumerated() {
      let store = try WorkingStore(path: workshop.file("w\(index)"))
      for file in [try workshop.journal("j", cards + [.run(run)]), try workshop.lines("l", cards + [.run(run)])] {
        try store.ingest(files: [file], reading: PlainReading())
      }
      #expect(try store.runCount() == 1)
    }
  }

  /// The direction of a metric decides which epoch is the best, and its card may come last.
  @Test func theBestEpochIsCheckedAgainstACardThatFollows() throws {
    let cards = try SyntheticRuns.cards()
    let highest = JournalEntry.run(try CardRuleTests.run("m", [1, 3, 2], best: 2))
    let middle = JournalEntry.run(try CardRuleTests.run("m", [1, 3, 2], best: 3))
    let smaller = CardRuleTests.metric("m", larger: false)
    let larger = CardRuleTests.metric("m", larger: true)
    let store = try WorkingStore(path: workshop.file("w"))
    func outcome(_ entries: [JournalEntry], isJournal: Bool = true) throws -> String? {
      let file = try isJournal ? workshop.journal("j", cards + entries) : workshop.lines("j", cards + entries)
      do {
        try store.ingest(files: [file], reading: PlainReading())
        return nil
      } catch let error as StoreError { return error.message }
    }
    #expect(try outcome([highest, smaller])?.contains("epoch 1 of the validation curve of m is better") == true)
    #expect(try outcome([smaller, highest])?.contains("epoch 1 of the validation curve of m is better") == true)
    #expect(try outcome([smaller, highest], isJournal: false)?.contains("line 9: ") == true)
    #expect(try outcome([middle, larger])?.contains("is better") == true)
    #expect(try outcome([highest, larger]) == nil)
    // A card that turns the direction meets the runs that are there.
    let turned = try #require(throws: StoreError.self) {
      try store.ingest(
        files: [workshop.journal("c", [smaller])], reading: PlainReading(), options: IngestOptions(replacesCards: true))
    }
    #expect(turned.code == "store.contradictions")
  }

  @Test func negativeCostsOfMeasurementsAreRefused() throws {
    var measurement = try SyntheticRuns(seed: 1).oneMeasurement()[0]
    let store = try WorkingStore(path: workshop.file("w"))
    for cost in [-1, Double.nan, .infinity] {
      measurement.costSeconds = cost
      let file = try workshop.lines("l", SyntheticRuns.cards() + [.measurement(measurement)])
      let error = try #require(throws: StoreError.self) { try store.ingest(files: [file], reading: PlainReading()) }
      #expect(error.message.contains("the cost is"))
    }
  }

  /// Earlier versions took such runs, so that atlases and working files may have them.
  @Test func publishAndVerifyNameThem() throws {
    let store = try WorkingStore(path: workshop.file("w"))
    var options = IngestOptions()
    options.isChecked = false
    var entries = try SyntheticRuns.cards()
    for (index, (run, _)) in try Self.bad().enumerated() {
      var copy = run
      copy.key.architecture = "architecture \(index)"
      entries.append(.run(copy))
    }
    try store.ingest(files: [workshop.journal("j", entries)], reading: PlainReading(), options: options)
    let error = try #require(throws: StoreError.self) { try store.publish(to: workshop.file("a")) }
    #expect(error.code == "store.contradictions" && error.exitStatus == .dataError)
    for (index, (_, saying)) in try Self.bad().enumerated() {
      #expect(error.message.contains("architecture \(index) on events, seed 1: ") && error.message.contains(saying))
    }
    #expect(!FileManager.default.fileExists(atPath: workshop.file("a")))
    try store.publish(to: workshop.file("a"), title: nil, isChecked: false)
    let report = try Atlas.verify(path: workshop.file("a"))
    #expect(try report.contradictions.count == Self.bad().count)
    let named = try #require(throws: StoreError.self) { try report.contradictions.throwIfAny(path: workshop.file("a")) }
    #expect(named.code == error.code)
    for (index, (_, saying)) in try Self.bad().enumerated() {
      #expect(named.message.contains("architecture \(index) on events, seed 1: ") && named.message.contains(saying))
    }
  }

  /// Promise: a record is checked in time linear in its size.
  @Test func aHundredThousandCurvesAreCheckedInLinearTime() throws {
    func seconds(_ count: Int) throws -> Double {
      var run = try CardRuleTests.run("loss", [1])
      run.curves = (0..<count).map { Curve(metric: Metric("m\($0)"), split: .test, values: [1]) }
      let file = try workshop.journal("j\(count)", SyntheticRuns.cards() + [.run(run)])
      let store = try WorkingStore(path: workshop.file("w\(count)"))
      // The run agrees with itself; that its metrics have no cards is found at the end.
      return try ContinuousClock().measure {
        let error = try #require(throws: StoreError.self) { try store.ingest(files: [file], reading: PlainReading()) }
        #expect(error.code == "store.missing_cards")
      } / .seconds(1)
    }
    _ = try seconds(1_000)
    let (few, many) = (try seconds(10_000), try seconds(100_000))
    #expect(many < 40 * max(few, 0.05), "\(few) s for 10,000 curves, \(many) s for 100,000")
  }
}
