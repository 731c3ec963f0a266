import ArgumentParser
import Benchmarks
import Records
import Store

/// `nasatlas ingest`: journals into a working file.
struct IngestCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "ingest",
    abstract: "Gather journals in a working file.",
    discussion: """
      Repeatable: runs that are there already are counted as duplicates. Two runs of one key with other numbers are a \
      conflict: the one that started first stays, both digests are told, and the exit status is 65.

      Example:
        nasatlas ingest run/journals/*.journal --into run/working.sqlite
      """)

  @Argument(help: "Journals that `nasatlas train` wrote.", completion: .file(extensions: ["journal"]))
  var journals: [String]

  @Option(help: "The working file; made where there is none.", completion: .file(extensions: ["sqlite"]))
  var into: String

  @OptionGroup var output: OutputOptions

  func run() throws {
    for journal in journals {
      try InputFile.require(journal, remedy: "name a journal that `nasatlas train` wrote")
    }
    let store = try WorkingStore(path: into)
    let report = try store.ingest(files: journals, reading: CatalogueReader())
    let total = try store.runCount()
    let measured = try store.measurementCount()
    if output.json {
      struct Answer: Encodable {
        let report: IngestReport
        let recorded: Int
        let duplicates: Int
        let runs: Int
        let measurements: Int
      }
      try Output.json(
        Answer(
          report: report, recorded: report.recorded, duplicates: report.duplicates, runs: total, measurements: measured)
      )
    } else {
      Output.data(Self.text(report, total: total))
    }
    for torn in report.tornFiles {
      Output.note("\(torn.path) ends in \(torn.tornBytes) bytes of an interrupted write, which nobody was promised")
    }
    guard !report.hasConflicts else {
      throw ExitCode(ExitStatus.dataError.rawValue)
    }
  }

  private static func text(_ report: IngestReport, total: Int) -> String {
    var lines = [
      "\(report.recorded) runs recorded, \(report.duplicates) duplicates, \(report.conflicts.count) conflicts; "
        + "\(total) runs in all"
    ]
    for conflict in report.conflicts {
      lines += [
        "conflict at \(conflict.place) of \(conflict.file)", "  \(conflict.key.architecture)",
        "  \(conflict.key.dataset), seed \(conflict.key.seed)", "  kept    \(conflict.kept)",
        "  refused \(conflict.refused)",
      ]
    }
    for conflict in report.cardConflicts {
      lines += [
        "two cards of \(conflict.name), at \(conflict.place) of \(conflict.file)",
        "  kept    \(conflict.kept)", "  refused \(conflict.refused)",
      ]
    }
    return lines.joined(separator: "\n")
  }
}
