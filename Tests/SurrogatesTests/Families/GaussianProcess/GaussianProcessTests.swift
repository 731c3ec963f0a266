import Foundation
import Records
import Surrogates
import TestSupport
import Testing

@Suite struct GaussianProcessTests {
  @Test(arguments: [GaussianProcess(), .spearmint, .hamming, .byBlock([.summary, .paths])])
  func promisesAreKept(_ method: GaussianProcess) throws {
    let sample = try cellSample(method.encodings + [.sequence], count: 60)
    #expect(checkPredictor(method, on: sample) == [])
    #expect(checkPredictor(method.learning(.quantile), on: sample, flips: 5) == [])
  }

  @Test func aSmoothFunctionIsLearntWithItsNoise() throws {
    let sample = try cellSample([.summary], count: 160)
    let training = try sample.rows(Array(0..<120))
    let predictor = try GaussianProcess().fit(training, seed: 1)
    let found = try predictor.predict(sample.features.rows(120..<160))
    var error = 0.0
    for (prediction, value) in zip(found, sample.values[120...]) {
      error += (prediction.mean - value) * (prediction.mean - value) / 40
    }
    #expect(error.squareRoot() < 0.006)
    // Noise is uniform in ±0.005: its deviation is 0.0029.
    #expect(found.allSatisfy { (0.001...0.005).contains($0.aleatoric) })
  }

  @Test func farAwayNothingIsKnown() throws {
    let training = try TrainingSet(
      FeatureMatrix("summary", rows: (0..<30).map { [Double($0) / 10] }), (0..<30).map { sin(Double($0) / 5) })
    let predictor = try GaussianProcess().fit(training, seed: 3)
    let found = try predictor.predict(FeatureMatrix("summary", rows: [[1.55], [500], [.nan]]))
    #expect(abs(found[0].mean - sin(3.1)) < 0.01)
    #expect(found[0].epistemic < 0.05)
    let mean = training.values.reduce(0, +) / 30
    #expect(abs(found[1].mean - mean) < 1e-6)
    #expect(found[1].epistemic > 0.5)
    // What is unknown counts as the mean of its column.
    #expect(found[2] == (try predictor.predict(FeatureMatrix("summary", rows: [[1.45]])))[0])
  }

  @Test func aSumOfMaternAndHammingIsAKernelThatAFileKeeps() throws {
    var method = GaussianProcess()
    method.kernel = .sum([
      .scaled(.stationary(.matern52, over: [KernelDistance(.summary)])),
      .scaled(.stationary(.matern52, over: [KernelDistance(.paths, lengthScales: .one)])),
      .scaled(.stationary(.squaredExponential, over: [KernelDistance(.slots, lengthScales: .one, metric: .mismatch)])),
    ])
    #expect(method.encodings == [.summary, .paths, .slots])
    #expect(checkPredictor(method, on: try cellSample(method.encodings, count: 60), flips: 5) == [])
    let text = try CanonicalJSON.encode(method.kernel)
    #expect(try CanonicalJSON.decode(KernelExpression.self, from: text) == method.kernel)
  }

  @Test func largeSetsAreThinnedOutAndSayWhatIsHeldOut() throws {
    let sample = try cellSample([.summary], count: 90)
    var method = GaussianProcess()
    method.hyperparameterRows = 40
    method.largestTrainingSet = 60
    let fit = try method.fitHoldingOut(sample, seed: 5)
    #expect(fit.heldOut.count == 90)
    let squares = zip(fit.heldOut, sample.values).map { ($0.mean - $1) * ($0.mean - $1) }
    let error = (squares.reduce(0, +) / 90).squareRoot()
    #expect(error > 0.002 && error < StandardisedValues(sample.values).scale / 2)
    #expect(checkPredictor(method, on: sample, flips: 5) == [])
  }

  @Test func settingsOutOfRangeAreRefused() throws {
    let sample = try cellSample([.summary], count: 12)
    let changes: [@Sendable (inout GaussianProcess) -> Void] = [
      { $0.kernel = .sum([]) }, { $0.kernel = .scaled(.stationary(.matern32, over: [])) },
      { $0.noisePrior = .horseshoe(scale: 0) }, { $0.noiseBounds = 0...1 }, { $0.varianceBounds = 1 ... .infinity },
      { $0.iterations = 0 }, { $0.hyperparameterRows = 1 }, { $0.largestTrainingSet = 1 },
      { $0.inference = .maximum(searches: 0) }, { $0.inference = .samples(0, burnIn: 1, thinning: 1) },
      { $0.lengthScalePrior = .gamma(shape: -1, rate: 1) },
    ]
    for change in changes {
      var method = GaussianProcess()
      change(&method)
      #expect { try method.fit(sample, seed: 1) } throws: { ($0 as? SurrogatesError)?.code == "surrogates.bad_setting" }
    }
  }

  @Test func slicesFollowTheDensity() {
    // A normal with mean 1 and deviation 2, cut at 0 on the left: mean 1 + 2·φ(½)/Φ(½) = 2.0183.
    var generator = SeededGenerator(seed: 11)
    var sampler = SliceSampler()
    sampler.width = 2
    let drawn = sampler.sample(4000, from: [1, 0], within: [0...50, -50...50], using: &generator) { point in
      -(point[0] - 1) * (point[0] - 1) / 8 - point[1] * point[1] / 2
    }
    #expect(drawn.count == 4000)
    #expect(drawn.allSatisfy { $0[0] >= 0 })
    #expect(abs(drawn.reduce(0) { $0 + $1[0] } / 4000 - 2.0183) < 0.12)
    #expect(abs(drawn.reduce(0) { $0 + $1[1] * $1[1] } / 4000 - 1) < 0.12)
    #expect(sampler.sample(3, from: [0], within: [0...1], using: &generator) { _ in -.infinity } == [])
  }
}
