import Records
import Surrogates
import TestSupport
import Testing

@Suite struct NearestNeighborsTests {
  private func predictor(
    _ rows: [[Double]], _ values: [Double], k: Int, _ distance: NearestNeighbors.Distance = .euclidean,
    _ weights: NearestNeighbors.Weights = .uniform, standardizes: Bool = false
  ) throws -> any Predictor {
    try NearestNeighbors(
      encodings: [.slots], neighbors: k, distance: distance, weights: weights, standardizes: standardizes
    ).fit(TrainingSet(FeatureMatrix("slots", rows: rows), values), seed: 1)
  }

  private func mean(_ predictor: any Predictor, _ row: [Double]) throws -> Double {
    try predictor.predict(FeatureMatrix("slots", rows: [row]))[0].mean
  }

  @Test func allThatAreAsFarAsTheLastCount() throws {
    let model = try predictor([[0], [2], [-2], [9]], [1, 4, 7, 100], k: 2)
    #expect(try mean(model, [0]) == 4)
    #expect(try mean(model, [8]) == 52)
  }

  @Test func nearerOnesCountMore() throws {
    let model = try predictor([[0], [3]], [10, 20], k: 2, .euclidean, .inverseDistance)
    #expect(abs(try mean(model, [1]) - (10 / 1 + 20 / 2) / 1.5) < 1e-12)
    #expect(try mean(model, [3]) == 20, "an equal architecture alone counts")
  }

  @Test func distancesAreAsNamed() throws {
    let rows = [[3.0, 0], [1, 1]]
    #expect(try mean(predictor(rows, [1, 2], k: 1), [0, 0]) == 2)
    #expect(try mean(predictor(rows, [1, 2], k: 1, .hamming), [0, 0]) == 1)
    // Along the first axis values spread ten times as far: standardized, a step there is the smaller one.
    let spread = [[0.0, 0], [10, 0], [0, 1], [10, 1]]
    #expect(try mean(predictor(spread, [0, 1, 2, 3], k: 1), [6, 0.4]) == 1)
    #expect(try mean(predictor(spread, [0, 1, 2, 3], k: 1), [4, 0.6]) == 2)
    #expect(try mean(predictor([[0, 0], [6, 0], [0, 1]], [0, 1, 2], k: 1, standardizes: true), [2.9, 0.6]) == 2)
  }

  @Test func numbersThatAreNotKnownTellNothing() throws {
    let model = try predictor([[.nan, 1], [5, 2]], [1, 2], k: 1)
    #expect(try mean(model, [5, .nan]) == 2)
    #expect(try mean(model, [.nan, 1.1]) == 1)
    #expect(try mean(model, [.nan, .nan]) == 1.5)
  }

  @Test func theDeviationIsThatOfTheNeighbors() throws {
    let model = try predictor([[1], [-1], [1], [-1], [50]], [1, 3, 5, 7, 1000], k: 4)
    let found = try model.predict(FeatureMatrix("slots", rows: [[0]]))[0]
    #expect(abs(found.aleatoric - 5.0.squareRoot()) < 1e-12)
    #expect(abs(found.epistemic - 5.0.squareRoot() / 2) < 1e-12)
  }

  @Test(arguments: NearestNeighbors.Distance.allCases, NearestNeighbors.Weights.allCases)
  func methodsKeepTheirPromises(
    _ distance: NearestNeighbors.Distance, _ weights: NearestNeighbors.Weights
  ) throws {
    let sample = try cellSample([.slots, .summary], count: 100)
    var method = NearestNeighbors(distance: distance, weights: weights)
    #expect(checkPredictor(method, on: sample) == [])
    method.neighbors = 0
    #expect(throws: SurrogatesError.self) { try method.fit(sample, seed: 1) }
  }
}
