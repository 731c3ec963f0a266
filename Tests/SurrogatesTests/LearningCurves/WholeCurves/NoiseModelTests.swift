import Foundation
import Records
import Surrogates
import Testing

@Suite struct NoiseModelTests {
  /// Spread as it is to be found again: larger for low means and early epochs.
  private func deviation(_ mean: Double, _ epoch: Int) -> Double { exp(-2 - 3 * mean - 0.3 * log(Double(epoch))) }

  private func groups(correlation: Double, heavy: Bool = false) -> (means: [[Double]], runs: [[[Double]]]) {
    var generator = SeededGenerator(seed: 11)
    func normal() -> Double {
      let value = (0..<12).reduce(-6.0) { sum, _ in sum + generator.uniform() }
      return heavy ? value * value * value / 15.0.squareRoot() : value
    }
    let means = (0..<150).map { _ -> [Double] in
      let end = 0.2 + 0.7 * generator.uniform()
      return (1...20).map { end - 0.15 / Double($0) }
    }
    let runs = means.map { mean in
      (0..<3).map { _ in
        var noise = normal()
        return mean.indices.map { place in
          if place > 0 { noise = correlation * noise + (1 - correlation * correlation).squareRoot() * normal() }
          return mean[place] + deviation(mean[place], place + 1) * noise
        }
      }
    }
    return (means, runs)
  }

  @Test(arguments: [0.0, 0.6, 0.9]) func spreadAndCorrelationAreFoundAgain(_ correlation: Double) throws {
    let (means, runs) = groups(correlation: correlation)
    let model = try NoiseModel.fit(runs)
    #expect(abs(model.correlation - correlation) < 0.05)
    for mean in means.prefix(20) {
      for epoch in [1, 5, 20] {
        let expected = deviation(mean[epoch - 1], epoch)
        #expect(abs(model.deviation(at: epoch, mean: mean[epoch - 1]) / expected - 1) < 0.2)
      }
    }
    // What the model draws has the same spread and correlation.
    let mean = means[0]
    let drawn = (0..<2000).map { model.run(around: mean, label: "test", architecture: "a", seed: $0) }
    for epoch in [1, 10, 20] {
      let variance = drawn.reduce(0) { $0 + pow($1[epoch - 1] - mean[epoch - 1], 2) } / 2000
      #expect(abs(variance.squareRoot() / model.deviation(at: epoch, mean: mean[epoch - 1]) - 1) < 0.07)
    }
    let noise = drawn.map { run in
      mean.indices.map { (run[$0] - mean[$0]) / model.deviation(at: $0 + 1, mean: mean[$0]) }
    }
    let products = noise.reduce(0) { sum, run in sum + zip(run.dropFirst(), run).reduce(0) { $0 + $1.0 * $1.1 } }
    #expect(abs(products / Double(2000 * 19) - model.correlation) < 0.05)
  }

  @Test func runsFollowFromTheirNamesAlone() throws {
    let (means, runs) = groups(correlation: 0.5)
    let model = try NoiseModel.fit(runs, limits: 0...1)
    let run = model.run(around: means[0], label: "x", architecture: "a", seed: 1)
    #expect(run == model.run(around: means[0], label: "x", architecture: "a", seed: 1))
    for other in [("y", "a", 1), ("x", "b", 1), ("x", "a", 2)] as [(String, String, UInt64)] {
      #expect(run != model.run(around: means[0], label: other.0, architecture: other.1, seed: other.2))
    }
    #expect(run[6] == model.value(at: 7, mean: means[0][6], label: "x", architecture: "a", seed: 1))
    let high = (0..<50).flatMap { model.run(around: [0.99, 0.999], label: "x", architecture: "a", seed: $0) }
    #expect(high.allSatisfy { (0...1).contains($0) } && high.contains(1))
  }

  @Test func theWindowKeepsHeavyTails() throws {
    let (means, runs) = groups(correlation: 0.3, heavy: true)
    func kurtosis(_ innovations: NoiseModel.Innovations) throws -> Double {
      let model = try NoiseModel.fit(runs, innovations: innovations)
      let noise = (0..<4000).map { seed -> Double in
        let value = model.value(at: 1, mean: means[0][0], label: "", architecture: "", seed: UInt64(seed))
        return (value - means[0][0]) / model.deviation(at: 1, mean: means[0][0])
      }
      let variance = noise.reduce(0) { $0 + $1 * $1 } / 4000
      #expect(abs(variance - 1) < 0.15)
      return noise.reduce(0) { $0 + pow($1, 4) } / 4000 / (variance * variance)
    }
    #expect(try abs(kurtosis(.normal) - 3) < 0.5)
    #expect(try kurtosis(.window(radius: 3)) > 4.5)
  }

  @Test func itComesBackFromItsSettings() throws {
    for innovations in [NoiseModel.Innovations.normal, .window(radius: 2)] {
      let model = try NoiseModel.fit(groups(correlation: 0.5).runs, innovations: innovations, limits: 0...1)
      var archive = ArrayArchive(kind: "noise")
      try archive.setSettings(model)
      #expect(try ArrayFile.model.decode(ArrayFile.model.encode(archive)).settings(NoiseModel.self) == model)
    }
    let text = try CanonicalJSON.text(NoiseModel.fit(groups(correlation: 0).runs))
    let broken = text.replacingOccurrences(of: "\"spread\":[", with: "\"spread\":[1,")
    #expect(throws: DamagedArchive.self) { try CanonicalJSON.decode(NoiseModel.self, from: Data(broken.utf8)) }
  }

  @Test func whatSaysNothingIsRefused() throws {
    #expect(throws: SurrogatesError.self) { try NoiseModel.fit([]) }
    #expect(throws: SurrogatesError.self) { try NoiseModel.fit([[[1, 2]]]) }
    #expect(throws: SurrogatesError.self) { try NoiseModel.fit([[[1, 2], [1]]]) }
    #expect(throws: SurrogatesError.self) { try NoiseModel.fit([[[1], [.nan]]]) }
    #expect(throws: SurrogatesError.self) {
      try NoiseModel.fit([[[1], [2]]], innovations: .window(radius: -1))
    }
    // Equal runs, and runs of one epoch, are odd but fine.
    let equal = try NoiseModel.fit([[[0.5, 0.5], [0.5, 0.5]]])
    #expect(equal.deviation(at: 1, mean: 0.5) < 1e-6)
    let values = try NoiseModel.fit([[[0.5], [0.6]], [[0.7], [0.8]]])
    #expect(abs(values.deviation(at: 1, mean: 0.65) / 0.005.squareRoot() - 1) < 0.05)
  }
}
