import Records
public import Surrogates

/// The conformance kit of ``PredictorMethod`` and ``Predictor``: the violations found, as messages, none when a method
/// keeps its promises.
///
/// Fits `method` to the first three quarters of `sample` and checks on the rest: equal seeds give equal bits; many at once
/// are predicted as each alone, in any order; a model file predicts the same bits and is written with the same bytes
/// again; means are finite and deviations finite and not negative; blocks that are not asked for change nothing;
/// missing and foreign blocks are refused; so are damaged model files (`flips` of one bit, and cuts); equal values and
/// sets of few rows are learnt or refused with a ``SurrogatesError``; predictions rank the training set better than
/// chance.
public func checkPredictor(
  _ method: any PredictorMethod, on sample: TrainingSet, seed: UInt64 = 1, flips: Int = 50
) -> [String] {
  var check = PredictorCheck(method: method, seed: seed)
  let cut = sample.count * 3 / 4
  do {
    let training = try sample.rows(Array(0..<cut))
    let unseen = sample.features.rows(cut..<sample.count)
    let predictor = try method.fit(training, seed: seed)
    let predictions = try predictor.predict(unseen)
    check.numbers(predictions)
    check.equal(
      try method.fit(training, seed: seed).predict(unseen), predictions, "a second fit with the same seed")
    try check.rowByRow(predictor, unseen, predictions)
    try check.file(predictor, unseen, predictions, flips: flips)
    try check.blocks(predictor, unseen, predictions)
    try check.learning(predictor.predict(training.features), training.values)
    try check.degenerate(training)
  } catch {
    check.violations.append("\(method.name) throws \(error)")
  }
  return check.violations
}

private struct PredictorCheck: PromiseCheck {
  let method: any PredictorMethod
  let seed: UInt64
  var violations: [String] = []

  init(method: any PredictorMethod, seed: UInt64) {
    self.method = method
    self.seed = seed
  }

  var name: String { method.name }

  mutating func rowByRow(_ predictor: any Predictor, _ unseen: FeatureMatrix, _ expected: [Prediction]) throws {
    let alone = try (0..<unseen.count).flatMap { try predictor.predict(unseen.rows([$0])) }
    equal(alone, expected, "each row alone")
    let reversed = try predictor.predict(unseen.rows((0..<unseen.count).reversed()))
    equal(reversed.reversed(), expected, "the rows in another order")
    if try !predictor.predict(unseen.rows([])).isEmpty { report("no rows give predictions") }
  }

  mutating func file(
    _ predictor: any Predictor, _ unseen: FeatureMatrix, _ expected: [Prediction], flips: Int
  ) throws {
    let file = try ArrayFile.model.encode(ArrayArchive(of: predictor))
    let loaded = try ArrayFile.model.decode(file).predictor()
    equal(try loaded.predict(unseen), expected, "the loaded model")
    if try ArrayFile.model.encode(ArrayArchive(of: loaded)) != file {
      report("a loaded model is written with other bytes")
    }
    try damage(file, flips: flips)
    // Arrays of other lengths, as a forged file with a valid digest would have them.
    let archive = try ArrayArchive(of: predictor)
    for name in archive.arrays.keys.sorted() {
      var forged = archive
      forged.set(name, [Double]())
      do {
        _ = try forged.predictor()
        report("\(name) may be empty")
      } catch is DamagedArchive {}
    }
  }

  mutating func blocks(_ predictor: any Predictor, _ unseen: FeatureMatrix, _ expected: [Prediction]) throws {
    let own = try unseen.selecting(method.encodings)
    equal(try predictor.predict(own), expected, "the encodings asked for, alone,")
    guard let first = method.encodings.first?.description else { return report("it asks for no encoding") }
    do {
      _ = try predictor.predict(FeatureMatrix("foreign", rows: [[1, 2, 3]]))
      report("a missing block is not noticed")
    } catch is SurrogatesError {}
    do {
      let blocks = own.blocks.map { FeatureMatrix.Block(name: $0.name, width: $0.width + ($0.name == first ? 1 : 0)) }
      let width = own.width + 1
      _ = try predictor.predict(FeatureMatrix(blocks: blocks, count: 1, values: .init(repeating: 0, count: width)))
      report("a block of another width is not noticed")
    } catch is SurrogatesError {}
  }

  mutating func learning(_ predictions: [Prediction], _ values: [Double]) {
    var agreeing = 0
    var pairs = 0
    for first in values.indices {
      for second in 0..<first where values[first] != values[second] {
        pairs += 1
        if (predictions[first].mean - predictions[second].mean) * (values[first] - values[second]) > 0 { agreeing += 1 }
      }
    }
    if Double(agreeing) < 0.55 * Double(pairs) { report("\(agreeing) of \(pairs) training pairs stand in order") }
  }

  mutating func degenerate(_ training: TrainingSet) throws {
    let constant = try training.replacing(training.values.map { _ in 0.5 })
    let repeated = try training.rows(Array(repeating: 0, count: 12) + Array(repeating: 1, count: 12))
    for (what, set) in [
      ("no rows", try training.rows([])), ("one row", try training.rows([0])), ("two rows", try training.rows([0, 1])),
      ("equal values", constant), ("two architectures, each twelve times,", repeated),
    ] {
      do {
        let predictions = try method.fit(set, seed: seed).predict(training.features)
        if predictions.contains(where: { !$0.mean.isFinite || !$0.standardDeviation.isFinite }) {
          report("\(what) give numbers that are not finite")
        }
        if what == "equal values", predictions.contains(where: { abs($0.mean - 0.5) > 0.1 }) {
          report("equal values are not learnt")
        }
      } catch is SurrogatesError {}
    }
  }
}
