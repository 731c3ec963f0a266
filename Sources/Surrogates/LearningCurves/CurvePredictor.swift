public import Records

/// A way to tell from the beginning of a run how it ends: its settings, before it has seen any run.
///
/// Conformances are checked by `checkCurvePredictor` of `TestSupport`. A fit is a function of the training set and the
/// seed alone, to the last bit.
public protocol CurvePredictorMethod: Sendable {
  /// As users type it, for example `sotl-e`.
  var name: String { get }
  /// The blocks of features that it reads beside the curves; none for most.
  var encodings: [EncodingChoice] { get }
  /// What predictions are.
  var answer: CurveAnswer { get }
  /// Whether it tells data sets apart, so that it can learn from runs on others than it is asked about.
  var learnsAcrossDatasets: Bool { get }
  /// Throws ``SurrogatesError`` for sets that nothing can be learnt from. Methods that learn nothing take sets without
  /// runs and look only at the epochs asked for and at the direction of the curves.
  func fit(_ training: CurveTrainingSet, seed: UInt64) throws -> any CurvePredictor
}

extension CurvePredictorMethod {
  public var encodings: [EncodingChoice] { [] }
  public var answer: CurveAnswer { .value }
  public var learnsAcrossDatasets: Bool { false }
}

extension LCRankNet {
  public var learnsAcrossDatasets: Bool { true }
}

/// What the mean of a prediction from a curve is.
public enum CurveAnswer: String, Hashable, Sendable, Codable {
  /// The value at the target epoch, in its unit.
  case value
  /// A number that is larger for better runs and has no unit: it ranks, and that is all.
  case score
}

/// A method that has learnt.
///
/// Predicting many gives the same bits as predicting each alone, in any order, before and after a model file.
public protocol CurvePredictor: Sendable {
  /// Names the kind of model in model files, for example `sotl-e`.
  static var kind: String { get }
  /// The blocks of features that predicting reads beside the curves.
  var encodings: [EncodingChoice] { get }
  /// One prediction a curve. Throws ``SurrogatesError`` where a curve is too short, stands in the other direction than
  /// those learnt from, or where features or labels of data sets that are read are missing.
  func predict(_ curves: CurveSet) throws -> [Prediction]
  /// Puts settings and arrays into `archive`.
  func write(to archive: inout ArrayArchive) throws
  /// Reads what ``write(to:)`` wrote. Total: throws ``DamagedArchive`` for all else.
  init(from archive: ArrayArchive) throws
}

extension CurvePredictor {
  public var encodings: [EncodingChoice] { [] }
}

extension ArrayArchive {
  /// A curve predictor's archive.
  public init(of predictor: any CurvePredictor) throws {
    self.init(kind: type(of: predictor).kind)
    try predictor.write(to: &self)
  }

  /// The curve predictor that wrote the archive, whatever its kind.
  public func curvePredictor() throws -> any CurvePredictor {
    guard let type = CurvePredictorCatalogue.kinds.first(where: { $0.kind == kind }) else {
      throw DamagedArchive("its kind \(kind.debugDescription) is unknown to this version")
    }
    return try type.init(from: self)
  }
}
