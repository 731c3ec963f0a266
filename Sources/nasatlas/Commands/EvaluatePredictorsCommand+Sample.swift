import Benchmarks
import Evaluation
import Oracles
import Records
import Spaces
import Store
import Surrogates

/// What predictors are compared on.
extension EvaluatePredictorsCommand {
  /// Values of a metric or of another field, with curves where predictors see some.
  func sample(_ benchmark: Benchmark) throws -> PredictorSample {
    if let target { return try sample(benchmark, of: target) }
    var question = setting.question.about(metric, split: try metric.onlySplit())
    question.epoch = epoch ?? (rules.fidelities.isEmpty ? nil : .last)
    let lookup = try benchmark.lookup(question)
    let found = try runs(lookup)
    let others = try rules.otherDatasets.map { name in
      question.dataset = name
      question.metric = lookup.metric
      question.trainingProtocol = benchmark.protocolName(lookup.setting)
      let other = try runs(benchmark.lookup(question))
      return SampleCurves.OtherRuns(
        dataset: name, architectures: other.architectures, curves: other.curves, values: other.values)
    }
    let dataset = setting.dataset ?? lookup.setting.dataset
    let card = lookup.card
    return try PredictorSample(
      found.architectures, values: found.values, unit: card.unit, largerIsBetter: card.largerIsBetter,
      title: "\(card.name) (\(card.unit)) on \(lookup.split.rawValue) of \(dataset), \(lookup.setting.space)",
      space: benchmark.spaces.space(lookup.setting.space),
      curves: rules.fidelities.isEmpty
        ? nil
        : SampleCurves(
          dataset: dataset, curves: found.curves, direction: lookup.curveDirection, targetEpoch: found.targetEpoch,
          others: others), encoder: { try lookup.encoder($0) })
  }

  private func sample(_ benchmark: Benchmark, of target: String) throws -> PredictorSample {
    let (field, direction) = try Objective.spelled(target)
    if benchmark.atlas.settings.isEmpty { return try measured(benchmark, field, direction) }
    let found = try benchmark.setting(setting.question)
    let data = try benchmark.surrogateData(
      of: field, in: found, where: filter.condition.map { try benchmark.filter($0, for: found) })
    let unit = try benchmark.unit(of: field, in: found)
    return try PredictorSample(
      data.architectures, values: data.values, unit: unit,
      largerIsBetter: (direction ?? benchmark.direction(of: field, in: found)) == .maximise,
      title: "\(field.text)\(unit == "1" ? "" : " (\(unit))") on \(setting.dataset ?? found.dataset), \(found.space)",
      space: benchmark.spaces.space(found.space), encoder: { try benchmark.encoder($0, in: found) })
  }

  /// A measurement of an atlas that has no runs.
  private func measured(
    _ benchmark: Benchmark, _ field: FilterField, _ direction: ObjectiveDirection?
  ) throws -> PredictorSample {
    guard setting.trainingProtocol == nil else { throw BenchmarkError.noRuns(atlas: atlas) }
    let space = try benchmark.onlySpace(setting.space)
    let dataset = setting.dataset
    let data = try benchmark.measuredData(
      of: field, space: space, dataset: dataset, where: filter.condition)
    let unit = try benchmark.measuredQuantity(field, space: space, dataset: dataset).quantity.unit
    return try PredictorSample(
      data.architectures, values: data.values, unit: unit, largerIsBetter: direction == .maximise,
      title: "\(field.text)\(unit == "1" ? "" : " (\(unit))")\(dataset.map { " on \($0)" } ?? ""), \(space)",
      space: benchmark.spaces.space(space),
      encoder: { try benchmark.encoder($0, ofSpace: space, dataset: dataset) })
  }

  private typealias Runs = (architectures: [String], values: [Double], curves: [[Double]], targetEpoch: Int)

  /// What the atlas answers; where curves are seen, of the architectures whose curves are long enough.
  private func runs(_ lookup: Lookup) throws -> Runs {
    let condition = try filter.condition.map { try lookup.benchmark.filter($0, for: lookup.setting) }
    let data = try lookup.surrogateData(where: condition)
    guard let deepest = rules.fidelities.max() else { return (data.architectures, data.values, [], 0) }
    var curves = try lookup.meanCurves(of: data, where: condition)
    if case .number(let last) = lookup.epoch { curves = curves.map { $0.map { Array($0.prefix(last)) } } }
    let kept = curves.indices.filter { (curves[$0]?.count ?? 0) >= deepest }
    let longest = curves.map { $0?.count ?? 0 }.max() ?? 0
    guard !kept.isEmpty else {
      throw EvaluationError.setting(name: "a number of epochs seen", found: "\(deepest)", allowed: "1 to \(longest)")
    }
    if kept.count < curves.count {
      Output.note(
        "on \(NumberText.count(kept.count)) of \(NumberText.count(curves.count)) architectures of "
          + "\(lookup.setting.dataset): those with curves of \(deepest) epochs")
    }
    return (
      kept.map { data.architectures[$0] }, kept.map { data.values[$0] }, kept.compactMap { curves[$0] }, longest
    )
  }
}
