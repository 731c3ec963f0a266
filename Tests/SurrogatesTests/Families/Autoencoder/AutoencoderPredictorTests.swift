import Records
import Surrogates
import TestSupport
import Testing

/// EmProx, NAO and SemiNAS, small enough to be fast.
@Suite struct AutoencoderPredictorTests {
  private static func settings(_ width: Int, epochs: Int) -> AutoencoderSettings {
    var settings = AutoencoderSettings(width: width)
    settings.epochs = epochs
    settings.batchSize = 40
    settings.learningRate = 1e-2
    return settings
  }

  private static func proximity(_ method: EmbeddingProximity) -> EmbeddingProximity {
    var method = method
    method.settings = settings(8, epochs: 4)
    method.neighbors = 10
    return method
  }

  private static func optimization(_ method: NeuralArchitectureOptimization) -> NeuralArchitectureOptimization {
    var method = method
    method.settings = settings(8, epochs: 8)
    method.valueWidth = 8
    method.upSampling = 2
    return method
  }

  static let methods: [any PredictorMethod] = [
    proximity(.faithful), proximity(.clean), optimization(.nao), optimization(.semiNAS),
  ]

  /// The last quarter of the cells has no values.
  private func sample(_ count: Int) throws -> TrainingSet {
    let all = try cellSample([.slots, .sequence], count: count * 4 / 3)
    return try TrainingSet(
      all.features.rows(0..<count), Array(all.values.prefix(count)),
      unlabelled: all.features.rows(count..<all.count))
  }

  @Test(arguments: 0..<4)
  func methodsKeepTheirPromises(_ index: Int) throws {
    #expect(checkPredictor(Self.methods[index], on: try sample(108), flips: 20) == [])
  }

  @Test func theCatalogueHasThem() throws {
    for name in ["emprox", "emprox-clean", "nao", "seminas"] {
      #expect(try PredictorCatalogue.method(name).name == name)
    }
    #expect(try PredictorCatalogue.method("seminas").unlabelledCount(for: 121) == 121)
    #expect(try PredictorCatalogue.method("nao").unlabelledCount(for: 121) == 0)
  }

  /// SemiNAS without architectures to name values for is NAO; with them it is not.
  @Test func unlabelledArchitecturesCount() throws {
    let full = try sample(60)
    let bare = try TrainingSet(full.features, full.values)
    func means(_ method: NeuralArchitectureOptimization, _ set: TrainingSet) throws -> [Double] {
      try Self.optimization(method).fit(set, seed: 5).predict(full.features).map(\.mean)
    }
    let nao = try means(.nao, full)
    #expect(try means(.nao, bare) == nao)
    #expect(try means(.semiNAS, bare) == nao)
    #expect(try means(.semiNAS, full) != nao)
  }

  @Test func dropoutGivesTheEpistemicDeviation() throws {
    let full = try sample(60)
    var method = Self.optimization(.nao)
    let some = try method.fit(full, seed: 5).predict(full.features)
    #expect(some.allSatisfy { $0.epistemic > 0 && $0.aleatoric > 0 })
    method.dropoutSamples = 0
    let none = try method.fit(full, seed: 5).predict(full.features)
    #expect(none.allSatisfy { $0.epistemic == 0 })
    #expect(none.map(\.mean) == some.map(\.mean))
  }

  /// With one neighbor and clean memory, a training architecture is predicted as it was measured.
  @Test func theNearestIsTheArchitectureItself() throws {
    let full = try sample(60)
    var method = Self.proximity(.clean)
    method.neighbors = 1
    let found = try method.fit(full, seed: 2).predict(full.features).map(\.mean)
    #expect(zip(found, full.values).count { abs($0 - $1) < 0.03 } >= 55)
  }

  @Test func tokensThatWereNotLearntAreRead() throws {
    let full = try sample(40)
    let predictor = try Self.optimization(.nao).fit(full, seed: 1)
    var row = Array(try full.features.selecting([.sequence]).row(0))
    row[2] = 4_000
    #expect(try predictor.predict(FeatureMatrix("sequence", rows: [row])).allSatisfy(\.mean.isFinite))
    for odd in [-1.0, 0.5, .nan, .infinity, 4_096] {
      row[2] = odd
      let features = try FeatureMatrix("sequence", rows: [row])
      #expect(throws: SurrogatesError.self) { try predictor.predict(features) }
    }
  }

  @Test func settingsOutOfRangeAreNamed() throws {
    let full = try sample(40)
    func refused(_ setting: String, _ method: any PredictorMethod) {
      do {
        _ = try method.fit(full, seed: 1)
        Issue.record("\(setting) is not refused")
      } catch SurrogatesError.badSetting(_, let named, _, _) {
        #expect(named == setting)
      } catch { Issue.record("\(setting): \(error)") }
    }
    let changes: [(String, (inout AutoencoderSettings) -> Void)] = [
      ("width", { $0.width = 0 }), ("epochs", { $0.epochs = 0 }), ("batchSize", { $0.batchSize = 0 }),
      ("learningRate", { $0.learningRate = .nan }), ("weightDecay", { $0.weightDecay = -1 }),
      ("gradientNorm", { $0.gradientNorm = 0 }), ("dropout", { $0.dropout = 1 }),
    ]
    for (name, change) in changes {
      var (first, second) = (EmbeddingProximity.faithful, NeuralArchitectureOptimization.nao)
      change(&first.settings)
      change(&second.settings)
      refused(name, first)
      refused(name, second)
    }
    var proximity = EmbeddingProximity.clean
    proximity.neighbors = 0
    refused("neighbors", proximity)
    var optimization = NeuralArchitectureOptimization.semiNAS
    optimization.upSampling = 0
    refused("upSampling", optimization)
    optimization = .semiNAS
    optimization.errorShare = 1.5
    refused("errorShare", optimization)
    optimization = .nao
    optimization.encodings = [.sequence, .slots]
    refused("encodings", optimization)
  }
}
