import ArgumentParser
import Datasets
import Foundation
import Records
import Reports
import Spaces
import Store

/// `nasatlas info`: what an atlas holds, or what this installation is.
struct InfoCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Show what an atlas contains, or what this installation supports.",
    discussion: """
      Examples:
        nasatlas info
        nasatlas info atlas-demo/nafld-age4.atlas
        nasatlas info first.atlas --json
      """)

  @Argument(help: "A published atlas; without it, the command shows version, spaces and folders.", completion: .file())
  var atlas: String?

  @OptionGroup var output: OutputOptions

  func run() throws {
    guard let atlas else { return try tellInstallation() }
    let report = try AtlasReport(Atlas(path: atlas))
    if output.json { try Output.json(report) } else { try Output.data(report.text) }
  }

  private struct Installation: Encodable {
    struct Space: Encodable {
      let name: String
      let kind: String
      /// Absent where nothing counts them.
      let architectures: UInt64?
      let encodings: [String]
    }
    let version: String
    let spaces: [Space]
    let datasets: [String]
    let tables: String
    let prepared: String
  }

  private func tellInstallation() throws {
    let cache = try DatasetRegistry(environment: ProcessInfo.processInfo.environment).cacheFolder
    let catalogue = SpaceCatalogue()
    let installation = Installation(
      version: nasAtlasVersion,
      spaces: try catalogue.names.map { name in
        let space = try catalogue.space(name)
        return Installation.Space(
          name: name, kind: space.kind, architectures: space.architectureCount, encodings: space.encodings)
      }, datasets: DatasetRegistry.names, tables: cache.appendingPathComponent("tables").path,
      prepared: cache.appendingPathComponent("prepared").path)
    if output.json { return try Output.json(installation) }
    var listing = Listing()
    listing.add("nasatlas", installation.version)
    for space in installation.spaces {
      var text = space.architectures.map { "\(NumberText.count($0)) architectures" } ?? "not counted"
      if space.name == "seqnas" {
        let counts = [true, false].map { EventSequenceSpace(hasNumericFeatures: $0).architectureCount }
        text += ": \(NumberText.count(counts[0])), or \(NumberText.count(counts[1])) for data without numeric features"
      }
      listing.add("space \(space.name)", text)
    }
    listing.add("other spaces", "grids and opaque spaces, as tables define them")
    listing.add("data sets", installation.datasets.joined(separator: " "))
    listing.add("tables", installation.tables)
    listing.add("prepared", installation.prepared)
    try Output.data(listing.text)
  }
}
