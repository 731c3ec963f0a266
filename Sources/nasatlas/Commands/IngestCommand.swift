import ArgumentParser
import Benchmarks
import Records
import Reports
import Store

/// `nasatlas ingest`: journals and NDJSON files into a working file.
struct IngestCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "ingest",
    abstract: "Gather journals and NDJSON files in a working file.",
    usage: "nasatlas ingest <files> ... --into <into> [--json]",
    discussion: """
      Journals are those of `nasatlas train`; NDJSON files have a card, a run or a measurement a line, as the schemas in \
      schemas/ say, and are told apart by how they begin. An NDJSON file is taken whole or not at all: each bad line is \
      told with its number and reason, and the exit status is 65.

      Repeatable: what is there already is counted as a duplicate. Two runs of one key with other numbers are a \
      conflict: the one that started first stays, both digests are told, and the exit status is 65; so with two values \
      of one measurement and with two cards of one thing.

      Examples:
        nasatlas ingest run/journals/*.journal --into run/working.sqlite
        nasatlas ingest table.ndjson --into working.sqlite
      """)

  @Argument(help: "Journals and NDJSON files.", completion: .file(extensions: ["journal", "ndjson"]))
  var files: [String]

  @Option(help: "The working file; made where there is none.", completion: .file(extensions: ["sqlite"]))
  var into: String

  @OptionGroup var output: OutputOptions

  private struct Answer: Encodable {
    let report: IngestReport
    let recorded: Int
    let recordedRuns: Int
    let recordedMeasurements: Int
    let duplicates: Int
    let runs: Int
    let measurements: Int
  }

  func run() throws {
    for file in files {
      try InputFile.require(file, remedy: "name a journal that `nasatlas train` wrote, or an NDJSON file")
    }
    let store = try WorkingStore(path: into)
    let (runsBefore, measurementsBefore) = (try store.runCount(), try store.measurementCount())
    let report = try store.ingest(files: files, reading: CatalogueReader())
    let (runs, measurements) = (try store.runCount(), try store.measurementCount())
    let answer = Answer(
      report: report, recorded: report.recorded, recordedRuns: runs - runsBefore,
      recordedMeasurements: measurements - measurementsBefore, duplicates: report.duplicates, runs: runs,
      measurements: measurements)
    try output.json ? Output.json(answer) : Output.data(Self.text(answer))
    for torn in report.tornFiles {
      Output.note("\(torn.path) ends in \(torn.tornBytes) bytes of an interrupted write, which nobody was promised")
    }
    guard !report.hasConflicts else { throw ExitCode(ExitStatus.dataError.rawValue) }
  }

  private static func text(_ answer: Answer) -> String {
    let report = answer.report
    let conflicts = report.conflicts.count + report.measurementConflicts.count + report.cardConflicts.count
    var listing = Listing()
    listing.add(
      "recorded",
      "\(IngestText.runs(answer.recordedRuns)), \(IngestText.measurements(answer.recordedMeasurements))")
    listing.add("duplicates", NumberText.count(report.duplicates))
    listing.add("conflicts", NumberText.count(conflicts))
    listing.add("in all", "\(IngestText.runs(answer.runs)), \(IngestText.measurements(answer.measurements))")
    return ([listing.text] + IngestText.conflicts(report) + IngestText.cardConflicts(report)).joined(separator: "\n")
  }
}
