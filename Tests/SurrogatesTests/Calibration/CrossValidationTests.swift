import Records
import Surrogates
import Testing

/// Remembers the rows it was fitted to, and predicts for each row whether it is one of them.
private struct RowMemory: PredictorMethod, Predictor {
  static let kind = "row-memory"
  let name = "row-memory"
  let encodings = [EncodingChoice.slots]
  var rows: Set<Double> = []
  var seed: UInt64 = 0

  func fit(_ training: TrainingSet, seed: UInt64) throws -> any Predictor {
    RowMemory(rows: Set((0..<training.count).compactMap { training.features.row($0).first }), seed: seed)
  }

  func predict(_ features: FeatureMatrix) throws -> [Prediction] {
    (0..<features.count).map { index in
      let isKnown = features.row(index).first.map(rows.contains) ?? false
      return Prediction(mean: isKnown ? 1 : 0, aleatoric: Double(rows.count), epistemic: Double(seed % 1_000_003))
    }
  }

  init(rows: Set<Double> = [], seed: UInt64 = 0) {
    self.rows = rows
    self.seed = seed
  }

  func write(to archive: inout ArrayArchive) throws {}
  init(from archive: ArrayArchive) throws {}
}

@Suite struct CrossValidationTests {
  private func sample(_ count: Int) throws -> TrainingSet {
    try TrainingSet(FeatureMatrix("slots", rows: (0..<count).map { [Double($0)] }), (0..<count).map(Double.init))
  }

  @Test func everyRowIsPredictedByAFitThatHasNotSeenIt() throws {
    for (count, folds) in [(23, 5), (10, 10), (2, 2), (101, 3)] {
      let found = try CrossValidation(of: RowMemory(), on: sample(count), folds: folds, seed: 7)
      #expect(found.predictions.count == count && found.predictions.allSatisfy { $0.mean == 0 })
      let sizes = (0..<folds).map { fold in found.folds.count { $0 == fold } }
      #expect(sizes.reduce(0, +) == count && (sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
      // Each fit had all the others, and a seed of its own.
      for (row, prediction) in found.predictions.enumerated() {
        #expect(prediction.aleatoric == Double(count - sizes[found.folds[row]]))
      }
      #expect(Set(found.predictions.map(\.epistemic)).count == folds)
      #expect(found.fitSeconds.count == folds && found.fitSeconds.allSatisfy { $0 >= 0 })
    }
  }

  @Test func theSeedDecidesTheFolds() throws {
    let first = try CrossValidation(of: RowMemory(), on: sample(40), folds: 4, seed: 1)
    let again = try CrossValidation(of: RowMemory(), on: sample(40), folds: 4, seed: 1)
    let other = try CrossValidation(of: RowMemory(), on: sample(40), folds: 4, seed: 2)
    #expect(first.folds == again.folds && first.predictions == again.predictions)
    #expect(first.folds != other.folds)
  }

  @Test(arguments: [-1, 0, 1, 11])
  func foldsThatCannotBeAreRefused(folds: Int) throws {
    let set = try sample(10)
    #expect(
      throws: SurrogatesError.badSetting(
        predictor: "row-memory", setting: "folds", found: "\(folds)", allowed: "2 to 10, the architectures")
    ) { try CrossValidation(of: RowMemory(), on: set, folds: folds, seed: 1) }
  }
}
