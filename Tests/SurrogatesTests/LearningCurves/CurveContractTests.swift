import Records
import Surrogates
import TestSupport
import Testing

@Suite struct CurveContractTests {
  @Test func curvesThatDoNotFitAreRefused() throws {
    #expect(throws: SurrogatesError.shape("curve 1 has no epoch")) { try CurveSet([[1], []]) }
    #expect(throws: SurrogatesError.badValue(row: 0, value: .infinity)) { try CurveSet([[1, .infinity]]) }
    #expect(throws: SurrogatesError.self) { try CurveSet([[1]], datasets: ["a", "b"]) }
    #expect(throws: SurrogatesError.self) { try CurveSet([[1]], features: FeatureMatrix("slots", rows: [[1], [2]])) }
    let two = try CurveSet([[1, 2, 3], [1, 2]])
    #expect(throws: SurrogatesError.self) { try CurveTrainingSet(two, [1], observedEpochs: 1, targetEpoch: 3) }
    #expect(throws: SurrogatesError.self) { try CurveTrainingSet(two, [1, 2], observedEpochs: 3, targetEpoch: 3) }
    #expect(throws: SurrogatesError.self) { try CurveTrainingSet(two, [1, 2], observedEpochs: 2, targetEpoch: 1) }
    #expect(throws: SurrogatesError.self) { try CurveTrainingSet(two, observedEpochs: 2, targetEpoch: 3) }
    #expect(throws: SurrogatesError.self) { try CurveTrainingSet(two, [1, .nan], observedEpochs: 1, targetEpoch: 1) }
  }

  @Test func prefixesAndRowsKeepWhatStandsBeside() throws {
    let set = try CurveTrainingSet(
      CurveSet(
        [[1, 2, 3], [4, 5, 6]], .smallerIsBetter, features: FeatureMatrix("slots", rows: [[7], [8]]),
        datasets: ["a", "b"]), observedEpochs: 2)
    #expect(set.values == [3, 6])
    #expect(!set.largerValueIsBetter)
    let second = try set.rows([1])
    #expect(second.observed.curves == [[4, 5]])
    #expect(second.observed.rising(0) == [-4, -5])
    #expect(second.curves.features?.values == [8])
    #expect(second.curves.datasets == ["b"])
    #expect(second.targetEpoch == 3)
  }

  /// The slow ones are checked with less work in ``ParametricEnsembleTests`` and ``CurveSVRTests``, the one that reads
  /// architectures in ``LCRankNetTests``.
  @Test(
    arguments: CurvePredictorCatalogue.methods.filter {
      !($0 is ParametricEnsemble || $0 is CurveSVR || $0 is LCRankNet)
    }.map(\.name),
    CurveSet.Direction.allCases)
  func everyMethodKeepsItsPromises(_ name: String, _ direction: CurveSet.Direction) throws {
    let sample = try SampleCurves.make(count: 40, direction: direction)
    let violations = try checkCurvePredictor(CurvePredictorCatalogue.method(name), on: sample)
    #expect(violations == [])
  }

  @Test func unknownNamesAreRefused() {
    #expect(throws: SurrogatesError.self) { try CurvePredictorCatalogue.method("oracle") }
    #expect(throws: DamagedArchive.self) { try ArrayArchive(kind: "oracle").curvePredictor() }
  }
}
