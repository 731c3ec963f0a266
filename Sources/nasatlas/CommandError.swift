import Records

/// What can be wrong with a command that is neither the parser's nor another room's business.
enum CommandError: UserFacingError, Equatable {
  case unknownSpace(name: String, known: [String])
  case numericFeatures(dataset: String)
  case missing(path: String, remedy: String)
  /// Standard output cannot take the results.
  case outputFailed(reason: String)

  var code: String {
    switch self {
    case .unknownSpace: "nasatlas.unknown_space"
    case .numericFeatures: "nasatlas.numeric_features"
    case .missing: "nasatlas.missing_file"
    case .outputFailed: "nasatlas.output.failed"
    }
  }

  var message: String {
    switch self {
    case .unknownSpace(let name, let known): "there is no space \(name); known: \(known.joined(separator: ", "))"
    case .numericFeatures(let dataset):
      "whether \(dataset) has numeric features decides about the stem, and --no-numeric says otherwise"
    case .missing(let path, _): "\(path) does not exist"
    case .outputFailed(let reason): "writing the results to standard output failed: \(reason)"
    }
  }

  var remedy: String? {
    switch self {
    case .unknownSpace: "choose one of them with --space; `nasatlas info` tells how large they are"
    case .numericFeatures: "leave --no-numeric out"
    case .missing(_, let remedy): remedy
    case .outputFailed: "free space, or send standard output elsewhere; then repeat the command"
    }
  }

  var exitStatus: ExitStatus {
    switch self {
    case .missing: .noInput
    case .outputFailed: .inputOutput
    case .unknownSpace, .numericFeatures: .usage
    }
  }
}
