import Records

/// A method that learns transformed values and answers with values.
public struct TransformedMethod: PredictorMethod {
  let method: any PredictorMethod
  public let transform: TargetTransform

  public init(_ method: any PredictorMethod, _ transform: TargetTransform) {
    self.method = method
    self.transform = transform
  }

  public var name: String { method.name }
  public var encodings: [EncodingChoice] { method.encodings }
  public func seeing(_ choices: [EncodingChoice]) throws -> any PredictorMethod {
    TransformedMethod(try method.seeing(choices), transform)
  }
  public func unlabelledCount(for count: Int) -> Int { method.unlabelledCount(for: count) }
  public func limits(for count: Int) -> [LearningLimit] { method.limits(for: count) }

  public func fit(_ training: TrainingSet, seed: UInt64) throws -> any Predictor {
    guard !training.values.isEmpty else {
      throw SurrogatesError.tooFew(predictor: name, count: 0, needed: 1)
    }
    let fitted = transform.fitted(to: training.values)
    let inner = try method.fit(training.replacing(training.values.map(fitted.forward)), seed: seed)
    return TransformedPredictor(inner: inner, transform: fitted)
  }
}

extension PredictorMethod {
  /// The same method on values that went through `transform`, in place of what they went through before.
  public func learning(_ transform: TargetTransform) -> any PredictorMethod {
    if let transformed = self as? TransformedMethod { return transformed.method.learning(transform) }
    if let reencoded = self as? ReencodedMethod {
      return ReencodedMethod(method: reencoded.method.learning(transform), encodings: reencoded.encodings)
    }
    return transform == .identity ? self : TransformedMethod(self, transform)
  }
}

/// A predictor whose own values are images of a transform.
struct TransformedPredictor: Predictor {
  static let kind = "transformed"
  let inner: any Predictor
  let transform: FittedTransform

  init(inner: any Predictor, transform: FittedTransform) {
    self.inner = inner
    self.transform = transform
  }

  var encodings: [EncodingChoice] { inner.encodings }

  func predict(_ features: FeatureMatrix) throws -> [Prediction] {
    try inner.predict(features).map(transform.inverse)
  }

  func write(to archive: inout ArrayArchive) throws {
    try archive.setSettings(transform)
    try archive.set("inner", inner)
  }

  init(from archive: ArrayArchive) throws {
    transform = try archive.settings(FittedTransform.self)
    inner = try archive.predictor("inner")
  }
}
