import Benchmarks
import Records
import Store
import Testing

/// How long training took, told in every way that sources have.
@Suite struct SecondsTests {
  let table: PublishedAtlas
  var benchmark: Benchmark { table.benchmark }

  init() throws { table = try TinyTable.shared() }

  private func seconds(
    _ cell: TinyTable.Cell, seed: Seed, upTo epoch: Int, dataset: String = "cifar10", protocol name: String = "short"
  ) throws -> SimulatedSeconds? {
    let setting = try benchmark.setting(Question(dataset: dataset, trainingProtocol: name))
    let row = try TinyTable.entry(cell, benchmark).row
    let run = try #require(try setting.runs(ofArchitecture: row).first { try setting.seed(ofRun: $0) == seed })
    return try benchmark.simulatedTrainingSeconds(run: run, in: setting, upTo: epoch)
  }

  @Test func toldByEpochs() throws {
    for (epoch, expected) in [0, 3.5, 5.75, 8.25, 10.25].enumerated() {
      #expect(
        try seconds(.full, seed: 777, upTo: epoch) == SimulatedSeconds(seconds: expected, isDerived: false))
    }
  }

  @Test func aTotalIsSharedOutAndMarked() throws {
    for epoch in 0..<4 {
      let found = try #require(try seconds(.full, seed: 888, upTo: epoch))
      #expect(found == SimulatedSeconds(seconds: 10 * Double(epoch), isDerived: true))
    }
    #expect(try seconds(.full, seed: 888, upTo: 4) == SimulatedSeconds(seconds: 40, isDerived: false))
    #expect(
      try seconds(.full, seed: 1, upTo: 6, protocol: "long") == SimulatedSeconds(seconds: 12, isDerived: true))
  }

  @Test func whatASourceRepeatsForEverySeed() throws {
    #expect(try seconds(.ragged, seed: 777, upTo: 4) == SimulatedSeconds(seconds: 20, isDerived: false))
    #expect(try seconds(.ragged, seed: 777, upTo: 1) == SimulatedSeconds(seconds: 5, isDerived: true))
    #expect(
      try seconds(.full, seed: 777, upTo: 3, dataset: "cifar100") == SimulatedSeconds(seconds: 7.5, isDerived: false))
    // The cost of training on another data set is not that of this one.
    #expect(
      try seconds(.ragged, seed: 777, upTo: 4, dataset: "cifar100") == SimulatedSeconds(seconds: 30, isDerived: false))
  }

  @Test func unknownSecondsStayAbsent() throws {
    #expect(try seconds(.full, seed: 999, upTo: 4) == nil)
    #expect(try seconds(.troubled, seed: 777, upTo: 1) == nil)
  }

  @Test(arguments: [-1, 5, Int.min, Int.max])
  func anEpochThatWasNotTrained(epoch: Int) throws {
    for (seed, cell) in [(Seed(777), TinyTable.Cell.full), (888, .full), (999, .full)] {
      #expect(
        try failure { try seconds(cell, seed: seed, upTo: epoch) }
          == .unknownEpoch(epoch: epoch, run: "seed \(seed)", known: [1, 2, 3, 4]))
    }
  }

  /// The sum over ever longer spans is the whole: nothing is counted twice.
  @Test func everyEpochIsCountedOnce() throws {
    for seed in [Seed(777), 888] {
      let spans = try (0...4).map { try #require(try seconds(.full, seed: seed, upTo: $0)).seconds }
      let steps = zip(spans.dropFirst(), spans).map { $0 - $1 }
      #expect(abs(steps.reduce(0, +) - spans[4]) < 1e-12)
      #expect(steps.allSatisfy { $0 > 0 })
    }
  }

  @Test func anAnswerTellsTheSecondsUpToItsEpoch() throws {
    let lookup = try benchmark.lookup(
      Question(dataset: "cifar10", trainingProtocol: "short", epoch: .number(2)))
    let answer = try lookup.answer(TinyTable.entry(.full, benchmark))
    #expect(answer.points.map { $0.trainSeconds?.seconds } == [5.75, 20, nil])
    #expect(answer.points.map { $0.trainSeconds?.isDerived } == [false, true, nil])
  }
}
