import Surrogates
import Testing

@Suite struct CurveStatisticTests {
  private let curves = [[1.0, 2, 4], [3, 3, 3]]

  private func scores(
    _ method: any CurvePredictorMethod, _ direction: CurveSet.Direction = .largerIsBetter, observed: Int = 3
  ) throws -> [Double] {
    let set = try CurveSet(curves, direction)
    return try method.fit(CurveTrainingSet(set, observedEpochs: observed), seed: 0).predict(set).map(\.mean)
  }

  @Test func valuesAndSums() throws {
    #expect(try scores(LastValue()) == [4, 3])
    #expect(try scores(LastValue(), .smallerIsBetter) == [4, 3])
    #expect(try scores(TrainingSpeed.sotl) == [7, 9])
    #expect(try scores(TrainingSpeed.sotl, .smallerIsBetter) == [-7, -9])
    #expect(try scores(TrainingSpeed.sotl, observed: 2) == [3, 6])
    #expect(try scores(TrainingSpeed.sotlE) == [4, 3])
    #expect(try scores(TrainingSpeed(.last(epochs: 2)), .smallerIsBetter) == [-6, -6])
    // e = 1, 1.5, 2.75
    #expect(try scores(TrainingSpeed(.movingAverage(momentum: 0.5))) == [5.25, 9])
  }

  @Test func settingsOutOfRangeAreRefused() throws {
    #expect(throws: SurrogatesError.self) { try scores(TrainingSpeed(.last(epochs: 0))) }
    #expect(throws: SurrogatesError.self) { try scores(TrainingSpeed(.movingAverage(momentum: 1.1))) }
  }

  @Test func curvesThatAreTooShortAreRefused() throws {
    let training = try CurveTrainingSet(CurveSet(curves), observedEpochs: 3)
    let predictor = try TrainingSpeed.sotl.fit(training, seed: 0)
    #expect(throws: SurrogatesError.self) { try predictor.predict(CurveSet([[1, 2]])) }
  }

  @Test func theMedianOfRunningAveragesDecides() throws {
    // Running averages 1, 1.5, 2 · 3, 3, 3 · 2, 2: medians 2, 2, 2.5.
    let medians = try MedianRule().medians(of: CurveSet([[1, 2, 3], [3, 3, 3], [2, 2]]))
    let running = try CurveSet([[1.9], [2], [1, 1, 2.4], [2.6, 1, 1], [2.4, 2.4, 2.4, 2.4]])
    #expect(try medians.shouldStop(running) == [true, false, true, false, true])
    let losses = try MedianRule().medians(of: CurveSet([[3, 2, 1], [3, 3, 3]], .smallerIsBetter))
    #expect(try losses.shouldStop(CurveSet([[4], [2]], .smallerIsBetter)) == [true, false])
    #expect(throws: SurrogatesError.self) { try MedianRule().medians(of: CurveSet([])) }
  }
}
