import Foundation
import Records
import Surrogates
import TestSupport
import Testing

/// What `tools/golden/learning_curves.py` writes.
struct GoldenCurves: Decodable {
  struct Fit: Decodable {
    let values: [Double]
    let recent: Bool
    let costs: [String: Double]
  }

  struct Regression: Decodable {
    let c: Double
    let nu: Double
    let gamma: Double
    let predictions: [Double]
    let intercept: Double
    let supports: Int
  }

  let fits: [Fit]
  let x: [[Double]]
  let y: [Double]
  let regressions: [Regression]

  static func load() throws -> GoldenCurves { try golden(GoldenCurves.self, "learning-curves.json") }
}

@Suite struct ParametricEnsembleTests {
  @Test func fitsLeaveNoMoreThanSciPys() throws {
    for golden in try GoldenCurves.load().fits {
      let count = golden.values.count
      let weights = (0..<count).map { golden.recent ? pow(10, Double($0) / Double(count)) : 1 }
      for curve in ParametricCurve.domhan {
        let cost = try #require(golden.costs[curve.rawValue])
        let fit = try #require(CurveFit.maximumLikelihood(curve, to: golden.values, weights: weights))
        // In the flat valleys of these two (β → -∞) the two methods stop at different places.
        let flat = curve == .weibull || curve == .janoschek
        let most = cost * (flat ? 1.25 : 1.01) + 1e-9
        #expect(fit.cost <= most, "\(curve) of \(count) epochs: \(fit.cost), SciPy \(cost)")
      }
    }
  }

  /// With less sampling, to be fast.
  private func reduced(_ method: ParametricEnsemble) -> ParametricEnsemble {
    var method = method
    switch method.sampling {
    case .affineInvariant: method.sampling = .affineInvariant(walkers: 60, samples: 40, burnIn: 20, thinning: 5)
    case .none, .metropolis: break
    }
    return method
  }

  @Test(arguments: [
    ParametricEnsemble.maximumLikelihood, .domhan, .lce(), .lce(faithful: true), .lceM,
  ]) func presetsKeepTheirPromises(_ method: ParametricEnsemble) throws {
    let sample = try SampleCurves.make(count: 16, epochs: 30)
    #expect(checkCurvePredictor(reduced(method), on: sample) == [])
  }

  @Test func lossesAndPercentagesAreExtrapolated() throws {
    for direction in CurveSet.Direction.allCases {
      let sample = try SampleCurves.make(count: 12, direction: direction, noise: 0.001)
      let predictions = try ParametricEnsemble.maximumLikelihood.fit(sample, seed: 0).predict(sample.observed)
      let lastValues = try LastValue().fit(sample, seed: 0).predict(sample.observed)
      func error(_ found: [Prediction]) -> Double {
        zip(found, sample.values).reduce(0) { $0 + abs($1.0.mean - $1.1) } / Double(sample.count)
      }
      #expect(error(predictions) < 0.5 * error(lastValues), "\(direction)")
      let percent = try CurveSet(sample.observed.curves.map { $0.map { 40 * $0 } }, direction)
      let scaled = try ParametricEnsemble.maximumLikelihood.fit(sample, seed: 0).predict(percent)
      if direction == .smallerIsBetter { #expect(abs(scaled[0].mean / 40 - predictions[0].mean) < 1e-6) }
    }
  }

  @Test func theSamplerFindsTheSpreadOfAStraightLine() throws {
    // y = b + a x with known noise: at x = 20 the posterior's mean and deviation follow from least squares.
    var draws = SeededGenerator(seed: 5)
    let values = (1...10).map { 0.3 + 0.02 * Double($0) + 0.02 * (draws.uniform() - 0.5) }
    let method = ParametricEnsemble(
      name: "line", curves: [.linear],
      sampling: .affineInvariant(walkers: 40, samples: 3000, burnIn: 500, thinning: 5), rise: .anywhere,
      normalizesWeights: true, ceiling: 1)
    let run = try ParametricExtrapolator(method, targetEpoch: 20, seed: 1).extrapolations(CurveSet([values]))[0]
    let meanY = values.reduce(0, +) / 10
    let offsets = (1...10).map { Double($0) - 5.5 }
    let slope = zip(offsets, values).reduce(0) { $0 + $1.0 * ($1.1 - meanY) } / 82.5
    let left = zip(offsets, values).map { $1 - meanY - slope * $0 }
    let residual = left.reduce(0) { $0 + $1 * $1 }
    // σ flat: σ² given the data is residual / χ² with 10 - 3 degrees of freedom, mean residual / 5.
    let deviation = (residual / 5 * (0.1 + 14.5 * 14.5 / 82.5)).squareRoot()
    #expect(abs(run.prediction.mean - (meanY + slope * 14.5)) < 0.1 * deviation)
    #expect(abs(run.prediction.epistemic / deviation - 1) < 0.15)
  }

  @Test func runsStopWhenTheyCannotBecomeTheBest() throws {
    let curve = (1...15).map { 0.7 - 0.4 * pow(Double($0), -1) }
    let run = try ParametricExtrapolator(.maximumLikelihood, targetEpoch: 100, seed: 1)
      .extrapolations(CurveSet([curve]))[0]
    #expect(abs(run.prediction.mean - 0.696) < 0.02)
    #expect(run.probability(ofBeating: 0.9) < 0.01)
    #expect(run.probability(ofBeating: 0.5) > 0.99)
    let conservative = ExtrapolationRule()
    #expect(conservative.decide(run, best: 0.9) == .stop(predicted: run.prediction.mean))
    #expect(conservative.decide(run, best: 0.6) == .goOn)
    #expect(conservative.decide(run, best: 0.68) == .goOn)
    let eager = ExtrapolationRule(.optimistic, probability: 0, deviation: 1)
    #expect(eager.decide(run, best: 0.68) == .stop(predicted: run.prediction.mean))
    #expect(eager.decide(run, best: 0.6) == .goOn)
  }

  @Test func settingsOutOfRangeAreRefused() throws {
    let sample = try SampleCurves.make(count: 3)
    for sampling in [
      CurveSampling.metropolis(steps: 0, deviation: 1), .metropolis(steps: 1, deviation: -1),
      .affineInvariant(walkers: 1, samples: 10, burnIn: 1, thinning: 1),
      .affineInvariant(walkers: 10, samples: 10, burnIn: 10, thinning: 1),
      .affineInvariant(walkers: 10, samples: 10, burnIn: 1, thinning: 0),
    ] {
      let method = ParametricEnsemble(name: "odd", sampling: sampling, rise: .anywhere)
      #expect(throws: SurrogatesError.self) { try method.fit(sample, seed: 0) }
    }
    #expect(throws: SurrogatesError.self) {
      try ParametricEnsemble(name: "none", curves: [], sampling: .none, rise: .anywhere).fit(sample, seed: 0)
    }
  }
}
