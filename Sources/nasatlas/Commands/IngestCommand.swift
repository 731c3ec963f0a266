import ArgumentParser
import Benchmarks
import Foundation
import Records
import Reports
import Store

/// `nasatlas ingest`: journals and NDJSON files into a working file.
struct IngestCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "ingest",
    abstract: "Add journals and NDJSON files to a working file.",
    usage: """
      nasatlas ingest <files> ... --into <into> [--json]
      nasatlas ingest <files> ... --into <into> --prefer <SOURCE|FIRST|SECOND>
      nasatlas ingest <files> ... --into <into> --skip-conflicts
      nasatlas ingest <files> ... --into <into> --replace-cards
      """,
    discussion: """
      Journals come from `nasatlas train`. NDJSON files have one card, run or measurement per line, as \
      schemas/interchange.schema.json describes. The first bytes of a file decide which of the two it is.

      All or nothing: if any file has an error, the working file does not change, and the exit status is 65. Errors \
      are invalid lines (each is reported with its number), runs that contradict themselves, and metrics, data sets \
      and sources without a card. Cards may follow the runs that need them. Known metrics such as accuracy and loss \
      need no card.

      Repeatable: rows that the working file already has are counted as duplicates. A completed run replaces a \
      failed one with the same key. Two runs with the same key and different numbers are a conflict; so are two \
      values of one measurement, and two different cards with one name. Conflicts are errors unless you decide them: \
      --prefer FIRST keeps the row of the working file or of the file named first, SECOND the last row, and SOURCE \
      the row of that source. With --skip-conflicts, conflicting new rows are left out; rows and cards of the \
      working file remain.

      Examples:
        nasatlas ingest run/journals/*.journal --into run/working.sqlite
        nasatlas ingest table.ndjson --into working.sqlite
        nasatlas ingest corrected-cards.ndjson --into working.sqlite --replace-cards
      """)

  @Argument(help: "Journals and NDJSON files.", completion: .file(extensions: ["journal", "ndjson"]))
  var files: [String]

  @Option(help: "The working file; created if it does not exist.", completion: .file(extensions: ["sqlite"]))
  var into: String

  @OptionGroup var conflicts: ConflictOptions

  @Flag(help: "Replace differing cards of the working file. The manifest of the next atlas keeps the old ones.")
  var replaceCards = false

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
      try requireLines(file)
    }
    let place = try WorkingFilePlace.checked(into, inputs: files)
    let isNew = !FileManager.default.fileExists(atPath: place)
    let store = try WorkingStore(path: place)
    do { try ingest(into: store) } catch {
      // An ingest that is refused leaves nothing behind.
      if isNew, try store.runCount() == 0 { store.discard() }
      throw error
    }
  }

  /// Throws if another command reads files of this kind (an atlas, a working file, a surrogate); names that command.
  private func requireLines(_ file: String) throws {
    guard let kind = (try? OutputTarget(file))?.kind else { return }
    let remedy: String
    switch kind {
    case .atlas: remedy = "add an atlas with `nasatlas merge \(file) --into \(into)`"
    case .workingFile:
      remedy = "publish it with `nasatlas publish \(file) NAME.atlas`, then `nasatlas merge NAME.atlas --into \(into)`"
    case .manifest: remedy = "add the atlas of this manifest with `nasatlas merge ATLAS --into \(into)`"
    case .surrogate, .ledgers, .preparedData: remedy = "name a journal that `nasatlas train` wrote, or an NDJSON file"
    default: return
    }
    throw CommandError.otherInput(path: file, found: kind, remedy: remedy)
  }

  private func ingest(into store: WorkingStore) throws {
    let (runsBefore, measurementsBefore) = (try store.runCount(), try store.measurementCount())
    let report = try store.ingest(
      files: files, reading: CatalogueReader(),
      options: IngestOptions(conflicts: conflicts.policy, replacesCards: replaceCards))
    let (runs, measurements) = (try store.runCount(), try store.measurementCount())
    let answer = Answer(
      report: report, recorded: report.recorded, recordedRuns: runs - runsBefore,
      recordedMeasurements: measurements - measurementsBefore, duplicates: report.duplicates, runs: runs,
      measurements: measurements)
    try output.json ? Output.json(answer) : Output.data(text(answer))
    for torn in report.tornFiles {
      Output.note("\(torn.path) ends with \(torn.tornBytes) bytes of an interrupted write; no recorded run is lost")
    }
  }

  private func text(_ answer: Answer) -> String {
    let report = answer.report
    var listing = Listing()
    listing.add(
      "recorded",
      "\(IngestText.runs(answer.recordedRuns)), \(IngestText.measurements(answer.recordedMeasurements))")
    listing.add("duplicates", NumberText.count(report.duplicates))
    if report.superseded > 0 {
      listing.add("superseded", "\(IngestText.runs(report.superseded)) that failed, by another run of the same key")
    }
    listing.add("conflicts", IngestText.conflictCount(report, conflicts.policy))
    for card in report.replacedCards {
      listing.add("replaced", "card of \(card.kind) \(card.name): \(card.old.short) by \(card.new.short)")
    }
    listing.add("in all", "\(IngestText.runs(answer.runs)), \(IngestText.measurements(answer.measurements))")
    return ([listing.text] + IngestText.conflicts(report)).joined(separator: "\n")
  }
}
