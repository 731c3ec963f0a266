import Records

/// A predictor whose deviations go through an ``IntervalCalibration``.
struct CalibratedPredictor: Predictor {
  static let kind = "calibrated"
  let inner: any Predictor
  let calibration: IntervalCalibration

  init(inner: any Predictor, calibration: IntervalCalibration) {
    self.inner = inner
    self.calibration = calibration
  }

  var encodings: [EncodingChoice] { inner.encodings }

  func predict(_ features: FeatureMatrix) throws -> [Prediction] {
    try inner.predict(features).map(calibration.apply)
  }

  func write(to archive: inout ArrayArchive) throws {
    try archive.setSettings(calibration)
    try archive.set("inner", inner)
  }

  init(from archive: ArrayArchive) throws {
    calibration = try archive.settings(IntervalCalibration.self)
    inner = try archive.predictor("inner")
    guard calibration.isValid else {
      throw DamagedArchive("the calibration of its standard deviations is invalid")
    }
  }
}
