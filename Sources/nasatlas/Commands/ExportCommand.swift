import ArgumentParser
import Benchmarks
import Foundation
import QueryServer
import Records

/// `nasatlas export`: an atlas as lines of text.
struct ExportCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write all that an atlas holds as lines of JSON.",
    usage: "nasatlas export <atlas> [--out <file>] [--dataset <dataset>] [<options>]",
    discussion: """
      Cards, then runs with all their curves, then measurements: a JSON object a line, as `nasatlas ingest` reads them. \
      What is ingested and published again is the same atlas. With --dataset, --protocol or --space, one setting of the \
      atlas with its measurements. With --out, the file appears when all of it is written; an export that fails leaves \
      none. On standard output, exit status 0 alone means that all lines are there. `nasatlas top --format csv` and \
      parquet make tables.

      Examples:
        nasatlas export my.atlas --out my.ndjson
        nasatlas export my.atlas --dataset cifar10 | gzip > cifar10.ndjson.gz
        nasatlas ingest my.ndjson --into again.sqlite
      """)

  @Argument(help: "A published atlas.", completion: .file(extensions: ["atlas"]))
  var atlas: String

  @Option(
    name: [.short, .long], help: .init("The file to write. (default: standard output)", valueName: "file"),
    completion: .file(extensions: ["ndjson"]))
  var out: String?

  @OptionGroup var setting: SettingOptions
  @OptionGroup var replacing: ForceOption
  @OptionGroup var output: OutputOptions

  func run() throws {
    let place = try out.map {
      try OutputFile($0, as: .ndjson, inputs: AtlasFiles.all(of: [atlas]), force: replacing.force)
    }
    var export = try AtlasExport(of: Benchmark(path: atlas), setting.question)
    var bytes = 0
    func next() throws -> Data? {
      let piece = try export.next()
      bytes += piece?.count ?? 0
      return piece
    }
    guard let place else {
      while let piece = try next() { try Output.bytes(piece) }
      return
    }
    try place.write(pulling: next)
    Output.note("\(place.path): \(NumberText.bytes(bytes))")
  }
}
