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
    abstract: "Make an atlas of a part of an atlas.",
    usage: """
      nasatlas extract <atlas> --out <atlas> [--dataset <dataset>] [--where <filter>]
                       [--architectures <file>] [--fraction <share> | --count <count>] [--seed <seed>]
      """,
    discussion: """
      Takes over the architectures that pass every option, with all their runs, curves and measurements, and the cards \
      of what is taken. --where is asked in each setting (data set and protocol): a condition on architectures takes or \
      leaves an architecture by its means, and a condition on runs takes those runs alone. --architectures names a file \
      with an architecture a line, in any form that `nasatlas query` reads, or - for standard input. --fraction and \
      --count draw from what is left, in each space; the same --seed draws the same architectures everywhere. An \
      existing atlas is replaced only with --force.

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
  @OptionGroup var setting: SettingOptions

  @Option(
    help: .init("A file with an architecture a line; - is standard input.", valueName: "file"), completion: .file())
  var architectures: String?

  @Option(help: .init("Draw this share of the architectures of each space, such as 0.333.", valueName: "share"))
  var fraction: Double?

  @Option(help: .init("Draw so many architectures of each space.", valueName: "count"))
  var count: Int?

  @Option(help: .init("What the draw follows from.", valueName: "number"))
  var seed: UInt64 = 1

  @Option(help: "A title, kept in the new atlas. (default: that of the old one)")
  var title: String?

  @OptionGroup var replacing: ForceOption
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if fraction != nil, count != nil { throw ValidationError("--fraction and --count are two draws; give one") }
    if let fraction, !(fraction > 0 && fraction <= 1) {
      throw ValidationError("--fraction is \(fraction); allowed: more than 0, at most 1")
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
        throw CommandError.missing(path: path, remedy: "name a file that can be read with --architectures")
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
