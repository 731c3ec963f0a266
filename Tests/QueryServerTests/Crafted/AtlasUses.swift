import Benchmarks
import Foundation
import Oracles
import QueryServer
import Records
import Store

/// Everything that this program does with an atlas. Each use ends with an answer or with an error that has a type; a trap
/// would end the process.
struct AtlasUses: Sendable {
  let path: String
  /// An undamaged atlas to compare with.
  let other: Atlas
  /// What errors without a type said.
  private(set) var faults: [String] = []
  /// Whether the server's shelf takes the atlas.
  private(set) var isServed = false

  init(path: String, other: Atlas) {
    self.path = path
    self.other = other
  }

  private mutating func attempt(_ name: String, _ body: () throws -> Void) {
    do { try body() } catch is any UserFacingError {
      // Refused, and the reason is said.
    } catch { faults.append("\(name): \(error)") }
  }

  mutating func run(merging: Bool) {
    let (path, other) = (path, other)
    attempt("open") { try Self.read(Atlas(path: path)) }
    attempt("verify") { _ = try Atlas.verify(path: path) }
    attempt("diff") {
      let atlas = try Atlas(path: path)
      _ = try AtlasDifference(atlas, other)
      _ = try AtlasDifference(other, atlas)
    }
    guard let benchmark = try? Benchmark(path: path) else { return serve() }
    for setting in benchmark.atlas.settings {
      for measure in setting.measures {
        for epoch in [EpochChoice.last, .best, .number(2), .bestSoFar(nil)] {
          attempt("ask") { try Self.ask(benchmark, setting, measure, epoch) }
        }
      }
      attempt("fields") { try Self.fields(benchmark, setting) }
    }
    attempt("info") { _ = try CanonicalJSON.text(benchmark.atlas.datasetCards) }
    serve()
    if merging { attempt("merge") { try Self.merge(path) } }
  }

  private mutating func serve() {
    do {
      _ = try AtlasShelf(paths: [path])
      isServed = true
    } catch is any UserFacingError {
      // Refused.
    } catch { faults.append("serve: \(error)") }
  }

  /// All that is in it, through every door.
  private static func read(_ atlas: Atlas) throws {
    _ = [atlas.runCount, atlas.measurementCount, try atlas.architectureCount()]
    _ = try CanonicalJSON.text(atlas.sourceCards) + CanonicalJSON.text(atlas.protocolCards)
    for row in [-1, 0, 1, 2, 1_000, Int.max, Int.min] { _ = try? atlas.architecture(row: row) }
    _ = try? atlas.architectures(idPrefix: "a", limit: 3)
    _ = try? atlas.row(of: ArchitectureID(space: "nasbench201", canonicalText: "absent"))
    for setting in atlas.settings {
      _ = try? setting.sourceNames()
      for run in 0..<min(setting.runCount, 100) {
        _ = try? setting.seed(ofRun: run)
        _ = try? setting.source(ofRun: run)
        _ = try? atlas.record(ofRun: run, in: setting)
      }
      for row in [-1, 0, 1, 3, Int.max, Int.min] { _ = try? setting.runs(ofArchitecture: row) }
      try? atlas.forEachRecord(in: setting) { _, _ in }
    }
    for quantity in atlas.quantities {
      for row in [-1, 0, 1, 3, Int.max, Int.min] { _ = try? quantity.value(ofArchitecture: row) }
      try? atlas.forEachMeasurement(of: quantity) { _ in }
    }
  }

  /// What `query`, `curve`, `top`, `pareto`, `neighbors` and `stats` ask.
  private static func ask(
    _ benchmark: Benchmark, _ setting: Setting, _ measure: Setting.Measure, _ epoch: EpochChoice
  ) throws {
    let lookup = try benchmark.lookup(metric: measure.metric, measure.split, epoch, in: setting)
    let fields = [FilterField("parameters"), FilterField("train_seconds")]
    _ = try? benchmark.top(3, lookup, fields: fields)
    _ = try? benchmark.top(3, lookup, where: benchmark.filter("parameters > 1", for: setting))
    _ = try? benchmark.correlationsWithFinal(lookup)
    _ = try? benchmark.correlations(between: [("a", lookup), ("b", lookup)])
    var generator = SeededGenerator(seed: 1)
    _ = try? benchmark.randomRow(in: setting, using: &generator)
    for row in Array(setting.spaceRows.prefix(4)) {
      guard let entry = try? benchmark.atlas.architecture(row: row) else { continue }
      _ = try? lookup.answer(entry)
      _ = try? lookup.curves(entry)
      _ = try? lookup.value(ofArchitecture: row)
      _ = try? benchmark.identifiers(of: entry)
      _ = try? benchmark.neighbors(ofText: entry.canonicalText, lookup)
      _ = try? benchmark.architecture(entry.canonicalText)
      var session = Session(lookup, ledger: BudgetLedger(seed: 1, limits: BudgetLimits()), isNoisy: true)
      _ = try? session.ask(entry)
      for run in (try? setting.runs(ofArchitecture: row)) ?? 0..<0 {
        for epoch in [0, 1, 3, 1_000] {
          _ = try? benchmark.simulatedTrainingSeconds(run: run, in: setting, upTo: epoch)
        }
      }
    }
    // What `fit` and `evaluate predictors` read.
    guard let data = try? lookup.surrogateData() else { return }
    _ = try? lookup.curveData(of: data)
    _ = try? lookup.meanCurves(of: data)
  }

  private static func fields(_ benchmark: Benchmark, _ setting: Setting) throws {
    let objectives = [Objective(FilterField("parameters"), .minimise), Objective(FilterField("seed"), .maximise)]
    _ = try? benchmark.paretoFront(objectives, in: setting)
    for name in setting.scoreFields + setting.countNames + setting.costNames
      + setting.attributeNames.map({ "attribute.\($0)" }) + ["latency[pi]", "latency"]
    {
      guard let field = try? FilterField(parsing: name) else { continue }
      _ = try? benchmark.table(of: [field], rows: [1, 2, nil], in: setting)
      _ = try? benchmark.surrogateData(of: field, in: setting)
      _ = try? benchmark.measuredData(of: field, space: setting.space, dataset: nil)
    }
    for quantity in benchmark.atlas.quantities { _ = try? CanonicalJSON.text(quantity.quantity) }
  }

  private static func merge(_ path: String) throws {
    let working = path + ".merged"
    for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: working + suffix) }
    let store = try WorkingStore(path: working)
    try store.ingest(atlases: [path], reading: CatalogueReader())
    try store.publish(to: working + ".atlas")
  }
}
