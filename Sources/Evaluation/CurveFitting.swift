import Records
import Spaces
import Surrogates

/// One predictor of learning curves on the splits of a suite.
struct CurveFitting<C: Clock<Duration>> {
  private let method: any CurvePredictorMethod
  private let suite: PredictorSuite
  private let curves: SampleCurves
  private let clock: C
  private let encoder: ArchitectureEncoder?

  init(_ method: any CurvePredictorMethod, _ suite: PredictorSuite, _ curves: SampleCurves, _ clock: C) throws {
    self.method = method
    self.suite = suite
    self.curves = curves
    self.clock = clock
    encoder = method.encodings.isEmpty ? nil : try suite.sample.encoder(method.encodings)
  }

  /// One prediction a test architecture, of which `epochs` are seen, and what fit and query took.
  ///
  /// Scores come back so that they stand in the order of the values. Learnt are the whole curves of the train
  /// architectures, or of as many that are not tested on each other data set.
  func predict(_ split: PredictorSplit, epochs: Int) throws -> ([Prediction], [PredictorMetric: Double]) {
    let sample = suite.sample
    let training = try CurveTrainingSet(
      learnt(split), values(split), largerValueIsBetter: sample.largerIsBetter, observedEpochs: epochs,
      targetEpoch: curves.targetEpoch)
    let test = try CurveSet(
      split.test.map { Array(curves.curves[$0].prefix(epochs)) }, curves.direction,
      features: encoder?.features(of: split.test.map { sample.architectures[$0] }),
      datasets: split.test.map { _ in curves.dataset })
    let seed = SeededGenerator.derive(
      suite.rules.seed, "fit, trial \(split.trial), train size \(split.trainSize), \(epochs) epochs seen")
    let start = clock.now
    let predictor = try method.fit(training, seed: seed)
    let fitted = clock.now
    let predictions = try predictor.predict(test)
    let end = clock.now
    let isTurned = method.answer == .score && !sample.largerIsBetter
    return (
      isTurned ? predictions.map { Prediction(mean: -$0.mean) } : predictions,
      [
        .fitSeconds: start.duration(to: fitted) / .seconds(1),
        .querySeconds: fitted.duration(to: end) / .seconds(1) / Double(max(1, split.test.count)),
      ]
    )
  }

  private var looksElsewhere: Bool { method.learnsAcrossDatasets && !suite.rules.otherDatasets.isEmpty }

  private func learnt(_ split: PredictorSplit) throws -> CurveSet {
    guard looksElsewhere else {
      return try CurveSet(
        split.train.map { curves.curves[$0] }, curves.direction,
        features: encoder?.features(of: split.train.map { suite.sample.architectures[$0] }),
        datasets: split.train.map { _ in curves.dataset })
    }
    let drawn = try drawn(split)
    return try CurveSet(
      drawn.flatMap { runs, places in places.map { runs.curves[$0] } }, curves.direction,
      features: encoder?.features(of: drawn.flatMap { runs, places in places.map { runs.architectures[$0] } }),
      datasets: drawn.flatMap { runs, places in places.map { _ in runs.dataset } })
  }

  private func values(_ split: PredictorSplit) throws -> [Double] {
    guard looksElsewhere else { return split.train.map { suite.sample.values[$0] } }
    return try drawn(split).flatMap { runs, places in places.map { runs.values[$0] } }
  }

  /// As many runs on each other data set as the train size says, none of a tested architecture; they follow from the
  /// protocol's seed and the trial, and a smaller set is the beginning of a larger one.
  private func drawn(_ split: PredictorSplit) throws -> [(SampleCurves.OtherRuns, [Int])] {
    let tested = Set(split.test.map { suite.sample.architectures[$0] })
    return try suite.rules.otherDatasets.compactMap { name in curves.others.first { $0.dataset == name } }.map { runs in
      var generator = SeededGenerator(seed: suite.rules.seed).stream("runs on \(runs.dataset), trial \(split.trial)")
      var places = Array(runs.architectures.indices)
      generator.shuffle(&places)
      places = Array(places.filter { !tested.contains(runs.architectures[$0]) }.prefix(split.trainSize))
      guard places.count == split.trainSize else {
        throw EvaluationError.tooFewElsewhere(dataset: runs.dataset, found: places.count, train: split.trainSize)
      }
      return (runs, places)
    }
  }
}
