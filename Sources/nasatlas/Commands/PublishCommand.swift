import ArgumentParser
import Records
import Reports
import Store

/// `nasatlas publish`: a working file into an atlas.
struct PublishCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "publish",
    abstract: "Write an atlas and its manifest from a working file.",
    discussion: """
      The same runs give the same bytes. An atlas that was published from the same working file is replaced in one \
      step: readers see either the old or the new one. Any other atlas is replaced only with --force. Runs that \
      contradict themselves are errors.

      Examples:
        nasatlas publish run/working.sqlite first.atlas
        nasatlas publish run/working.sqlite first.atlas --title "First runs"
      """)

  @Argument(help: "The working file of `nasatlas ingest`.", completion: .file(extensions: ["sqlite"]))
  var working: String

  @Argument(help: "The atlas to write.", completion: .file(extensions: ["atlas"]))
  var atlas: String

  @Option(help: "Title of the atlas.")
  var title: String?

  @OptionGroup var replacing: ForceOption
  @OptionGroup var output: OutputOptions

  func run() throws {
    try InputFile.require(working, remedy: "make it with `nasatlas ingest JOURNAL... --into \(working)`")
    let store = try WorkingStore(path: working)
    let manifest = try store.publish(to: atlas, title: title, force: replacing.force)
    if output.json {
      struct Answer: Encodable {
        let path: String
        let digest: Digest256
        let bytes: Int
        let runs: Int
      }
      return try Output.json(
        Answer(path: atlas, digest: manifest.digest, bytes: manifest.bytes, runs: store.runCount()))
    }
    let conflicts = try store.conflicts().count
    if conflicts > 0 {
      Output.note("\(conflicts) keys had conflicting runs, decided by --prefer or --skip-conflicts")
    }
    var listing = Listing()
    listing.add("atlas", atlas)
    listing.add("digest", manifest.digest.hex)
    listing.add("runs", NumberText.count(try store.runCount()))
    listing.add("size", NumberText.bytes(manifest.bytes))
    try Output.data(listing.text)
  }
}
