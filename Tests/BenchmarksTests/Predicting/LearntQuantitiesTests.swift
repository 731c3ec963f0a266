import Benchmarks
import Records
import Spaces
import Surrogates
import Testing

/// What is learnt beside values of a metric: curves, and fields such as costs.
@Suite struct LearntQuantitiesTests {
  private let table: StudiedTable

  init() throws { table = try StudiedTable.shared() }

  @Test func meanCurvesAreThoseOfTheRuns() throws {
    let lookup = try table.lookup
    let data = try lookup.surrogateData()
    let curves = try lookup.meanCurves(of: data)
    #expect(curves.count == 120 && curves.allSatisfy { $0?.count == 3 })
    for (text, curve) in zip(data.architectures.prefix(5), curves) {
      let told = try lookup.curves(table.benchmark.architecture(text)).mean?.map(\.value)
      #expect(curve == told)
    }
    // With one of both seeds, curves are that run's.
    let one = try table.benchmark.filter("seed = 777", for: lookup.setting)
    #expect(try lookup.meanCurves(of: data, where: one) != curves)
  }

  @Test func lastValuesAloneAreNoCurves() throws {
    func lines(_ epochs: String, _ values: String) -> [String] {
      [
        CardLine.source("ends"), CardLine.metric("accuracy_percent", unit: "percent", largerIsBetter: true),
        CardLine.dataset("cifar10"), CardLine.trainingProtocol("short", epochs: 9),
        #"{"run":{"key":{"space":"nasbench201","architecture":"nats:7","dataset":"cifar10","protocol":"short","#
          + #""seed":1},"source":"ends","status":"completed","curves":[{"metric":"accuracy_percent","#
          + #""split":"validation","values":[50],"at":[9]},{"metric":"accuracy_percent","split":"train","#
          + #""values":[\#(values)],"at":[\#(epochs)]}]}}"#,
      ]
    }
    let sparse = try PublishedAtlas(lines: lines("1,9", "20,60"))
    defer { withExtendedLifetime(sparse) {} }
    let question = Question(metric: Metric("accuracy_percent"))
    let lookup = try sparse.benchmark.lookup(question)
    #expect(
      throws: BenchmarkError.noCurves(
        measure: "accuracy_percent on validation", setting: "cifar10 under short",
        known: ["accuracy_percent on train of cifar10 under short"])
    ) { try lookup.meanCurves(of: lookup.surrogateData()) }
    let train = try sparse.benchmark.lookup(Question(metric: Metric("accuracy_percent"), split: .train))
    #expect(
      throws: BenchmarkError.sparseCurves(
        measure: "accuracy_percent on train", setting: "cifar10 under short", known: [1, 9])
    ) { try train.meanCurves(of: train.surrogateData()) }
    let dense = try PublishedAtlas(lines: lines("1,2", "20,60"))
    defer { withExtendedLifetime(dense) {} }
    let whole = try dense.benchmark.lookup(Question(metric: Metric("accuracy_percent"), split: .train))
    #expect(try whole.meanCurves(of: whole.surrogateData()) == [[20, 60]])
  }

  @Test func fieldsAreLearntLikeMetrics() throws {
    let (benchmark, setting) = (table.benchmark, try table.lookup.setting)
    let data = try benchmark.surrogateData(of: FilterField("parameters"), in: setting)
    #expect(data.values.sorted() == table.cells.map { Double(1000 + $0) } && data.runs == 240)
    #expect(try benchmark.unit(of: FilterField("parameters"), in: setting) == "1")
    #expect(try benchmark.unit(of: FilterField("train_seconds"), in: setting) == "second")
    #expect(throws: BenchmarkError.self) {
      try benchmark.surrogateData(of: FilterField("protocol"), in: setting)
    }
    let few = try benchmark.filter("seed = 777 and parameters < 5000", for: setting)
    let some = try benchmark.surrogateData(of: FilterField("parameters"), in: setting, where: few)
    #expect(some.values == data.values.filter { $0 < 5000 } && some.runs == some.values.count)
  }
}
