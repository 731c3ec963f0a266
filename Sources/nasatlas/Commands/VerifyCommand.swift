import ArgumentParser
import Records
import Reports
import Store

/// `nasatlas verify`: every check that there is.
struct VerifyCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check every byte of an atlas.",
    discussion: """
      Checks the manifest, every page, the SHA-256 of the file and of each table, every block, the id of every \
      architecture, every record, and the lists of the best. Exit status 65: a check failed, or runs contradict \
      themselves. The first defect ends the command.

      Example:
        nasatlas verify first.atlas
      """)

  @Argument(help: "A published atlas.", completion: .file(extensions: ["atlas"]))
  var atlas: String

  @OptionGroup var output: OutputOptions

  func run() throws {
    let report = try Atlas.verify(path: atlas)
    if output.json {
      try Output.json(report)
      return try report.contradictions.throwIfAny(path: atlas)
    }
    var listing = Listing()
    listing.add("intact", atlas)
    listing.add("digest", report.digest.hex)
    listing.add("pages", "\(NumberText.count(report.pages)), \(NumberText.bytes(report.bytes))")
    listing.add("tables", "\(report.tables.count)")
    listing.add("runs", "\(NumberText.count(report.runs)) of \(NumberText.count(report.architectures)) architectures")
    listing.add("measured", "\(NumberText.count(report.measurements)) values without training")
    listing.add("blocks", "\(NumberText.count(report.values)) values in \(NumberText.count(report.blocks)) blocks")
    try Output.data(listing.text)
    try report.contradictions.throwIfAny(path: atlas)
  }
}
