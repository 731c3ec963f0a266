public import Records

/// What can be wrong with predictors, what they learn from, and their files.
public enum SurrogatesError: UserFacingError, Equatable {
  /// Numbers that do not fit together; the text says which.
  case shape(String)
  /// A value to learn that is no finite number.
  case badValue(row: Int, value: Double)
  case noEncoding(wanted: String, known: [String])
  case unknownPredictor(name: String, known: [String])
  case unknownTransform(name: String, known: [String])
  /// A setting of a method that it does not have or that is out of range.
  case badSetting(predictor: String, setting: String, found: String, allowed: String)
  case tooFew(predictor: String, count: Int, needed: Int)
  /// A model file, or a part of one, that is not what it should be.
  case damagedModel(String)
  /// A computation that has no finite result.
  case numerics(String)
  /// No file where one should be; `fit` is the command that makes it.
  case noSurrogate(path: String, fit: String = "nasatlas fit ATLAS")
  /// A surrogate that stands in for something else than what is asked.
  case otherSubject(surrogate: String, difference: String)
  /// The space encodes an architecture in another way than when the surrogate was made.
  case changedEncoding(architecture: String)
  /// A surrogate that has not learnt curves, asked for one.
  case noCurves(surrogate: String)
  /// A surrogate of runs that were not repeated, asked how they scatter.
  case noNoise(surrogate: String)
  /// A value was asked for at an epoch that the predicted curves lack.
  case noSuchEpoch(epoch: Int, known: [Int])

  public var code: String {
    switch self {
    case .shape: "surrogates.shape"
    case .badValue: "surrogates.bad_value"
    case .noEncoding: "surrogates.no_encoding"
    case .unknownPredictor: "surrogates.unknown_predictor"
    case .unknownTransform: "surrogates.unknown_transform"
    case .badSetting: "surrogates.bad_setting"
    case .tooFew: "surrogates.too_few"
    case .damagedModel: "surrogates.damaged_model"
    case .numerics: "surrogates.numerics"
    case .noSurrogate: "surrogates.no_surrogate"
    case .otherSubject: "surrogates.other_subject"
    case .changedEncoding: "surrogates.changed_encoding"
    case .noCurves: "surrogates.no_curves"
    case .noNoise: "surrogates.no_noise"
    case .noSuchEpoch: "surrogates.no_such_epoch"
    }
  }

  public var message: String {
    switch self {
    case .shape(let what): what
    case .badValue(let row, let value): "value \(row) is \(value); only finite numbers are allowed"
    case .noEncoding(let wanted, let known):
      "unknown encoding \(wanted); known: \(known.isEmpty ? "none" : known.joined(separator: ", "))"
    case .unknownPredictor(let name, let known):
      "unknown predictor \(name); known: \(known.joined(separator: ", "))"
    case .unknownTransform(let name, let known):
      "unknown transform \(name); known: \(known.joined(separator: ", "))"
    case .badSetting(let predictor, let setting, let found, let allowed):
      "\(setting) of \(predictor) is \(found); allowed: \(allowed)"
    case .tooFew(let predictor, let count, let needed):
      "\(predictor) needs \(needed) or more training architectures; there are \(count)"
    case .damagedModel(let what): "the model is damaged: \(what)"
    case .numerics(let what): what
    case .noSurrogate(let path, _): "the surrogate \(path) does not exist"
    case .otherSubject(let surrogate, let difference):
      "the surrogate \(surrogate) answers another question: \(difference)"
    case .changedEncoding(let architecture):
      "the surrogate was made by another version, which encoded \(architecture) differently"
    case .noCurves(let surrogate): "the surrogate \(surrogate) was fitted without learning curves"
    case .noNoise(let surrogate):
      "the surrogate \(surrogate) cannot simulate runs: none of its training architectures has two runs"
    case .noSuchEpoch(let epoch, let known):
      "the surrogate has no curves at epoch \(epoch); known: "
        + (known.count > 12 ? "\(known.count) epochs from \(known[0]) to \(known[known.count - 1])" : "\(known)")
    }
  }

  public var remedy: String? {
    switch self {
    case .noEncoding: "choose one of these with --encoding"
    case .unknownPredictor: "choose one of these with --predictor"
    case .unknownTransform: "choose one of these with --transform"
    case .damagedModel, .changedEncoding, .otherSubject: "fit it again with `nasatlas fit`"
    case .noSurrogate(_, let fit): "make it with `\(fit)`"
    case .noCurves: "fit it again with `nasatlas fit ATLAS --curves`"
    case .noNoise: "leave out --noise, or fit it with --curves to an atlas with repeated runs"
    case .noSuchEpoch: "choose one of these with --epoch"
    case .tooFew: "add architectures, or choose another predictor"
    default: nil
    }
  }

  public var exitStatus: ExitStatus {
    switch self {
    case .unknownPredictor, .unknownTransform, .badSetting, .noEncoding, .noSuchEpoch: .usage
    case .noSurrogate: .noInput
    default: .dataError
    }
  }
}
