import Records

/// What can be wrong with a command that is neither the parser's nor another room's business.
enum CommandError: UserFacingError, Equatable {
  case numericFeatures(dataset: String)
  case missing(path: String, remedy: String)

  var code: String {
    switch self {
    case .numericFeatures: "nasatlas.numeric_features"
    case .missing: "nasatlas.missing_file"
    }
  }

  var message: String {
    switch self {
    case .numericFeatures(let dataset):
      "whether \(dataset) has numeric features decides about the stem, and --no-numeric says otherwise"
    case .missing(let path, _): "\(path) does not exist"
    }
  }

  var remedy: String? {
    switch self {
    case .numericFeatures: "leave --no-numeric out"
    case .missing(_, let remedy): remedy
    }
  }

  var exitStatus: ExitStatus {
    switch self {
    case .missing: .noInput
    case .numericFeatures: .usage
    }
  }
}
