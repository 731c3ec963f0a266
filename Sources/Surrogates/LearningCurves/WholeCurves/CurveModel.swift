public import Records

/// Predicts whole learning curves, and perhaps simulates runs that scatter around them.
public struct CurveModel: Sendable {
  static let kind = "curve-surrogate"

  private struct Settings: Codable {
    let direction: CurveSet.Direction
    let noise: NoiseModel?
  }

  private let models: [any Predictor]
  /// k: the deviation of each component.
  private let scales: [Double]
  /// T: the mean curve.
  private let center: [Double]
  /// k×T.
  private let vectors: [Double]
  /// T: the deviation of what k components cannot say.
  private let residuals: [Double]
  public let direction: CurveSet.Direction
  /// How runs of one architecture scatter, where that was fitted.
  public var noise: NoiseModel?

  init(
    models: [any Predictor], scales: [Double], center: [Double], vectors: [Double], residuals: [Double],
    direction: CurveSet.Direction
  ) {
    self.models = models
    self.scales = scales
    self.center = center
    self.vectors = vectors
    self.residuals = residuals
    self.direction = direction
  }

  /// T.
  public var epochs: Int { center.count }
  /// k.
  public var components: Int { models.count }
  /// The blocks of features that predicting reads.
  public var encodings: [EncodingChoice] { models[0].encodings }

  /// One curve an architecture, one prediction an epoch: y_t = mean_t + Σ_k z_k V_kt, the components z taken as
  /// independent; what is left out of the components counts as aleatoric.
  public func predict(_ features: FeatureMatrix) throws -> [[Prediction]] {
    let scores = try models.map { try $0.predict(features) }
    return (0..<features.count).map { row in
      (0..<epochs).map { epoch in
        var mean = center[epoch]
        var aleatoric = residuals[epoch] * residuals[epoch]
        var epistemic = 0.0
        for component in models.indices {
          let weight = scales[component] * vectors[component * epochs + epoch]
          let score = scores[component][row]
          mean += weight * score.mean
          aleatoric += weight * weight * score.aleatoric * score.aleatoric
          epistemic += weight * weight * score.epistemic * score.epistemic
        }
        return Prediction(mean: mean, aleatoric: aleatoric.squareRoot(), epistemic: epistemic.squareRoot())
      }
    }
  }

  /// A run as it might have been: the mean curve with noise; equal arguments give equal bits. The mean curve alone where
  /// no noise model is there.
  ///
  /// `architectures` are the ids of the rows of `features`; `label` tells simulations apart that share nothing else.
  public func simulate(
    _ features: FeatureMatrix, architectures: [String], label: String, seed: UInt64
  ) throws -> [[Double]] {
    guard architectures.count == features.count else {
      throw SurrogatesError.shape("\(architectures.count) ids for \(features.count) architectures")
    }
    return zip(try predict(features), architectures).map { curve, architecture in
      let means = curve.map(\.mean)
      return noise?.run(around: means, label: label, architecture: architecture, seed: seed) ?? means
    }
  }

  // MARK: Model file

  public func archive() throws -> ArrayArchive {
    var archive = ArrayArchive(kind: Self.kind)
    try archive.setSettings(Settings(direction: direction, noise: noise))
    for (index, model) in models.enumerated() { try archive.set("component-\(index)", model) }
    archive.set("scales", scales)
    archive.set("center", center)
    archive.set("vectors", vectors)
    archive.set("residuals", residuals)
    return archive
  }

  /// Total: throws ``DamagedArchive`` for all that ``archive()`` did not make.
  public init(from archive: ArrayArchive) throws {
    guard archive.kind == Self.kind else {
      throw DamagedArchive("its kind \(archive.kind.debugDescription) is not a surrogate of curves")
    }
    let settings = try archive.settings(Settings.self)
    direction = settings.direction
    noise = settings.noise
    scales = try archive.doubles("scales")
    center = try archive.doubles("center")
    guard !scales.isEmpty, !center.isEmpty else { throw DamagedArchive("it has no components") }
    vectors = try archive.doubles("vectors", count: scales.count * center.count)
    residuals = try archive.doubles("residuals", count: center.count)
    models = try scales.indices.map { try archive.predictor("component-\($0)") }
    let finite = [scales, center, vectors, residuals].allSatisfy { $0.allSatisfy(\.isFinite) }
    guard finite, models.allSatisfy({ $0.encodings == models[0].encodings }) else {
      throw DamagedArchive("its components do not fit together")
    }
  }
}
