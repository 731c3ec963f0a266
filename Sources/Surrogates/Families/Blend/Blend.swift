import Records

/// Fitted members of a ``BlendMethod`` with their weights.
struct Blend: Predictor {
  static let kind = "blend"
  let encodings: [EncodingChoice]
  let predictors: [any Predictor]
  let weights: [Double]
  let transform: FittedTransform
  /// What members' deviations are multiplied by, so that they are as large as held-out errors.
  let inflation: Double
  let calibration: IntervalCalibration

  init(
    encodings: [EncodingChoice], predictors: [any Predictor], weights: [Double], transform: FittedTransform,
    inflation: Double, calibration: IntervalCalibration
  ) {
    self.inflation = inflation
    self.encodings = encodings
    self.predictors = predictors
    self.weights = weights
    self.transform = transform
    self.calibration = calibration
  }

  func predict(_ features: FeatureMatrix) throws -> [Prediction] {
    let members = try predictors.map { try $0.predict(features) }
    return (0..<features.count).map { row in
      let mixed = Self.mix(members.map { $0[row] }, weights)
      return calibration.apply(Self.value(of: mixed, transform, inflation: inflation))
    }
  }

  /// The mixture of normal distributions with these weights: what members disagree about is not known.
  static func mix(_ members: [Prediction], _ weights: [Double]) -> Prediction {
    var mean = 0.0
    for (member, weight) in zip(members, weights) { mean += weight * member.mean }
    var aleatoric = 0.0
    var epistemic = 0.0
    for (member, weight) in zip(members, weights) {
      let distance = member.mean - mean
      aleatoric += weight * member.aleatoric * member.aleatoric
      epistemic += weight * (member.epistemic * member.epistemic + distance * distance)
    }
    return Prediction(mean: mean, aleatoric: aleatoric.squareRoot(), epistemic: epistemic.squareRoot())
  }

  /// Mean and deviation of what a normal distribution of normal scores is in values, by Gauss–Hermite quadrature.
  static func value(of score: Prediction, _ transform: FittedTransform, inflation: Double) -> Prediction {
    let deviation = score.standardDeviation
    guard deviation > 0 else { return Prediction(mean: transform.inverse(score.mean)) }
    var mean = 0.0
    var square = 0.0
    let centre = transform.inverse(score.mean)
    for (node, weight) in quadrature {
      let distance = transform.inverse(score.mean + node * inflation * deviation) - centre
      mean += weight * distance
      square += weight * distance * distance
    }
    let spread = max(square - mean * mean, 0).squareRoot()
    return Prediction(
      mean: centre + mean, aleatoric: spread * (score.aleatoric / deviation),
      epistemic: spread * (score.epistemic / deviation))
  }

  /// Nine points for the normal distribution with mean 0 and variance 1.
  private static let quadrature: [(node: Double, weight: Double)] = {
    let half = [
      (4.512745863399783, 2.234584400774658e-05), (3.205429002856470, 2.789141321231769e-03),
      (2.076847978677830, 4.991640676521788e-02), (1.023255663789133, 2.440975028949394e-01),
    ]
    return half.map { (-$0.0, $0.1) } + [(0, 4.063492063492063e-01)] + half.reversed()
  }()

  // MARK: Model files

  private struct Settings: Codable {
    let encodings: [String]
    let members: Int
    let transform: FittedTransform
    let inflation: Double
    let calibration: IntervalCalibration
  }

  func write(to archive: inout ArrayArchive) throws {
    try archive.setSettings(
      Settings(
        encodings: encodings.map(\.description), members: predictors.count, transform: transform,
        inflation: inflation, calibration: calibration))
    archive.set("weights", weights)
    for (place, predictor) in predictors.enumerated() { try archive.set("member \(place)", predictor) }
  }

  init(from archive: ArrayArchive) throws {
    let settings = try archive.settings(Settings.self)
    guard (1...64).contains(settings.members), settings.members == archive.parts.count else {
      throw DamagedArchive("a blend of \(settings.members) members has \(archive.parts.count)")
    }
    encodings = settings.encodings.map { EncodingChoice($0) }
    transform = settings.transform
    inflation = settings.inflation
    calibration = settings.calibration
    weights = try archive.doubles("weights", count: settings.members)
    predictors = try (0..<settings.members).map { try archive.predictor("member \($0)") }
    guard weights.allSatisfy({ $0.isFinite && $0 >= 0 }), calibration.isValid, inflation.isFinite, inflation > 0 else {
      throw DamagedArchive("the weights of its blend are invalid")
    }
  }
}
