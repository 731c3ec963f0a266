import Foundation
import Records
import Statistics
import Surrogates
import Testing

@Suite struct CurveModelTests {
  private let forest = {
    var forest = RandomForest()
    forest.encodings = [.slots]
    forest.trees = 50
    return forest
  }()

  private func split(_ count: Int = 160) throws -> (training: CurveSet, unseen: CurveSet) {
    let curves = try SampleCurves.make(count: count, noise: 0.002).curves
    return (curves.rows(0..<count * 3 / 4), curves.rows(count * 3 / 4..<count))
  }

  @Test func curvesOfUnseenArchitecturesAreRanked() throws {
    let (training, unseen) = try split()
    let surrogate = try CurveModelMethod(forest, components: 4).fit(training, seed: 1)
    let features = try #require(unseen.features)
    let predicted = try surrogate.predict(features)
    #expect(surrogate.components == 4 && surrogate.epochs == 40)
    for epoch in [0, 9, 39] {
      let tau = PairedValues(predicted.map { $0[epoch].mean }, unseen.curves.map { $0[epoch] }).kendallTauB() ?? 0
      #expect(tau > 0.6, "epoch \(epoch): \(tau)")
      #expect(predicted.allSatisfy { $0[epoch].standardDeviation > 0 })
    }
    for row in 0..<3 { #expect(try surrogate.predict(features.rows([row])) == [predicted[row]]) }
  }

  @Test func allComponentsWithAMemoryGiveTheCurvesBack() throws {
    let (training, _) = try split(40)
    var memory = NearestNeighbors()
    memory.encodings = [.slots]
    memory.neighbors = 1
    let surrogate = try CurveModelMethod(memory, components: 40).fit(training, seed: 1)
    let predicted = try surrogate.predict(#require(training.features))
    for (curve, found) in zip(training.curves, predicted) {
      for (value, prediction) in zip(curve, found) { #expect(abs(value - prediction.mean) < 1e-9) }
    }
    // Fewer components leave out what their residuals say, no more.
    let coarse = try CurveModelMethod(memory, components: 2).fit(training, seed: 1)
    let rough = try coarse.predict(#require(training.features))
    for epoch in [0, 20, 39] {
      let squares = zip(training.curves, rough).reduce(0) { $0 + pow($1.0[epoch] - $1.1[epoch].mean, 2) }
      #expect(abs((squares / Double(training.count)).squareRoot() - rough[0][epoch].aleatoric) < 1e-9)
    }
  }

  @Test func aModelFilePredictsAndSimulatesTheSameBits() throws {
    let (training, unseen) = try split()
    var surrogate = try CurveModelMethod(forest, components: 3).fit(training, seed: 1)
    let features = try #require(unseen.features)
    let ids = (0..<unseen.count).map { "a\($0)" }
    let silent = try surrogate.simulate(features, architectures: ids, label: "s", seed: 1)
    #expect(try silent == surrogate.predict(features).map { $0.map(\.mean) })
    surrogate.noise = try NoiseModel.fit(
      training.curves.map { curve in
        [curve.map { $0 + 0.01 }, curve.map { $0 - 0.01 }]
      })
    let noisy = try surrogate.simulate(features, architectures: ids, label: "s", seed: 1)
    #expect(noisy != silent)
    let file = try ArrayFile.model.encode(surrogate.archive())
    let loaded = try CurveModel(from: ArrayFile.model.decode(file))
    #expect(try loaded.predict(features) == surrogate.predict(features))
    #expect(try loaded.simulate(features, architectures: ids, label: "s", seed: 1) == noisy)
    #expect(try ArrayFile.model.encode(loaded.archive()) == file)
    let archive = try surrogate.archive()
    for name in archive.arrays.keys {
      var forged = archive
      forged.set(name, [Double]())
      #expect(throws: DamagedArchive.self, "\(name)") { try CurveModel(from: forged) }
    }
    #expect(throws: DamagedArchive.self) { try CurveModel(from: ArrayArchive(kind: "curve-surrogate")) }
    #expect(throws: SurrogatesError.self) { try surrogate.simulate(features, architectures: [], label: "", seed: 1) }
  }

  @Test func whatCannotBeLearntIsRefused() throws {
    let method = CurveModelMethod(forest)
    let features = try FeatureMatrix("slots", rows: [[1], [2]])
    #expect(throws: SurrogatesError.self) { try method.fit(CurveSet([[1, 2], [2, 3]]), seed: 0) }
    #expect(throws: SurrogatesError.self) { try method.fit(CurveSet([[1, 2], [2]], features: features), seed: 0) }
    #expect(throws: SurrogatesError.self) {
      try method.fit(CurveSet([[1, 2]], features: features.rows([0])), seed: 0)
    }
    #expect(throws: SurrogatesError.self) {
      try CurveModelMethod(forest, components: 0).fit(
        CurveSet([[1, 2], [2, 3]], features: features), seed: 0)
    }
  }
}
