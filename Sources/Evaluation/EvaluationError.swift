public import Records

/// What can be wrong with an evaluation and what it is given.
public enum EvaluationError: UserFacingError, Equatable {
  case sample(problem: String)
  case setting(name: String, found: String, allowed: String)
  /// Fewer architectures than one trial needs.
  case tooFew(found: Int, train: Int, test: Int)
  /// Mutation found fewer architectures with values than the test set needs.
  case mutationStuck(found: Int, needed: Int)
  case nothingToEvaluate
  /// A predictor that sees beginnings of curves, and no word of how much.
  case noFidelity(predictor: String)
  /// Fewer runs on another data set than a train set needs.
  case tooFewElsewhere(dataset: String, found: Int, train: Int)
  /// A line of a table of predictions, counted from 1.
  case predictions(file: String, line: Int, problem: String)
  /// A table of predictions without one that a split needs.
  case missingPrediction(file: String, trial: Int, trainSize: Int, architecture: String, missing: Int)

  public var code: String {
    switch self {
    case .sample: "evaluation.sample"
    case .setting: "evaluation.bad_setting"
    case .tooFew: "evaluation.too_few"
    case .mutationStuck: "evaluation.mutation_stuck"
    case .nothingToEvaluate: "evaluation.nothing"
    case .noFidelity: "evaluation.no_fidelity"
    case .tooFewElsewhere: "evaluation.too_few"
    case .predictions: "evaluation.predictions"
    case .missingPrediction: "evaluation.missing_prediction"
    }
  }

  public var message: String {
    switch self {
    case .sample(let problem): problem
    case .setting(let name, let found, let allowed): "\(name) is \(found); allowed: \(allowed)"
    case .tooFew(let found, let train, let test):
      "\(train) training and \(test) test architectures are needed; there are only \(found)"
    case .mutationStuck(let found, let needed):
      "the mutated test set needs \(needed) architectures with values; only \(found) were found"
    case .nothingToEvaluate: "nothing to evaluate: no predictor and no table of predictions is given"
    case .noFidelity(let predictor): "\(predictor) is a learning-curve predictor, but the number of epochs is missing"
    case .tooFewElsewhere(let dataset, let found, let train):
      "\(train) training architectures outside the test set are needed on \(dataset); there are only \(found)"
    case .predictions(let file, let line, let problem): "\(file), line \(line): \(problem)"
    case .missingPrediction(let file, let trial, let trainSize, let architecture, let missing):
      "\(file) has no prediction of trial \(trial), train size \(trainSize), architecture \(architecture)"
        + (missing > 1 ? "; \(missing - 1) others are missing too" : "")
    }
  }

  public var remedy: String? {
    switch self {
    case .sample: nil
    case .setting: "see `nasatlas evaluate predictors --help`"
    case .tooFew, .tooFewElsewhere: "choose smaller numbers with --train-size or --test"
    case .noFidelity: "add --fidelity, for example --fidelity 5,10"
    case .mutationStuck: "choose a smaller number with --test, or leave out --mutated"
    case .nothingToEvaluate: "name a predictor with --predictor, or a table with --predictions"
    case .predictions:
      "begin the file with the line trial,train_size,architecture,prediction; sd, fit_seconds and query_seconds are "
        + "optional"
    case .missingPrediction:
      "export the splits again with the same options and --export-splits, and predict all of them"
    }
  }

  public var exitStatus: ExitStatus {
    switch self {
    case .setting, .nothingToEvaluate, .noFidelity: .usage
    default: .dataError
    }
  }
}
