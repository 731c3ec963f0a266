import ArgumentParser
import Benchmarks
import Foundation
import QueryServer
import Records

/// `nasatlas export`: an atlas as lines of text.
struct ExportCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the contents of an atlas as NDJSON.",
    usage: "nasatlas export <atlas> [--out <file>] [--dataset <dataset>] [<options>]",
    discussion: """
      Writes one JSON object per line, in the format that `nasatlas ingest` reads: cards, then runs with all their \
      curves, then measurements. An atlas made from the lines by ingest and publish has the same contents. Without \
      --dataset, --protocol and --space, all settings are written; they choose one setting with its measurements.

      With --out, the file appears only when it is complete; a failed export leaves no file. On stdout, only exit \
      status 0 means that all lines were written. For tables, use `nasatlas top --format csv` or parquet.

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

  @OptionGroup var setting: PartOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let place = try out.map {
      try OutputFile($0, as: .ndjson, inputs: AtlasFiles.all(of: [atlas]))
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
