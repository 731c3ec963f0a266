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

  /// Runs and measurements whose numbers contradict others.
  static func conflicts(_ report: IngestReport) -> [String] {
    var lines: [String] = []
    for conflict in report.conflicts.prefix(listed) {
      lines += ["conflict at \(conflict.place) of \(conflict.file)"]
      lines += ArchitectureText.lines(conflict.key.architecture, width: 76).map { "  " + $0 }
      lines += [
        "  \(conflict.key.dataset), seed \(conflict.key.seed)", "  kept    \(conflict.kept)",
        "  refused \(conflict.refused)",
      ]
    }
    if report.conflicts.count > listed { lines.append("and \(report.conflicts.count - listed) more runs") }
    for conflict in report.measurementConflicts.prefix(listed) {
      lines += ["conflict at \(conflict.place) of \(conflict.file): \(conflict.quantity.words)"]
      lines += ArchitectureText.lines(conflict.architecture, width: 76).map { "  " + $0 }
      lines += ["  kept    \(conflict.kept)", "  refused \(conflict.refused)"]
    }
    if report.measurementConflicts.count > listed {
      lines.append("and \(report.measurementConflicts.count - listed) more measurements")
    }
    return lines
  }

  /// Cards that contradict others.
  static func cardConflicts(_ report: IngestReport) -> [String] {
    report.cardConflicts.flatMap { conflict in
      [
        "two cards of \(conflict.name), at \(conflict.place) of \(conflict.file)", "  kept    \(conflict.kept)",
        "  refused \(conflict.refused)",
      ]
    }
  }
}
