public import Records

/// What can be wrong with a question. Each lists what there is.
public enum BenchmarkError: UserFacingError, Equatable {
  /// The architecture is one of the space, and the atlas has nothing of it.
  case architectureNotInAtlas(text: String, atlas: String, architectures: Int, nearest: [String])
  /// The atlas has the architecture, and no run of it in this setting.
  case noRun(text: String, setting: String, others: [String])
  case unknownID(id: String, atlas: String)
  case ambiguousID(prefix: String, matches: [String])
  /// A text that no space of the atlas reads.
  case unreadableArchitecture(text: String, reasons: [String])
  /// A name that the atlas does not have; `what` is space, data set, protocol, metric, split, seed or quantity.
  case unknown(what: String, found: String, known: [String])
  /// No run of the metric on the data set has the split; `elsewhere` are other data sets that have it. `here` is the name
  /// of a split that was asked by that of another tool.
  case unknownSplit(
    split: String, here: String?, metric: String, dataset: String, known: [String], elsewhere: [String])
  /// A whole number that may be a published index or a place.
  case bareInteger(text: String, spellings: [String])
  /// No architecture has this place; `index` says which one of a list it is.
  case unknownPlace(place: String, index: Int?, places: Range<Int>, atlas: String)
  /// The question fits several answers.
  case ambiguous(what: String, known: [String])
  case unknownEpoch(epoch: Int, run: String, known: [Int])
  case noEpoch(run: String, status: String)
  case noPrimaryMetric(dataset: String, known: [String])
  case noCompletedRun(text: String, runs: [String])
  case noRuns(atlas: String)
  /// Of the `candidates` that the conditions leave, none is in the part that was asked for.
  case emptyPart(atlas: String, candidates: Int)
  case noCompletedRuns(setting: String)
  /// No run passes the part of a filter that chooses runs; `known` says what its fields hold.
  case noRunPasses(condition: String, setting: String, known: [String])
  /// Architectures without a value, and none with one; `omitted` says how many lack what.
  case noValues(of: String, setting: String, omitted: [String])
  /// Curves are to be learnt, and no epoch is in all of them.
  case noCommonEpochs(setting: String)
  /// Only last values where curves are asked for.
  case noCurves(measure: String, setting: String, known: [String])
  /// Curves of some epochs where all are asked for.
  case sparseCurves(measure: String, setting: String, known: [Int])
  /// A field that is not a number where one is wanted.
  case notANumber(field: String, found: String)
  /// Seconds are not known of every run that is asked about.
  case noTrainSeconds(text: String)
  case noNeighbors(space: String)
  /// A Pareto front of nothing.
  case noObjectives

  public var code: String {
    switch self {
    case .architectureNotInAtlas, .unknownID: "benchmarks.unknown_architecture"
    case .noRun: "benchmarks.no_run"
    case .ambiguousID: "benchmarks.ambiguous_architecture"
    case .unreadableArchitecture: "benchmarks.unreadable_architecture"
    case .unknown(let what, _, _): "benchmarks.unknown_\(Self.word(what))"
    case .unknownSplit: "benchmarks.unknown_split"
    case .bareInteger: "benchmarks.bare_integer"
    case .unknownPlace: "benchmarks.unknown_place"
    case .ambiguous(let what, _): "benchmarks.ambiguous_\(Self.word(what))"
    case .unknownEpoch: "benchmarks.unknown_epoch"
    case .noEpoch: "benchmarks.no_epoch"
    case .noPrimaryMetric: "benchmarks.no_primary_metric"
    case .noCompletedRun: "benchmarks.no_completed_run"
    case .noRuns: "benchmarks.no_runs"
    case .emptyPart: "benchmarks.empty_part"
    case .noCompletedRuns: "benchmarks.no_completed_run"
    case .noRunPasses: "benchmarks.no_run_passes"
    case .noValues: "benchmarks.no_values"
    case .noCommonEpochs: "benchmarks.no_common_epochs"
    case .noCurves: "benchmarks.no_curves"
    case .sparseCurves: "benchmarks.sparse_curves"
    case .notANumber: "benchmarks.not_a_number"
    case .noTrainSeconds: "benchmarks.no_train_seconds"
    case .noNeighbors: "benchmarks.no_neighbors"
    case .noObjectives: "benchmarks.no_objectives"
    }
  }

  public var message: String {
    switch self {
    case .architectureNotInAtlas(let text, let atlas, let count, let nearest):
      "\(atlas) has no run of \(text); it has \(count) architectures"
        + (nearest.isEmpty ? "" : ", the nearest:\n    " + nearest.joined(separator: "\n    "))
    case .noRun(let text, let setting, let others):
      "there is no run of \(text) on \(setting)" + (others.isEmpty ? "" : "; it has runs on " + Self.list(others))
    case .unknownID(let id, let atlas): "\(atlas) has no architecture \(id)"
    case .ambiguousID(let prefix, let matches):
      "several ids begin with \(prefix):\n    " + matches.joined(separator: "\n    ")
    case .unreadableArchitecture(let text, let reasons):
      "\(text.debugDescription) is not an architecture of this atlas:\n    " + reasons.joined(separator: "\n    ")
    case .unknown(let what, let found, let known):
      // Another seed is never what was meant.
      "unknown \(what) \(found)\(what == "seed" ? "" : Self.suggestion(found, known)); known: "
        + Self.list(known)
    case .unknownSplit(let split, let here, let metric, let dataset, let known, let elsewhere):
      "\(metric) on \(dataset) has no split \(split)\(here.map { " (called \($0) here)" } ?? ""); known: "
        + Self.list(known) + (elsewhere.isEmpty ? "" : "; other data sets have it: \(Self.list(elsewhere))")
    case .bareInteger(let text, let spellings):
      "the number \(text) could be a published index or a place; allowed: \(Self.list(spellings))"
    case .unknownPlace(let place, let index, let places, let atlas):
      "there is no architecture at place \(place)\(index.map { " (architectures[\($0)])" } ?? "") of \(atlas); "
        + "allowed: places \(places.lowerBound) to \(places.upperBound - 1)"
    case .ambiguous(let what, let known): "ambiguous \(what); choose one of: \(Self.list(known))"
    case .unknownEpoch(let epoch, let run, let known):
      "\(run) has no value of epoch \(epoch); it has " + Self.epochs(known)
    case .noEpoch(let run, let status): "\(run) (\(status)) has no best epoch: no validation value was recorded"
    case .noPrimaryMetric(let dataset, let known):
      "no card names the primary metric of \(dataset); known: \(Self.list(known))"
    case .noCompletedRun(let text, let runs): "no run of \(text) was completed; its runs are: \(Self.list(runs))"
    case .noRuns(let atlas): "\(atlas) has no runs, only measurements"
    case .emptyPart(let atlas, let candidates):
      candidates == 0
        ? "no architecture of \(atlas) passes"
        : "this fraction of \(candidates) architectures of \(atlas) is less than one architecture"
    case .noCompletedRuns(let setting): "no run on \(setting) was completed"
    case .noRunPasses(let condition, let setting, let known):
      "no run on \(setting) passes \(condition); values found: \(known.joined(separator: "; "))"
    case .noValues(let what, let setting, let omitted):
      "no architecture has a finite value of \(what) on \(setting)"
        + (omitted.isEmpty ? "" : ": " + omitted.joined(separator: ", "))
    case .noCommonEpochs(let setting): "the completed runs on \(setting) have no epoch in common"
    case .noCurves(let measure, let setting, let known):
      "there are no learning curves of \(measure) on \(setting); the atlas has "
        + (known.isEmpty ? "only last values" : "curves of: \(Self.list(known))")
    case .sparseCurves(let measure, let setting, let known):
      "the curves of \(measure) on \(setting) have only the epochs " + Self.epochs(known)
        + "; every epoch from 1 is needed"
    case .notANumber(let field, let found): "\(field) is \(found.debugDescription); a number is needed"
    case .noTrainSeconds(let text): "the training time of \(text) is unknown"
    case .noNeighbors(let space): "the space \(space) does not define neighbors"
    case .noObjectives: "a Pareto front needs an objective; none is given"
    }
  }

  public var remedy: String? {
    switch self {
    case .architectureNotInAtlas:
      "train it, list architectures with `nasatlas top ATLAS`, or allow predictions: `nasatlas fit ATLAS`, then "
        + "`query --predict`"
    case .unknownID: "train it, or list the architectures with `nasatlas top ATLAS`"
    case .noRun: "choose one of these with --dataset and --protocol"
    case .ambiguousID: "give more digits"
    case .unreadableArchitecture: "write an id, a canonical text, or another name that the space knows"
    case .unknown("field", _, _): "choose one of these fields; docs/filters.md describes their spelling"
    case .ambiguous("quantity", _): "choose one of these, with its brackets"
    case .unknown(let what, _, _), .ambiguous(let what, _): "choose one of them with --\(Self.word(what))"
    case .unknownEpoch: "choose one of these epochs, or best, or last"
    case .unknownSplit: "choose another split with --split, or another data set with --dataset"
    case .bareInteger: "write one of these"
    case .unknownPlace: "choose one of these places"
    case .noEpoch: "choose --epoch last, or another seed"
    case .noPrimaryMetric: "choose one with --metric"
    case .noCompletedRun: "list all runs with --seed all"
    case .noRuns: "rank measurements, for example with `nasatlas top ATLAS --by latency[raspi4]`"
    case .emptyPart(_, let candidates):
      candidates == 0 ? "change --where, or the list of architectures" : "choose a larger --fraction, or a --count"
    case .noCompletedRuns: "choose another status, for example --where 'status = failed'"
    case .noRunPasses: "change or leave out this part of --where"
    case .noValues: "choose another epoch, metric, split or field"
    case .noCommonEpochs: "choose comparable runs with --where, or leave out --curves"
    case .noCurves, .sparseCurves: "choose others with --dataset, --protocol, --metric and --split"
    case .notANumber: "choose a field with numbers"
    case .noTrainSeconds: "leave out the limit of seconds"
    case .noNeighbors: nil
    case .noObjectives: "name one or more fields, each with a direction (min or max)"
    }
  }

  public var exitStatus: ExitStatus {
    switch self {
    case .architectureNotInAtlas, .unknownID, .noRun, .noEpoch, .noCompletedRun, .noRuns, .noCommonEpochs,
      .noCurves, .sparseCurves, .emptyPart, .noTrainSeconds, .noCompletedRuns, .noValues:
      .dataError
    default: .usage
    }
  }

  /// ` (did you mean NAME?)` where a known name is near.
  private static func suggestion(_ found: String, _ known: [String]) -> String {
    NearestName.of(found, among: known).map { " (did you mean \($0)?)" } ?? ""
  }

  private static func list(_ values: [String]) -> String {
    if values.isEmpty { return "none" }
    let shown = values.prefix(40).joined(separator: ", ")
    return values.count > 40 ? shown + " and \(values.count - 40) more" : shown
  }

  private static func epochs(_ epochs: [Int]) -> String {
    guard let first = epochs.first, let last = epochs.last else { return "none" }
    if epochs.count > 2, epochs.elementsEqual(first...last) { return "\(first) to \(last)" }
    return list(epochs.map(String.init))
  }

  /// As options, parameters and codes spell it: `dataset`.
  private static func word(_ what: String) -> String { String(what.filter { $0 != " " }) }
}
