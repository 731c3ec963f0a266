import Records

/// A method that sees architectures by other encodings than its own: one that sees one block gets all of them side by
/// side, one of several as many others in their order.
struct ReencodedMethod: PredictorMethod {
  let method: any PredictorMethod
  let encodings: [EncodingChoice]

  var name: String { method.name }
  var transform: TargetTransform { method.transform }
  func unlabelledCount(for count: Int) -> Int { method.unlabelledCount(for: count) }
  func limits(for count: Int) -> [LearningLimit] { method.limits(for: count) }

  func fit(_ training: TrainingSet, seed: UInt64) throws -> any Predictor {
    let seen = try Reencoding(given: encodings, wanted: method.encodings)
    return ReencodedPredictor(inner: try method.fit(seen.apply(training), seed: seed), reencoding: seen)
  }
}

/// Gives blocks of features the names that a method looks for.
struct Reencoding: Hashable, Sendable {
  let given: [EncodingChoice]
  let wanted: [EncodingChoice]

  init(given: [EncodingChoice], wanted: [EncodingChoice], predictor: String = "the predictor") throws {
    guard !given.isEmpty, wanted.count == 1 || wanted.count == given.count else {
      throw SurrogatesError.badSetting(
        predictor: predictor, setting: "encodings", found: given.map(\.description).joined(separator: ", "),
        allowed: wanted.count == 1 ? "one or more" : "\(wanted.count), in the order of \(wanted)")
    }
    self.given = given
    self.wanted = wanted
  }

  func apply(_ features: FeatureMatrix) throws -> FeatureMatrix {
    let chosen = try features.selecting(given)
    let names = wanted.map(\.description)
    let blocks =
      wanted.count == 1
      ? [FeatureMatrix.Block(name: names[0], width: chosen.width)]
      : zip(names, chosen.blocks).map { FeatureMatrix.Block(name: $0, width: $1.width) }
    return try FeatureMatrix(blocks: blocks, count: chosen.count, values: chosen.values)
  }

  func apply(_ training: TrainingSet) throws -> TrainingSet {
    try TrainingSet(apply(training.features), training.values, unlabelled: training.unlabelled.map(apply))
  }
}

/// A predictor that was shown other encodings than its method asks for.
struct ReencodedPredictor: Predictor {
  static let kind = "re-encoded"
  let inner: any Predictor
  let reencoding: Reencoding

  init(inner: any Predictor, reencoding: Reencoding) {
    self.inner = inner
    self.reencoding = reencoding
  }

  private struct Settings: Codable {
    let given: [String]
    let wanted: [String]
  }

  var encodings: [EncodingChoice] { reencoding.given }

  func predict(_ features: FeatureMatrix) throws -> [Prediction] { try inner.predict(reencoding.apply(features)) }

  func write(to archive: inout ArrayArchive) throws {
    try archive.setSettings(
      Settings(given: reencoding.given.map(\.description), wanted: reencoding.wanted.map(\.description)))
    try archive.set("inner", inner)
  }

  init(from archive: ArrayArchive) throws {
    let settings = try archive.settings(Settings.self)
    inner = try archive.predictor("inner")
    do {
      reencoding = try Reencoding(
        given: settings.given.map { EncodingChoice($0) }, wanted: settings.wanted.map { EncodingChoice($0) })
    } catch {
      throw DamagedArchive("its encodings do not fit together")
    }
  }
}
