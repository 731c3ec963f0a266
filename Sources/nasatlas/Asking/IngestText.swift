import Records
import Store

/// The texts of an ingest and a merge.
enum IngestText {
  /// How many conflicts are told in words; JSON has all.
  private static let listed = 20

  /// `3 runs`, `1 run`.
  static func count(_ number: Int, _ one: String, _ many: String) -> String {
    "\(NumberText.count(number)) \(number == 1 ? one : many)"
  }

  static func runs(_ number: Int) -> String { count(number, "run", "runs") }
  static func measurements(_ number: Int) -> String { count(number, "measurement", "measurements") }

  /// `3, decided by --prefer FIRST`.
  static func conflictCount(_ report: IngestReport, _ policy: ConflictPolicy) -> String {
    let number = NumberText.count(report.conflictCount)
    guard report.hasConflicts else { return number }
    return switch policy {
    case .refuse: number
    case .first: "\(number), decided by --prefer FIRST"
    case .second: "\(number), decided by --prefer SECOND"
    case .source(let name): "\(number), decided by --prefer \(name)"
    case .skip: "\(number), left out by --skip-conflicts"
    }
  }

  /// Runs, measurements and cards that contradict others, and which of each two stays.
  static func conflicts(_ report: IngestReport) -> [String] {
    var lines: [String] = []
    func add(_ first: some CustomStringConvertible, _ second: some CustomStringConvertible, _ kept: IngestReport.Kept) {
      lines.append("  first   \(first)\(kept == .first ? ", kept" : "")")
      lines.append("  second  \(second)\(kept == .second ? ", kept" : "")")
    }
    for conflict in report.conflicts.prefix(listed) {
      lines += ["conflict at \(conflict.place) of \(conflict.file)"]
      lines += ArchitectureText.lines(conflict.key.architecture, width: 76).map { "  " + $0 }
      lines += ["  \(conflict.key.dataset), seed \(conflict.key.seed)"]
      add(conflict.first, conflict.second, conflict.kept)
    }
    for conflict in report.measurementConflicts.prefix(listed) {
      lines += ["conflict at \(conflict.place) of \(conflict.file): \(conflict.quantity.words)"]
      lines += ArchitectureText.lines(conflict.architecture, width: 76).map { "  " + $0 }
      add(conflict.first, conflict.second, conflict.kept)
    }
    for conflict in report.cardConflicts.prefix(listed) {
      lines += ["conflicting cards of \(conflict.kind) \(conflict.name), at \(conflict.place) of \(conflict.file)"]
      add(conflict.first, conflict.second, conflict.kept)
    }
    let shown = [report.conflicts.count, report.measurementConflicts.count, report.cardConflicts.count]
      .map { min(listed, $0) }.reduce(0, +)
    if report.conflictCount > shown { lines.append("and \(NumberText.count(report.conflictCount - shown)) more") }
    return lines
  }
}
