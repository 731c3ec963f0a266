import ArgumentParser
import Datasets
import Foundation
import Records
import Reports

/// `nasatlas datasets`: the registry, or one data set in full.
struct DatasetsCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "datasets",
    abstract: "List the data sets, or show one in detail.",
    discussion: """
      Data sets marked "path" are read from your own files: name them with --source.

      Examples:
        nasatlas datasets
        nasatlas datasets nafld-age4
        nasatlas datasets nafld-age4 --prepare
        nasatlas datasets bpic2012-b --prepare --source bpic2012.xes.gz
      """)

  @Argument(help: "A data set.", completion: .list(DatasetRegistry.names))
  var name: String?

  @Flag(help: "Prepare the file that training loads.")
  var prepare = false

  @Option(help: "Your files, from which the data set is prepared.", completion: .file())
  var source: String?

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if prepare, name == nil { throw ValidationError("--prepare needs the name of a data set") }
    if source != nil, !prepare { throw ValidationError("--source needs --prepare") }
  }

  func run() throws {
    let registry = try DatasetRegistry(environment: ProcessInfo.processInfo.environment)
    guard let name else { return try tellAll(registry) }
    let info = try registry.info(name: name)
    var card: DatasetCard?
    if prepare {
      let options = DatasetRegistry.Options(source: source.map { URL(fileURLWithPath: $0) })
      card = try registry.prepare(name: name, options: options).card
      Output.note("prepared \(registry.preparedFile(name).path)")
    } else if info.isPrepared {
      card = try registry.load(name: name).card
    }
    if output.json {
      struct Full: Encodable {
        let info: DatasetInfo
        let card: DatasetCard?
      }
      return try Output.json(Full(info: try registry.info(name: name), card: card))
    }
    try Output.data(Self.text(try registry.info(name: name), card))
  }

  private func tellAll(_ registry: DatasetRegistry) throws {
    let infos = try DatasetRegistry.names.map { try registry.info(name: $0) }
    if output.json { return try Output.json(infos) }
    var table = TextTable([
      ("name", .left), ("sequences", .right), ("classes", .right), ("T", .right), ("codes", .right),
      ("numbers", .right), ("state", .left),
    ])
    for info in infos {
      table.add([
        info.name, NumberText.count(info.sequenceCounts.reduce(0, +)), "\(info.classNames.count)",
        "\(info.sequenceLength)", "\(info.categoricalFeatures.count)", "\(info.numericFeatures.count)", info.state,
      ])
    }
    try Output.data(table.text)
  }

  private static func text(_ info: DatasetInfo, _ card: DatasetCard?) -> String {
    var listing = Listing()
    listing.add("name", info.name)
    listing.add("title", info.title)
    listing.add("about", info.about)
    let classes = zip(info.classNames, info.sequenceCounts).map { "\($0) \(NumberText.count($1))" }
    listing.add("classes", classes.joined(separator: ", "))
    if let card {
      listing.add("sequences", card.splitSizes)
      listing.add("split", card.splitMeaning)
      listing.add("metric", card.primaryMetric.name)
    }
    listing.add("events", "the last \(info.sequenceLength)")
    listing.add("codes", info.categoricalFeatures.isEmpty ? "none" : info.categoricalFeatures.joined(separator: ", "))
    listing.add("numbers", info.numericFeatures.isEmpty ? "none" : info.numericFeatures.joined(separator: ", "))
    listing.add("source", info.source)
    listing.add("license", info.license)
    listing.add("cite", info.citation)
    for defect in info.knownDefects { listing.add("defect", defect) }
    if let accepted = info.acceptedSource { listing.add("give", accepted) }
    listing.add("digest", card?.digest?.hex ?? "known after --prepare")
    listing.add("state", info.state)
    return listing.text
  }
}

extension DatasetInfo {
  /// What can be done with it now.
  fileprivate var state: String {
    if isPrepared { return "prepared" }
    if acceptedSource != nil { return "path" }
    return tablesPresent ? "tables" : "run tools/setup"
  }
}
