import Records
import Spaces
import Surrogates

/// One method on the splits of a suite, with what it sees of their architectures.
struct SplitFitting<C: Clock<Duration>> {
  private let method: any PredictorMethod
  private let suite: PredictorSuite
  private let clock: C
  private let encoder: ArchitectureEncoder
  private let features: FeatureMatrix
  /// The row of `features` of a place in the sample.
  private let rows: [Int: Int]

  init(_ method: any PredictorMethod, _ suite: PredictorSuite, _ clock: C) throws {
    self.method = method
    self.suite = suite
    self.clock = clock
    encoder = try suite.sample.encoder(method.encodings)
    var needed: Set<Int> = []
    for split in suite.splits {
      needed.formUnion(split.train)
      needed.formUnion(split.test)
    }
    let places = needed.sorted()
    features = try encoder.features(of: places.map { suite.sample.architectures[$0] })
    rows = Dictionary(uniqueKeysWithValues: places.enumerated().map { ($1, $0) })
  }

  /// One prediction a test architecture, and what fit and query took.
  func predict(_ split: PredictorSplit) throws -> ([Prediction], [PredictorMetric: Double]) {
    let training = try TrainingSet(
      features.rows(split.train.compactMap { rows[$0] }), split.train.map { suite.sample.values[$0] },
      unlabelled: unlabelled(split))
    let test = features.rows(split.test.compactMap { rows[$0] })
    let seed = SeededGenerator.derive(suite.rules.seed, "fit, trial \(split.trial), train size \(split.trainSize)")
    let start = clock.now
    let predictor = try method.fit(training, seed: seed)
    let fitted = clock.now
    let predictions = try predictor.predict(test)
    let end = clock.now
    return (
      predictions,
      [
        .fitSeconds: start.duration(to: fitted) / .seconds(1),
        .querySeconds: fitted.duration(to: end) / .seconds(1) / Double(max(1, split.test.count)),
      ]
    )
  }

  /// Architectures without values for methods that learn from them: drawn from the space, or, where a space has no rules,
  /// from those of the sample.
  private func unlabelled(_ split: PredictorSplit) throws -> FeatureMatrix? {
    let count = method.unlabelledCount(for: split.train.count)
    guard count > 0 else { return nil }
    var generator = SeededGenerator(seed: suite.rules.seed)
      .stream("unlabelled, trial \(split.trial), train size \(split.trainSize)")
    let sample = suite.sample
    let texts = try (0..<count).map { _ in
      do {
        return try sample.space.sample(using: &generator)
      } catch SpacesError.noRules {
        return generator.pick(sample.architectures)
      }
    }
    return try encoder.features(of: texts)
  }
}
