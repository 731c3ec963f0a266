import Records
import Statistics
import Surrogates
import TestSupport
import Testing

/// Predicts 0 with a deviation read from the row: its second number, times `factor`.
private struct Claim: PredictorMethod, Predictor {
  static let kind = "claim"
  let name = "claim"
  let encodings = [EncodingChoice.slots]
  let factor: Double

  init(factor: Double) { self.factor = factor }

  func fit(_ training: TrainingSet, seed: UInt64) throws -> any Predictor { self }

  func predict(_ features: FeatureMatrix) throws -> [Prediction] {
    (0..<features.count).map { Prediction(mean: 0, epistemic: factor * (features.row($0).last ?? 0)) }
  }

  func write(to archive: inout ArrayArchive) throws {}
  init(from archive: ArrayArchive) throws { factor = 1 }
}

@Suite struct CalibratedMethodTests {
  /// Values of N(0, s²) whose s, 0.5…2, is in the row.
  private func scatter(_ count: Int, seed: UInt64) throws -> TrainingSet {
    var generator = SeededGenerator(seed: seed)
    let deviations = (0..<count).map { _ in 0.5 + 1.5 * generator.uniform() }
    let values = deviations.map { $0 * NormalDistribution.quantile(max(generator.uniform(), 1e-12)) }
    return try TrainingSet(
      FeatureMatrix("slots", rows: deviations.enumerated().map { [Double($0), $1] }), values)
  }

  private func coverage(_ method: any PredictorMethod, _ training: TrainingSet, _ test: TrainingSet) throws -> Double {
    let found = try method.fit(training, seed: 1).predict(test.features)
    return CalibrationMetrics(truth: test.values, predictions: found).coverage(of: 0.8) ?? .nan
  }

  @Test(arguments: [PerceptronMethod.mlp, PerceptronMethod.bananas, BoostedTrees.seqNAS] as [any PredictorMethod])
  func intervalsOfUnseenRowsHoldWhatTheySay(method: any PredictorMethod) throws {
    let all = try cellSample(method.encodings, count: 720)
    let training = try all.rows(Array(0..<120))
    let test = try all.rows(Array(120..<720))
    let raw = try coverage(method, training, test)
    #expect(raw < 0.7, "\(method.name) is honest by itself, \(raw): a test of others")
    let honest = try coverage(CalibratedMethod(method), training, test)
    #expect((0.7...0.9).contains(honest), "\(method.name): \(raw), calibrated \(honest)")
  }

  @Test func meansStayToTheLastBit() throws {
    let all = try cellSample([.summary, .paths, .slots], count: 100)
    let training = try all.rows(Array(0..<70))
    for method in [NearestNeighbors(), RandomForest.smac] as [any PredictorMethod] {
      let raw = try method.fit(training, seed: 3).predict(all.features)
      let honest = try CalibratedMethod(method).fit(training, seed: 3).predict(all.features)
      #expect(raw.map(\.mean) == honest.map(\.mean))
      #expect(honest.allSatisfy { $0.standardDeviation > 0 })
    }
  }

  @Test func promisesAreKept() throws {
    let sample = try cellSample([.summary, .paths, .slots], count: 80)
    #expect(checkPredictor(CalibratedMethod(NearestNeighbors(), folds: 3), on: sample) == [])
    #expect(checkPredictor(CalibratedMethod(RandomForest.smac), on: sample) == [])
  }

  @Test func deviationsThatAreNoneComeFromWhatIsHeldOut() throws {
    let test = try scatter(1000, seed: 2)
    let found = try CalibratedMethod(Claim(factor: 0)).fit(scatter(300, seed: 1), seed: 1).predict(test.features)
    #expect(Set(found.map(\.standardDeviation)).count == 1 && found[0].aleatoric == 0)
    let share = CalibrationMetrics(truth: test.values, predictions: found).coverage(of: 0.8) ?? .nan
    #expect((0.75...0.86).contains(share), "\(share)")
  }

  @Test(arguments: [0.01, 0.3, 4])
  func deviationsOfTheWrongSizeAreScaled(factor: Double) throws {
    let training = try scatter(400, seed: 3)
    let test = try scatter(1000, seed: 4)
    let share = try coverage(CalibratedMethod(Claim(factor: factor)), training, test)
    #expect((0.75...0.86).contains(share), "\(share)")
  }

  @Test func deviationsOfTheRightSizeAreLeft() throws {
    let test = try scatter(10, seed: 4)
    let right = try Claim(factor: 1).predict(test.features)
    let left = try (100..<140).count { seed in
      try CalibratedMethod(Claim(factor: 1)).fit(scatter(400, seed: seed), seed: 1).predict(test.features) == right
    }
    // Twice the standard error lets 1 of 20 samples look wrong that are not.
    #expect(left >= 34, "\(left) of 40")
  }

  @Test func noRowIsJudgedByWhatItTaught() throws {
    let training = try scatter(60, seed: 5)
    let method = CalibratedMethod(Claim(factor: 0.1), folds: 3)
    let before = try method.fitHoldingOut(training, seed: 7)
    var values = training.values
    values[0] = 1000
    let after = try method.fitHoldingOut(training.replacing(values), seed: 7)
    // The far value widens the fit's deviations and those of the other folds, but not its own.
    let row = training.features.rows([0])
    #expect(try before.predictor.predict(row) != after.predictor.predict(row))
    #expect(before.heldOut[0] == after.heldOut[0])
    #expect(before.heldOut != after.heldOut)
  }

  @Test func settingsAndFilesThatCannotBeAreRefused() throws {
    let sample = try cellSample([.summary], count: 30)
    #expect(throws: SurrogatesError.self) { try CalibratedMethod(NearestNeighbors(), folds: 1).fit(sample, seed: 1) }
    #expect(throws: SurrogatesError.tooFew(predictor: "k-nearest-neighbors", count: 1, needed: 2)) {
      try CalibratedMethod(NearestNeighbors()).fit(sample.rows([0]), seed: 1)
    }
    var archive = try ArrayArchive(
      of: CalibratedMethod(PerceptronMethod.mlp).fit(
        cellSample(PerceptronMethod.mlp.encodings, count: 60), seed: 1))
    #expect(archive.kind == "calibrated")
    struct Forged: Encodable {
      let typical = 1.0
      let shrinkage = 0.5
      let stretch = -1.0
    }
    try archive.setSettings(Forged())
    let forged = archive
    #expect(throws: DamagedArchive.self) { try forged.predictor() }
  }
}
