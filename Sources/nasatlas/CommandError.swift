import Records

/// What can be wrong with a question to the command line that is neither the parser's nor another room's business.
enum CommandError: UserFacingError, Equatable {
  case unknownSpace(name: String, known: [String])
  /// The architecture is one of the space, and the atlas has no run of it.
  case architectureNotInAtlas(text: String, atlas: String, architectures: Int, nearest: [String])
  case unknownID(id: String, atlas: String)
  /// A name that the atlas does not have; `what` is data set, protocol, metric, split or seed.
  case unknown(what: String, found: String, option: String, known: [String])
  /// The question fits several answers.
  case ambiguous(what: String, option: String, known: [String])
  case unknownEpoch(epoch: Int, completed: [Int])
  case noEpoch(run: String, status: String)
  case notRanked(metric: String, dataset: String, known: [String])
  case numericFeatures(dataset: String)
  case missing(path: String, remedy: String)
  /// The atlas lacks what the answer would rest on.
  case noPrimaryMetric(dataset: String, known: [String])

  var code: String {
    switch self {
    case .unknownSpace: "nasatlas.unknown_space"
    case .architectureNotInAtlas, .unknownID: "nasatlas.unknown_architecture"
    case .unknown(let what, _, _, _): "nasatlas.unknown_\(Self.word(what))"
    case .ambiguous(let what, _, _): "nasatlas.ambiguous_\(Self.word(what))"
    case .unknownEpoch: "nasatlas.unknown_epoch"
    case .noEpoch: "nasatlas.no_epoch"
    case .notRanked: "nasatlas.not_ranked"
    case .numericFeatures: "nasatlas.numeric_features"
    case .missing: "nasatlas.missing_file"
    case .noPrimaryMetric: "nasatlas.no_primary_metric"
    }
  }

  var message: String {
    switch self {
    case .unknownSpace(let name, let known): "there is no space \(name); known: \(Self.list(known))"
    case .architectureNotInAtlas(let text, let atlas, let count, let nearest):
      "\(atlas) has no run of \(text); it holds \(count) architectures"
        + (nearest.isEmpty ? "" : ", the nearest:\n    " + nearest.joined(separator: "\n    "))
    case .unknownID(let id, let atlas): "\(atlas) has no architecture \(id)"
    case .unknown(let what, let found, _, let known): "there is no \(what) \(found) here; known: \(Self.list(known))"
    case .ambiguous(let what, _, let known): "the \(what) is not clear; there are: \(Self.list(known))"
    case .unknownEpoch(let epoch, let completed):
      "epoch \(epoch) does not exist; completed epochs, by seed: \(Self.list(completed.map(String.init)))"
    case .noEpoch(let run, let status): "\(run) (\(status)) has no score, so it has no best epoch"
    case .notRanked(let metric, let dataset, let known):
      "runs on \(dataset) are not ranked by \(metric); ranked by: \(Self.list(known))"
    case .numericFeatures(let dataset):
      "whether \(dataset) has numeric features decides about the stem, and --no-numeric says otherwise"
    case .missing(let path, _): "\(path) does not exist"
    case .noPrimaryMetric(let dataset, let known):
      "the atlas has no card of \(dataset) that says its metric; known: \(Self.list(known))"
    }
  }

  var remedy: String? {
    switch self {
    case .unknownSpace: "run `nasatlas info`"
    case .architectureNotInAtlas(_, let atlas, _, _), .unknownID(_, let atlas):
      "train it, or see what there is with `nasatlas query \(atlas) --best 10`"
    case .unknown(_, _, let option, _), .ambiguous(_, let option, _): "choose one with \(option)"
    case .unknownEpoch: "choose a completed epoch, or --epoch best, or --epoch last"
    case .noEpoch: "choose another seed, or look at the curve with --curve"
    case .notRanked: "choose one of them with --metric"
    case .numericFeatures: "leave --no-numeric out"
    case .missing(_, let remedy): remedy
    case .noPrimaryMetric: "choose one with --metric"
    }
  }

  var exitStatus: ExitStatus {
    switch self {
    case .architectureNotInAtlas, .unknownID, .noEpoch: .dataError
    case .missing: .noInput
    default: .usage
    }
  }

  private static func list(_ values: [String]) -> String { values.isEmpty ? "none" : values.joined(separator: ", ") }
  private static func word(_ what: String) -> String { String(what.map { $0 == " " ? "_" : $0 }) }
}
