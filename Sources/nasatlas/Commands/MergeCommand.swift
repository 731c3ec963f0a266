import ArgumentParser
import Benchmarks
import Foundation
import Records
import Reports
import Store

/// `nasatlas merge`: atlases into one.
struct MergeCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Merge atlases.",
    usage: """
      nasatlas merge <atlas> ... --out <atlas> [--title <title>] [--force]
      nasatlas merge <atlas> ... --into <working>
      """,
    discussion: """
      Takes all cards, runs and measurements into a new atlas (--out) or into a working file of `nasatlas ingest` \
      (--into). With --out, an existing atlas is replaced only with --force. Equal runs with the same key are kept \
      once, and a completed run replaces a failed one. The order of the atlases does not change the result.

      Two runs with the same key and different numbers are a conflict; so are two values of one measurement, and two \
      different cards with one name. Conflicts are errors with exit status 65, and nothing is written, unless you \
      decide them: --prefer FIRST keeps the rows and cards of the atlas named first, SECOND those of the atlas named \
      last, and SOURCE those of that source. With --skip-conflicts, both rows are left out, and the first card \
      remains. Atlases that define one space differently cannot be merged.

      Examples:
        nasatlas merge a.atlas b.atlas --out both.atlas
        nasatlas merge a.atlas b.atlas --out both.atlas --title "Two tables"
        nasatlas merge a.atlas b.atlas --out both.atlas --prefer FIRST
        nasatlas merge a.atlas --into working.sqlite
      """)

  @Argument(help: "Published atlases.", completion: .file(extensions: ["atlas"]))
  var atlases: [String]

  @Option(help: "A working file; created if it does not exist.", completion: .file(extensions: ["sqlite"]))
  var into: String?

  @Option(name: [.short, .long], help: "The atlas to write.", completion: .file(extensions: ["atlas"]))
  var out: String?

  @Option(help: "Title of the atlas.")
  var title: String?

  @OptionGroup var conflicts: ConflictOptions

  @OptionGroup var replacing: ForceOption
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (into == nil) != (out == nil) else { throw ValidationError("name either --out ATLAS or --into WORKING") }
    if title != nil, out == nil { throw ValidationError("--title needs --out") }
  }

  private struct Report: Encodable {
    let report: IngestReport
    let runs: Int
    let measurements: Int
    /// Of the atlas that was written; absent with --into.
    let digest: Digest256?
  }

  func run() throws {
    for atlas in atlases { try InputFile.require(atlas, remedy: "name an atlas that `nasatlas publish` wrote") }
    let inputs = AtlasFiles.all(of: atlases)
    let temporary = try out.map { try TemporaryWorkingFile(for: $0, inputs: inputs, force: replacing.force) }
    defer { temporary?.remove() }
    let working = try temporary?.path ?? WorkingFilePlace.checked(into ?? "", inputs: inputs)
    let isNew = !FileManager.default.fileExists(atPath: working)
    let store = try WorkingStore(path: working)
    let report: IngestReport
    do {
      report = try store.ingest(
        atlases: atlases, reading: CatalogueReader(), options: IngestOptions(conflicts: conflicts.policy))
    } catch {
      // A merge that is refused leaves nothing behind.
      if isNew { store.discard() }
      throw error
    }
    let manifest = try out.map { try store.publish(to: $0, title: title, force: replacing.force, isTemporary: true) }
    let runs = try store.runCount()
    let measurements = try store.measurementCount()
    if output.json {
      try Output.json(Report(report: report, runs: runs, measurements: measurements, digest: manifest?.digest))
    } else {
      var listing = Listing()
      for file in report.files {
        listing.add(
          "from",
          "\(file.path): \(NumberText.count(file.runs)) runs, \(NumberText.count(file.measurements)) "
            + "measurements; \(NumberText.count(file.recorded)) new, \(NumberText.count(file.duplicates)) there already"
            + (file.withdrawn > 0 ? ", \(NumberText.count(file.withdrawn)) taken out by conflicts" : "")
        )
      }
      if report.hasConflicts { listing.add("conflicts", IngestText.conflictCount(report, conflicts.policy)) }
      listing.add(temporary == nil ? "working file" : "atlas", out ?? working)
      listing.add("runs", NumberText.count(runs))
      listing.add("measured", "\(NumberText.count(measurements)) values")
      if let manifest { listing.add("digest", manifest.digest.hex) }
      try Output.data(([listing.text] + IngestText.conflicts(report)).joined(separator: "\n"))
    }
  }
}
