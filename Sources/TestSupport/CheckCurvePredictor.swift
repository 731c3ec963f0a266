import Records
public import Surrogates

/// The conformance kit of ``CurvePredictorMethod`` and ``CurvePredictor``: the violations found, as messages, none when a
/// method keeps its promises.
///
/// Fits `method` to the first three quarters of `sample` and checks on the rest, as far as it will have been seen: equal
/// seeds give equal bits; many at once are predicted as each alone, in any order; a model file predicts the same bits and
/// is written with the same bytes again; means are finite and deviations finite and not negative; what is not asked for
/// changes nothing; curves in the other direction are refused; damaged model files are refused (`flips` of one bit, and
/// cuts, and empty arrays); few, equal and constant curves are learnt or refused with a ``SurrogatesError``; predictions
/// rank `sample` better than chance.
public func checkCurvePredictor(
  _ method: any CurvePredictorMethod, on sample: CurveTrainingSet, seed: UInt64 = 1, flips: Int = 30
) -> [String] {
  var check = CurvePredictorCheck(method: method, seed: seed)
  let cut = sample.count * 3 / 4
  do {
    let training = try sample.rows(Array(0..<cut))
    let unseen = sample.observed.rows(cut..<sample.count)
    let predictor = try method.fit(training, seed: seed)
    let predictions = try predictor.predict(unseen)
    check.numbers(predictions)
    check.equal(try method.fit(training, seed: seed).predict(unseen), predictions, "a second fit with the same seed")
    try check.rowByRow(predictor, unseen, predictions)
    try check.file(predictor, unseen, predictions, flips: flips)
    try check.inputs(predictor, unseen, predictions)
    try check.ranking(predictor.predict(sample.observed), sample)
    try check.degenerate(training)
  } catch {
    check.violations.append("\(method.name) throws \(error)")
  }
  return check.violations
}

private struct CurvePredictorCheck: PromiseCheck {
  let method: any CurvePredictorMethod
  let seed: UInt64
  var violations: [String] = []

  init(method: any CurvePredictorMethod, seed: UInt64) {
    self.method = method
    self.seed = seed
  }

  var name: String { method.name }

  mutating func rowByRow(_ predictor: any CurvePredictor, _ unseen: CurveSet, _ expected: [Prediction]) throws {
    equal(try (0..<unseen.count).flatMap { try predictor.predict(unseen.rows([$0])) }, expected, "each curve alone")
    let reversed = try predictor.predict(unseen.rows((0..<unseen.count).reversed()))
    equal(reversed.reversed(), expected, "the curves in another order")
    if try !predictor.predict(unseen.rows([])).isEmpty { report("no curves give predictions") }
  }

  mutating func file(
    _ predictor: any CurvePredictor, _ unseen: CurveSet, _ expected: [Prediction], flips: Int
  ) throws {
    let file = try ArrayFile.model.encode(ArrayArchive(of: predictor))
    let loaded = try ArrayFile.model.decode(file).curvePredictor()
    equal(try loaded.predict(unseen), expected, "the loaded model")
    if try ArrayFile.model.encode(ArrayArchive(of: loaded)) != file {
      report("a loaded model is written with other bytes")
    }
    try damage(file, flips: flips)
    // As a forged file with a valid digest would have them.
    let archive = try ArrayArchive(of: predictor)
    for name in archive.arrays.keys.sorted() {
      var forged = archive
      forged.set(name, [Double]())
      do {
        _ = try forged.curvePredictor()
        report("\(name) may be empty")
      } catch is DamagedArchive {}
    }
    do {
      _ = try ArrayArchive(kind: archive.kind).curvePredictor()
      report("settings may be missing")
    } catch is DamagedArchive {}
  }

  mutating func inputs(_ predictor: any CurvePredictor, _ unseen: CurveSet, _ expected: [Prediction]) throws {
    if let features = unseen.features {
      let own = try CurveSet(
        unseen.curves, unseen.direction, features: features.selecting(method.encodings), datasets: unseen.datasets)
      equal(try predictor.predict(own), expected, "the encodings asked for, alone,")
    }
    if !method.encodings.isEmpty {
      do {
        _ = try predictor.predict(unseen.curvesAlone)
        report("missing features are not noticed")
      } catch is SurrogatesError {}
    }
    let other: CurveSet.Direction = unseen.direction == .largerIsBetter ? .smallerIsBetter : .largerIsBetter
    do {
      _ = try predictor.predict(
        CurveSet(unseen.curves, other, features: unseen.features, datasets: unseen.datasets))
      report("curves in the other direction are not noticed")
    } catch is SurrogatesError {}
  }

  mutating func ranking(_ predictions: [Prediction], _ sample: CurveTrainingSet) {
    let sign = method.answer == .score && !sample.largerValueIsBetter ? -1.0 : 1
    let values = sample.values
    var agreeing = 0
    var pairs = 0
    for first in values.indices {
      for second in 0..<first where values[first] != values[second] {
        pairs += 1
        let ahead = sign * (predictions[first].mean - predictions[second].mean)
        if ahead * (values[first] - values[second]) > 0 { agreeing += 1 }
      }
    }
    if Double(agreeing) < 0.55 * Double(pairs) { report("\(agreeing) of \(pairs) pairs stand in order") }
  }

  mutating func degenerate(_ training: CurveTrainingSet) throws {
    let flat = try CurveTrainingSet(
      CurveSet(
        training.curves.curves.map { $0.map { _ in 0.5 } }, training.curves.direction,
        features: training.curves.features, datasets: training.curves.datasets),
      training.values.map { _ in 0.5 }, largerValueIsBetter: training.largerValueIsBetter,
      observedEpochs: training.observedEpochs, targetEpoch: training.targetEpoch)
    for (what, set) in [
      ("no curves", try training.rows([])), ("one curve", try training.rows([0])),
      ("two curves", try training.rows([0, 1])), ("constant curves", flat),
      ("equal values", try training.replacing(training.values.map { _ in 0.5 })),
      ("one curve twelve times", try training.rows(Array(repeating: 0, count: 12))),
    ] {
      do {
        let predictor = try method.fit(set, seed: seed)
        for seen in [training.observed.rows([0, 1, 2]), flat.observed.rows([0])] {
          if try predictor.predict(seen).contains(where: { !$0.mean.isFinite || !$0.standardDeviation.isFinite }) {
            report("\(what) give numbers that are not finite")
          }
        }
      } catch is SurrogatesError {}
    }
  }
}
