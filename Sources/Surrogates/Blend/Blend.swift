/// Fitted members of a ``BlendMethod`` with their weights.
struct Blend: Predictor {
  static let kind = "blend"
  let encodings: [EncodingChoice]
  let predictors: [any Predictor]
  let weights: [Double]
  let transform: FittedTransform
  let calibration: IntervalCalibration

  init(
    encodings: [EncodingChoice], predictors: [any Predictor], weights: [Double], transform: FittedTransform,
    calibration: IntervalCalibration
  ) {
    self.encodings = encodings
    self.predictors = predictors
    self.weights = weights
    self.transform = transform
    self.calibration = calibration
  }

  func predict(_ features: FeatureMatrix) throws -> [Prediction] {
    let members = try predictors.map { try $0.predict(features) }
    return (0..<features.count).map { row in
      calibration.apply(transform.inverse(Self.mix(members.map { $0[row] }, weights)))
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

  // MARK: Model files

  private struct Settings: Codable {
    let encodings: [String]
    let members: Int
    let transform: FittedTransform
    let calibration: IntervalCalibration
  }

  func write(to archive: inout ModelArchive) throws {
    try archive.setSettings(
      Settings(
        encodings: encodings.map(\.description), members: predictors.count, transform: transform,
        calibration: calibration))
    archive.set("weights", weights)
    for (place, predictor) in predictors.enumerated() { try archive.set("member \(place)", predictor) }
  }

  init(from archive: ModelArchive) throws {
    let settings = try archive.settings(Settings.self)
    guard (1...64).contains(settings.members), settings.members == archive.parts.count else {
      throw SurrogatesError.damagedModel("a blend of \(settings.members) members has \(archive.parts.count)")
    }
    encodings = settings.encodings.map { EncodingChoice($0) }
    transform = settings.transform
    calibration = settings.calibration
    weights = try archive.doubles("weights", count: settings.members)
    predictors = try (0..<settings.members).map { try archive.predictor("member \($0)") }
    guard weights.allSatisfy({ $0.isFinite && $0 >= 0 }), calibration.isValid else {
      throw SurrogatesError.damagedModel("the weights of its blend are none")
    }
  }
}
