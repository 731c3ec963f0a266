import Benchmarks
import Foundation
import Records
import Store

/// An atlas full of secrets: numbers that a sealed server keeps, wherever an atlas can hold one. Secrets are in 90..<99,
/// open values in 10..<30, so that nothing that follows from open values alone looks like a secret.
final class SecretAtlas: Sendable {
  static let shared: SecretAtlas = {
    do { return try SecretAtlas() } catch { fatalError("no atlas to test with: \(error)") }
  }()

  let folder: URL
  var path: String { folder.appendingPathComponent("secret.atlas").path }
  /// The secrets that the atlas was made with.
  let planted: Set<Double>
  /// Those, and their means over seeds.
  let secrets: Set<Double>
  /// Canonical texts, and the test value of each: the mean over seeds at the best epoch, of data set `cifar10`.
  let architectures: [(text: String, test: Double)]

  static let title = "Secrets"

  /// Fields that mean something withheld, in all spellings that an atlas takes.
  static let withheld = [
    "accuracy", "accuracy[split=test]", "accuracy[test]", "accuracy[unit=percent]", "accuracy[source=made-up]",
    "accuracy[dataset=cifar10,split=test]", "top1", "top1[dataset=test-set]", "top1[unit=percent]", "wrong",
    "wrong[split=test]", "wrong[batch=1]", "wrong[1]", "test_error", "testAcc", "accuracy_percent", "score",
    "score[partition=test]", "mixed", "mixed[split=train]", "accuracy_percent.test", "accuracy_percent.valtest",
    "test_acc.validation", "score_test", "attribute.test", "attribute.hint", "attribute.absent", "attribute.nested",
  ]
  /// Withheld on `cifar100` alone, whose runs are scored by a secret metric.
  static let withheldScores = ["score_validation", "score_epoch"]
  /// Fields that a sealed atlas shows.
  static let shown = [
    "latency[raspi4]", "latest", "accuracy_percent.validation", "accuracy_percent.train", "latest_acc.validation",
    "share[split=validation]", "holdout_check", "parameters", "train_seconds",
  ]

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("nasatlas-secret-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var plants = Plants(seed: 28)
    let entries = try Self.cards() + plants.runs() + plants.measurements()
    let lines = folder.appendingPathComponent("secret.ndjson")
    try Data(entries.map { try $0.interchangeLine() + "\n" }.joined().utf8).write(to: lines)
    let path = folder.appendingPathComponent("secret.atlas").path
    let working = try WorkingStore(path: folder.appendingPathComponent("working.sqlite").path)
    try working.ingest(files: [lines.path], reading: CatalogueReader())
    try working.publish(to: path, title: Self.title)
    let benchmark = try Benchmark(path: path)
    let lookup = try benchmark.lookup(Question(dataset: "cifar10", split: .test))
    architectures = try benchmark.atlas.architectures(rows: lookup.setting.spaceRows).compactMap { entry in
      try lookup.value(ofArchitecture: entry.row).map { (entry.canonicalText, $0) }
    }
    planted = plants.secrets
    secrets = try planted.union(Self.means(benchmark))
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private static func means(_ benchmark: Benchmark) throws -> Set<Double> {
    var means: Set<Double> = []
    for setting in benchmark.atlas.settings {
      for measure in setting.measures where !Disclosure.sealed.shows(measure.metric, measure.split) {
        for epoch in [EpochChoice.best, .last, .number(1), .bestSoFar(nil)] {
          let lookup = try benchmark.lookup(metric: measure.metric, measure.split, epoch, in: setting)
          for row in setting.spaceRows { if let mean = try lookup.value(ofArchitecture: row) { means.insert(mean) } }
        }
      }
    }
    return means
  }

  /// Values of all metrics on all splits, and their means over seeds.
  static func allValues(_ path: String) throws -> Set<Double> {
    let benchmark = try Benchmark(path: path)
    var values: Set<Double> = []
    for setting in benchmark.atlas.settings {
      try benchmark.atlas.forEachRecord(in: setting) { _, record in
        for curve in record.curves { values.formUnion(curve.values) }
      }
      for measure in setting.measures {
        for epoch in [EpochChoice.best, .last, .number(1), .bestSoFar(nil)] {
          let lookup = try benchmark.lookup(metric: measure.metric, measure.split, epoch, in: setting)
          for row in setting.spaceRows { if let mean = try lookup.value(ofArchitecture: row) { values.insert(mean) } }
        }
      }
    }
    return values
  }

  private static func cards() throws -> [JournalEntry] {
    func dataset(_ name: String, _ metric: String) -> JournalEntry {
      .dataset(
        DatasetCard(
          name: name, digest: nil, title: name, task: "classification", source: "made up", license: "CC0-1.0",
          citation: "none", splitMeaning: "made up", primaryMetric: Metric(metric), knownDefects: []))
    }
    func metric(_ name: String) -> JournalEntry {
      .metric(MetricCard(name: name, unit: "percent", largerIsBetter: true, meaning: "share of rows"))
    }
    return [
      .source(SourceCard(name: "made-up", title: "Made up", origin: "a seed", license: "CC0-1.0", citation: "none")),
      metric("accuracy_percent"), metric("test_acc"), metric("latest_acc"), dataset("cifar10", "accuracy_percent"),
      dataset("cifar100", "latest_acc"), dataset("test-set", "accuracy_percent"),
      .trainingProtocol(try ProtocolCard(name: "short", settings: .object(["epochs": .integer(3)]))),
    ]
  }

  /// Draws secrets and open values, and remembers the secrets.
  private struct Plants {
    private var generator: SeededGenerator
    private(set) var secrets: Set<Double> = []

    private static let architectures = 8

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    private mutating func secret() -> Double {
      let value = (9_000_000_000 + Double(generator.integer(below: 900_000_000))) / 1e8
      secrets.insert(value)
      return value
    }

    private mutating func open() -> Double { (1_000_000_000 + Double(generator.integer(below: 2_000_000_000))) / 1e8 }

    private mutating func curve(_ name: String, _ split: Split, _ epochs: Int, isSecret: Bool) -> Curve {
      Curve(metric: Metric(name), split: split, values: (0..<epochs).map { _ in isSecret ? secret() : open() })
    }

    mutating func runs() throws -> [JournalEntry] {
      let settings = try ProtocolCard(name: "short", settings: .object(["epochs": .integer(3)])).digest
      var entries: [JournalEntry] = []
      for index in 0..<Self.architectures {
        for seed in 0...(index % 3) {
          for dataset in ["cifar10", "cifar100"] {
            entries.append(.run(try run("nats:\(index)", dataset, settings, UInt64(seed))))
          }
        }
      }
      return entries
    }

    private mutating func run(
      _ architecture: String, _ dataset: String, _ settings: Digest256, _ seed: UInt64
    ) throws -> RunRecord {
      let isTen = dataset == "cifar10"
      let epochs = seed == 2 ? 2 : 3
      var curves = [
        curve("latest_acc", .validation, epochs, isSecret: false),
        curve("accuracy_percent", .train, epochs, isSecret: false),
        curve("accuracy_percent", .validation, epochs, isSecret: false),
        curve("accuracy_percent", .test, epochs, isSecret: true),
        curve("accuracy_percent", .valtest, 1, isSecret: true),
        curve("test_acc", .validation, epochs, isSecret: true), curve("test_acc", .train, epochs, isSecret: true),
      ]
      let metric = Metric(isTen ? "accuracy_percent" : "test_acc")
      func values(_ split: Split) -> [Double] {
        curves.first { $0.metric == metric && $0.split == split }?.values ?? []
      }
      let validation = values(.validation)
      let best = validation.indices.max { validation[$0] < validation[$1] } ?? 0
      let test = isTen ? values(.test)[best] : secret()
      generator.shuffle(&curves)
      let text = "test accuracy \(secret()) of 100"
      return RunRecord(
        key: RunKey(
          space: "nasbench201", architecture: architecture, dataset: dataset, datasetDigest: nil,
          protocolDigest: settings, seed: .recorded(seed)),
        origin: .random, statusDetail: "ended with \(secret())", curves: curves,
        score: Score(metric: metric, epoch: best + 1, validation: validation[best], test: test),
        counts: Counts(parameters: 1_000 + Int(seed)), costs: Costs(total: ["train_seconds": open()]),
        source: "made-up",
        attributes: [
          "test": .number(secret()), "hint": .number(secret()), "note": .string(text),
          "tests": .array([.number(secret())]),
          "nested": .object(["test": .number(secret()), "deep": .object(["value": .number(secret())])]),
          "list": .array([.array([.string("test"), .number(secret())]), .number(secret())]),
        ])
    }

    mutating func measurements() throws -> [JournalEntry] {
      let quantities: [(Quantity, isSecret: Bool)] = [
        (of("accuracy", conditions: ["split": "test"], dataset: "cifar10"), true),
        (of("top1", dataset: "test-set"), true),
        (of("wrong", conditions: ["batch": "1"], split: .test), true),
        (of("test_error"), true), (of("testAcc"), true), (of("accuracy_percent"), true),
        (of("score", conditions: ["partition": "test"]), true),
        (of("mixed", conditions: ["split": "test"], split: .train), true),
        (of("share", conditions: ["split": "validation"]), false),
        (of("share", conditions: ["split": "test"]), true),
        (of("latency", unit: "millisecond", device: "raspi4"), false), (of("latest", unit: "1"), false),
        (of("holdout_check", split: .validation), false),
      ]
      var entries: [JournalEntry] = []
      for (quantity, isSecret) in quantities {
        for index in 0..<Self.architectures where index != 5 {
          entries.append(
            .measurement(
              ArchitectureMeasurement(
                space: "nasbench201", architecture: "nats:\(index)", quantity: quantity,
                value: isSecret ? secret() : open(), costSeconds: index.isMultiple(of: 2) ? open() : nil)))
        }
      }
      return entries
    }

    private func of(
      _ name: String, unit: String = "percent", device: String? = nil, conditions: [String: String] = [:],
      dataset: String? = nil, split: Split? = nil
    ) -> Quantity {
      Quantity(
        name: name, unit: unit, device: device, conditions: conditions, dataset: dataset, split: split,
        source: "made-up")
    }
  }
}
