public import Records

/// A way to learn from architectures with known values: its settings, before it has seen any.
///
/// Conformances are checked by `checkPredictor` of `TestSupport`. A fit is a function of the training set and the seed
/// alone, to the last bit.
public protocol PredictorMethod: Sendable {
  /// As users type it, for example `boosted-trees`.
  var name: String { get }
  /// The blocks of features that ``fit(_:seed:)`` and the predictors read. Others may be there and are not looked at.
  var encodings: [EncodingChoice] { get }
  /// What values go through before they are learnt, and predictions come back through.
  var transform: TargetTransform { get }
  /// How many architectures without values the method makes use of, given `count` with values; 0 for most.
  func unlabelledCount(for count: Int) -> Int
  /// What learns from a part of `count` architectures, where that is not all of them; empty for most.
  func limits(for count: Int) -> [LearningLimit]
  /// The same method, shown `choices` in place of its own ``encodings``. Throws ``SurrogatesError/badSetting`` for
  /// choices that it cannot be shown.
  func seeing(_ choices: [EncodingChoice]) throws -> any PredictorMethod
  /// Throws ``SurrogatesError`` for sets that nothing can be learnt from.
  func fit(_ training: TrainingSet, seed: UInt64) throws -> any Predictor
}

extension PredictorMethod {
  public var transform: TargetTransform { .identity }
  public func seeing(_ choices: [EncodingChoice]) throws -> any PredictorMethod {
    _ = try Reencoding(given: choices, wanted: encodings, predictor: name)
    return ReencodedMethod(method: self, encodings: choices)
  }
  public func unlabelledCount(for count: Int) -> Int { 0 }
  public func limits(for count: Int) -> [LearningLimit] { [] }
}

/// A method that has learnt.
///
/// Predicting many gives the same bits as predicting each alone, in any order, before and after a model file.
public protocol Predictor: Sendable {
  /// Names the kind of model in model files, for example `boosted-trees`.
  static var kind: String { get }
  /// The blocks of features that predicting reads.
  var encodings: [EncodingChoice] { get }
  /// One prediction a row. Throws ``SurrogatesError`` where a block is missing or has another width.
  func predict(_ features: FeatureMatrix) throws -> [Prediction]
  /// Puts settings and arrays into `archive`.
  func write(to archive: inout ArrayArchive) throws
  /// Reads what ``write(to:)`` wrote. Total: throws ``DamagedArchive`` for all else.
  init(from archive: ArrayArchive) throws
}
