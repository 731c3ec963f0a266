/// Whole learning curves from architectures: a few components of the training curves, and one regression a component (Yan
/// et al., 2021, "NAS-Bench-x11 and the power of learning curves").
///
/// Curves Y, N×T, are centred by epoch and taken apart as U·diag(s)·Vᵀ; the first k columns of U·diag(s), each brought to
/// variance 1, are what `regressor` learns. NAS-Bench-x11 does not centre, and chains its regressions.
public struct CurveModelMethod: Sendable {
  /// Learns one component; the default of NAS-Bench-x11 is boosted trees.
  public var regressor: any PredictorMethod
  /// k; fewer where there are fewer curves or epochs.
  public var components: Int

  public init(_ regressor: any PredictorMethod, components: Int = 6) {
    self.regressor = regressor
    self.components = components
  }

  public var name: String { "curves-\(regressor.name)" }
  /// The blocks of features that it reads.
  public var encodings: [EncodingChoice] { regressor.encodings }

  /// Learns from N whole curves of one length and their architectures; several runs of one architecture may be there.
  ///
  /// Throws ``SurrogatesError/shape(_:)`` for curves without architectures or of different lengths,
  /// ``SurrogatesError/tooFew(predictor:count:needed:)`` for fewer than two, and what the regressor throws.
  public func fit(_ curves: CurveSet, seed: UInt64) throws -> CurveModel {
    guard (1...1000).contains(components) else {
      throw SurrogatesError.badSetting(
        predictor: name, setting: "components", found: "\(components)", allowed: "1 to 1000")
    }
    guard let features = curves.features else {
      throw SurrogatesError.noEncoding(wanted: encodings.first?.description ?? "", known: [])
    }
    guard curves.count >= 2 else { throw SurrogatesError.tooFew(predictor: name, count: curves.count, needed: 2) }
    let count = curves.count
    let epochs = curves.longest
    guard curves.shortest == epochs else {
      throw SurrogatesError.shape("curves have \(curves.shortest) to \(epochs) epochs; cut them to one length")
    }
    let center = (0..<epochs).map { epoch in curves.curves.reduce(0) { $0 + $1[epoch] } / Double(count) }
    let centred = curves.curves.flatMap { curve in zip(curve, center).map { $0 - $1 } }
    let singular = try SingularValues(rows: count, columns: epochs, centred)
    let rank = min(count, epochs)
    // Components of rounding alone have nothing to teach.
    let largest = singular.values.first ?? 0
    let kept = max(1, singular.values.prefix(components).count { $0 > 1e-10 * largest })
    var models: [any Predictor] = []
    var scales: [Double] = []
    for component in 0..<kept {
      let scores = (0..<count).map { singular.left[$0 * rank + component] * singular.values[component] }
      let variance = scores.reduce(0) { $0 + $1 * $1 } / Double(count)
      let scale = variance > 0 ? variance.squareRoot() : 1
      let training = try TrainingSet(features, scores.map { $0 / scale })
      models.append(try regressor.fit(training, seed: seed &+ UInt64(component)))
      scales.append(scale)
    }
    let vectors = Array(singular.right.prefix(kept * epochs))
    // What the components left out say, by epoch.
    let residuals = (0..<epochs).map { epoch -> Double in
      let left = (kept..<max(rank, kept)).reduce(0.0) { sum, component in
        let part = singular.values[component] * singular.right[component * epochs + epoch]
        return sum + part * part
      }
      return (left / Double(count)).squareRoot()
    }
    return CurveModel(
      models: models, scales: scales, center: center, vectors: vectors, residuals: residuals,
      direction: curves.direction)
  }
}
