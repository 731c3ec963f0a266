import ArgumentParser
import Records
import Store

/// `nasatlas cards`: what a reader must know before trusting a number.
struct CardsCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "cards",
    abstract: "Print the cards of an atlas: sources, data sets, protocols, metrics.",
    discussion: """
      The text is Markdown. --croissant prints a description of the atlas file as Croissant 1.0 JSON-LD, with its \
      SHA-256, licenses, citations, and the fields of each table of runs.

      Examples:
        nasatlas cards my.atlas
        nasatlas cards my.atlas --json
        nasatlas cards my.atlas --croissant
      """)

  @Argument(help: "A published atlas.", completion: .file(extensions: ["atlas"]))
  var atlas: String

  @Flag(help: "Print Croissant JSON-LD.")
  var croissant = false

  @OptionGroup var output: OutputOptions

  private struct Report: Encodable {
    let title: String?
    let sources: [SourceCard]
    let datasets: [DatasetCard]
    let protocols: [ProtocolCard]
    let metrics: [MetricCard]
    let spaces: [SpaceCard]
    let atlasDigest: Digest256
  }

  func run() throws {
    let opened = try Atlas(path: atlas)
    if croissant { return try Output.json(CroissantDescription(opened).json) }
    if output.json {
      return try Output.json(
        Report(
          title: opened.title, sources: opened.sourceCards, datasets: opened.datasetCards,
          protocols: opened.protocolCards, metrics: opened.metricCards, spaces: opened.spaces.compactMap(\.card),
          atlasDigest: opened.digest))
    }
    try Output.data(try CardText(opened).text)
  }
}
