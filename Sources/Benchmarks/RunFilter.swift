import Records
import Store

/// Which runs of an architecture count when architectures are compared, and which architectures.
struct RunFilter {
  let seeds: SeedChoice
  let parts: FilterParts
  let reader: FieldReader
  /// Only a filter that asks for a status may want runs that did not complete.
  private let hasAnyStatus: Bool

  /// What an architecture gives.
  enum Choice {
    /// The runs that count, at least one.
    case runs([Int])
    /// The filter leaves the architecture out.
    case filtered
    case lacking(Omission.Reason)
  }

  /// Throws ``FilterError/mixed(part:runs:architectures:)``, and `unknown` for a text that a parameter never is.
  init(seeds: SeedChoice, filter: FilterExpression?, reader: FieldReader) throws {
    self.seeds = seeds
    try filter?.checkTexts(reader.listedTexts)
    parts = try FilterParts(filter)
    self.reader = reader
    hasAnyStatus = filter?.fields.contains(FilterField("status")) ?? false
  }

  /// True where neither runs nor architectures are left out by a filter.
  var isOpen: Bool { parts.runs == nil && parts.architectures == nil }

  /// True where all completed runs count, whatever the filter's part about architectures says.
  var countsAllCompletedRuns: Bool {
    guard case .mean = seeds else { return false }
    return parts.runs == nil && !hasAnyStatus
  }

  func choice(ofArchitecture row: Int) throws -> Choice {
    let counted = try counted(ofArchitecture: row)
    guard let condition = parts.architectures, case .runs(let runs) = counted else { return counted }
    return try condition.evaluate { try reader.value($0, runs: runs) } ? counted : .filtered
  }

  /// The runs that count, before the filter's part about architectures.
  func counted(ofArchitecture row: Int) throws -> Choice {
    let all = try reader.setting.runs(ofArchitecture: row)
    guard !all.isEmpty else { return .lacking(.noRun) }
    var (isOfSeed, isComplete) = (false, false)
    var runs: [Int] = []
    for run in all {
      if case .one(let seed) = seeds, try reader.setting.seed(ofRun: run) != seed { continue }
      isOfSeed = true
      guard try isUsable(run) else { continue }
      isComplete = true
      if try passes(run) { runs.append(run) }
    }
    guard isComplete else { return .lacking(isOfSeed ? .notCompleted : .noSeed) }
    return runs.isEmpty ? .filtered : .runs(runs)
  }

  /// The runs that count; none of an architecture that is left out.
  func runs(ofArchitecture row: Int) throws -> [Int] {
    if case .runs(let runs) = try choice(ofArchitecture: row) { runs } else { [] }
  }

  private func isUsable(_ run: Int) throws -> Bool {
    try hasAnyStatus || reader.setting.status(ofRun: run) == .completed
  }

  /// Whether the run is of the seed that is asked for, and usable.
  private func isAsked(_ run: Int) throws -> Bool {
    if case .one(let seed) = seeds, try reader.setting.seed(ofRun: run) != seed { return false }
    return try isUsable(run)
  }

  private func passes(_ run: Int) throws -> Bool {
    try parts.runs?.evaluate { try reader.value($0, run: run) } ?? true
  }

  /// Whether a run of the setting counts, its architecture included.
  func takes(_ run: Int, taken: inout [Int: Bool]) throws -> Bool {
    guard try isUsable(run), try passes(run) else { return false }
    guard parts.architectures != nil else { return true }
    let row = try reader.setting.architecture(ofRun: run)
    if let known = taken[row] { return known }
    let isTaken = try !runs(ofArchitecture: row).isEmpty
    taken[row] = isTaken
    return isTaken
  }

  // MARK: Nothing

  /// Throws where an empty answer is no answer: no run passes the filter's part about runs, or values lack for other
  /// reasons than the filter. Where the filter leaves out every architecture that has a value, empty is the answer.
  func checkEmpty(_ what: String, _ tally: OmissionTally, lookup: Lookup? = nil) throws {
    try lookup?.requireAnswers()
    try requireRuns()
    if tally.filtered == 0 {
      throw BenchmarkError.noValues(
        of: what, setting: reader.settingName,
        omitted: tally.omissions.map { "\($0.architectures) \($0.reason.words)" })
    }
  }

  /// Throws `noRunPasses` where no run of the setting passes the part about runs, listing what its fields hold.
  func requireRuns() throws {
    guard let condition = parts.runs else { return }
    let setting = reader.setting
    for run in 0..<setting.runCount where try isAsked(run) && passes(run) { return }
    var known: [String] = []
    if case .one(let seed) = seeds { known.append("runs of seed \(seed)") }
    for field in condition.fields {
      var values: Set<FilterValue> = []
      for run in 0..<setting.runCount where try isAsked(run) {
        if let value = try reader.value(field, run: run) { values.insert(value) }
      }
      let texts = values.sorted(by: FilterValue.isBefore).map(\.filterText)
      let more = texts.count > 12 ? " and \(texts.count - 12) more" : ""
      known.append("\(field.text) \(texts.isEmpty ? "of no run" : texts.prefix(12).joined(separator: ", "))\(more)")
    }
    throw BenchmarkError.noRunPasses(condition: condition.canonicalText, setting: reader.settingName, known: known)
  }
}

extension FilterValue {
  /// Numbers by size, before texts by their letters.
  fileprivate static func isBefore(_ left: FilterValue, _ right: FilterValue) -> Bool {
    switch (left, right) {
    case (.number(let one), .number(let other)): one < other
    case (.text(let one), .text(let other)): one < other
    case (.number, .text): true
    case (.text, .number): false
    }
  }
}

extension FieldReader {
  /// The mean of a field over the runs that have it, and how many they are; nil when none has.
  func mean(_ field: FilterField, runs: [Int]) throws -> (value: Double, count: Int)? {
    try setting.mean(of: runs) { try number(field, run: $0) }
  }
}
