import ArgumentParser
import Benchmarks
import Foundation
import Records
import Reports
import Store

/// `nasatlas extract`: an atlas of a part of another.
struct ExtractCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "extract",
    abstract: "Make an atlas from a part of another.",
    usage: """
      nasatlas extract <atlas> --out <atlas> [--dataset <dataset>] [--where <filter>]
                       [--architectures <file>] [--fraction <share> | --count <count>]
                       [--seed <seed>]
      """,
    discussion: """
      Takes the architectures that pass every option, with all their runs, curves and measurements, and the cards \
      that these need. --where applies in each setting (data set and protocol): a condition on architectures selects \
      them by their means, and a condition on runs selects those runs only. --architectures names a file with one \
      architecture per line, in any form that `nasatlas query` reads, or - for stdin. --fraction and --count then \
      draw at random from each space; the same --seed draws the same architectures everywhere. An existing atlas is \
      replaced only with --force.

      Examples:
        nasatlas extract big.atlas --dataset cifar10 --out cifar10.atlas
        nasatlas extract big.atlas --where 'parameters < 1e6' --out small.atlas
        nasatlas extract big.atlas --fraction 0.333 --seed 1 --out third.atlas
        nasatlas extract big.atlas --architectures ids.txt --out chosen.atlas
      """)

  @Argument(help: "A published atlas.", completion: .file(extensions: ["atlas"]))
  var atlas: String

  @Option(name: [.short, .long], help: "The atlas to write.", completion: .file(extensions: ["atlas"]))
  var out: String

  @OptionGroup var filter: FilterOptions
  @OptionGroup var setting: PartOptions

  @Option(help: .init("A file with one architecture per line; - is stdin.", valueName: "file"), completion: .file())
  var architectures: String?

  @Option(help: .init("Draw this fraction of the architectures of each space, such as 0.333.", valueName: "share"))
  var fraction: Double?

  @Option(help: .init("Draw this number of architectures from each space.", valueName: "count"))
  var count: Int?

  @Option(help: .init("Random seed of the draw.", valueName: "number"))
  var seed: UInt64 = 1

  @Option(help: "Title of the new atlas. (default: the title of the old one)")
  var title: String?

  @OptionGroup var replacing: ForceOption
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if fraction != nil, count != nil {
      throw ValidationError("--fraction and --count exclude each other; give one of them")
    }
    if let fraction, !(fraction > 0 && fraction <= 1) {
      throw ValidationError("--fraction is \(fraction); allowed: above 0, at most 1")
    }
    if let count { try Spelling.checkCount(count, option: "--count") }
  }

  private struct Report: Encodable {
    let path: String
    let digest: Digest256
    let architectures: Int
    let runs: Int
    let measurements: Int
  }

  func run() throws {
    let inputs = AtlasFiles.all(of: [atlas]) + (architectures.map { [$0] } ?? [])
    let temporary = try TemporaryWorkingFile(for: out, inputs: inputs, force: replacing.force)
    defer { temporary.remove() }
    let benchmark = try Benchmark(path: atlas)
    let part = try benchmark.part(
      AtlasPartChoice(
        space: setting.space, dataset: setting.dataset, trainingProtocol: setting.trainingProtocol,
        condition: filter.condition, places: architectures.map { try places($0, benchmark) },
        draw: fraction.map { .fraction($0) } ?? count.map { .count($0) }, seed: seed))
    let store = try WorkingStore(path: temporary.path)
    try store.ingest(part.atlas, runs: part.runs, architectures: part.architectures, reading: CatalogueReader())
    let manifest = try store.publish(
      to: out, title: title ?? benchmark.atlas.title, force: replacing.force, isTemporary: true)
    let report = Report(
      path: out, digest: manifest.digest, architectures: part.architectureCount, runs: try store.runCount(),
      measurements: try store.measurementCount())
    if output.json { return try Output.json(report) }
    var listing = Listing()
    listing.add("atlas", out)
    listing.add("digest", report.digest.hex)
    listing.add(
      "architectures", "\(NumberText.count(report.architectures)) of \(NumberText.count(part.architectures.count))")
    listing.add("runs", NumberText.count(report.runs))
    listing.add("measured", "\(NumberText.count(report.measurements)) values")
    listing.add("size", NumberText.bytes(manifest.bytes))
    try Output.data(listing.text)
  }

  /// Places of the architectures that the lines of a file name. Empty lines are left out.
  private func places(_ path: String, _ benchmark: Benchmark) throws -> Set<Int> {
    let name = path == "-" ? "standard input" : path
    let bytes: Data
    if path == "-" {
      bytes = FileHandle.standardInput.readDataToEndOfFile()
    } else {
      try InputFile.require(path)
      guard let found = FileManager.default.contents(atPath: path) else {
        throw CommandError.missing(path: path, remedy: "name a readable file with --architectures")
      }
      bytes = found
    }
    var places: Set<Int> = []
    for (index, line) in String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
      .enumerated()
    {
      let text = line.trimmingCharacters(in: .whitespaces)
      guard !text.isEmpty else { continue }
      do {
        places.insert(try benchmark.architecture(text, space: setting.space).row - 1)
      } catch let error as any UserFacingError {
        throw CommandError.badLine(file: name, line: index + 1, reason: error.message)
      }
    }
    return places
  }
}
