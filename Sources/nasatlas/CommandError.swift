import Records

/// What can be wrong with a command that is neither the parser's nor another room's business.
enum CommandError: UserFacingError, Equatable {
  case unknownSpace(name: String, known: [String])
  case numericFeatures(dataset: String)
  case missing(path: String, remedy: String)
  /// The system does not say where this program lies, so it cannot start trainers.
  case noExecutable
  /// A file that `ingest` does not read, though another command does.
  case otherInput(path: String, found: OutputKind, remedy: String)
  /// A line of a file that a command reads says something that it cannot take.
  case badLine(file: String, line: Int, reason: String)
  /// A binary format would fill a terminal with control characters.
  case binaryToTerminal(format: String)
  /// Standard output cannot take the results.
  case outputFailed(reason: String)

  var code: String {
    switch self {
    case .unknownSpace: "nasatlas.unknown_space"
    case .numericFeatures: "nasatlas.numeric_features"
    case .missing: "nasatlas.missing_file"
    case .noExecutable: "nasatlas.no_executable"
    case .otherInput: "nasatlas.other_input"
    case .badLine: "nasatlas.bad_line"
    case .binaryToTerminal: "records.output_terminal"
    case .outputFailed: "records.output_failed"
    }
  }

  var message: String {
    switch self {
    case .unknownSpace(let name, let known): "unknown space \(name); known: \(known.joined(separator: ", "))"
    case .numericFeatures(let dataset):
      "--no-numeric is for data without numeric features, but \(dataset) has some"
    case .missing(let path, _): "\(path) does not exist"
    case .noExecutable: "cannot start trainers: the system does not report the path of this program"
    case .otherInput(let path, let found, _): "\(path) is \(found.words), not a journal or an NDJSON file"
    case .badLine(let file, let line, let reason): "line \(line) of \(file): \(reason)"
    case .binaryToTerminal(let format): "\(format) is binary; it cannot be written to a terminal"
    case .outputFailed(let reason): "cannot write the results to stdout: \(reason)"
    }
  }

  var remedy: String? {
    switch self {
    case .unknownSpace: "choose one of them with --space; `nasatlas info` shows their sizes"
    case .numericFeatures: "leave out --no-numeric"
    case .missing(_, let remedy): remedy
    case .noExecutable: "start the program by its full path, with /proc mounted"
    case .otherInput(_, _, let remedy): remedy
    case .badLine: "correct this line, or remove it"
    case .binaryToTerminal(let format): "add > FILE.\(format) to the command"
    case .outputFailed: "free space, or redirect stdout elsewhere; then repeat the command"
    }
  }

  var exitStatus: ExitStatus {
    switch self {
    case .missing: .noInput
    case .outputFailed: .inputOutput
    case .badLine, .otherInput: .dataError
    case .noExecutable: .unavailable
    case .unknownSpace, .numericFeatures, .binaryToTerminal: .usage
    }
  }
}
