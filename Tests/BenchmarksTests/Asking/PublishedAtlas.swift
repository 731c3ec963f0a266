import Benchmarks
import Foundation
import Records
import Store
import Testing

/// A benchmark that was made from NDJSON lines, in a folder that goes when the benchmark does.
final class PublishedAtlas: Sendable {
  let benchmark: Benchmark
  let path: String
  private let folder: URL

  /// `isChecked` is false for an atlas as earlier versions made it, where names need no card.
  convenience init(lines: [String], title: String = "A made-up table", isChecked: Bool = true) throws {
    let folder = try Self.makeFolder()
    let source = folder.appendingPathComponent("table.ndjson")
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: source)
    try self.init(folder: folder, source: source, title: title, isChecked: isChecked)
  }

  /// The atlas of what an importer of `tools/python` makes of the folder `origin`.
  convenience init(importer: String, from origin: URL) throws {
    let folder = try Self.makeFolder()
    let source = folder.appendingPathComponent("table.ndjson")
    let python = Process()
    python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    python.arguments = [
      "python3", "-m", "nasatlas.importing", importer, "--from", origin.path, "--out", source.path,
    ]
    python.environment = ProcessInfo.processInfo.environment.merging(
      ["PYTHONPATH": SharedTables.package.appendingPathComponent("tools/python/src").path]
    ) { $1 }
    python.standardOutput = FileHandle.nullDevice
    python.standardError = FileHandle.nullDevice
    try python.run()
    python.waitUntilExit()
    try #require(python.terminationStatus == 0, "nasatlas-import \(importer) failed")
    try self.init(folder: folder, source: source, title: importer)
  }

  private init(folder: URL, source: URL, title: String, isChecked: Bool = true) throws {
    self.folder = folder
    path = folder.appendingPathComponent("table.atlas").path
    let working = try WorkingStore(path: folder.appendingPathComponent("working.sqlite").path)
    var options = IngestOptions()
    options.isChecked = isChecked
    try working.ingest(files: [source.path], reading: CatalogueReader(), options: options)
    try working.publish(to: path, title: title, isChecked: isChecked)
    benchmark = try Benchmark(path: path)
  }

  /// The same benchmark after its files lost their names: an open atlas needs none, and what stays open to the end of
  /// the process leaves nothing behind.
  func withoutFiles() -> PublishedAtlas {
    try? FileManager.default.removeItem(at: folder)
    return self
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private static func makeFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nasatlas-ask-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }
}

/// Published tables beside the project: `NASATLAS_SHARED`, else `../shared` of the package.
enum SharedTables {
  static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static let folder =
    (ProcessInfo.processInfo.environment["NASATLAS_SHARED"].map { URL(fileURLWithPath: $0) }
    ?? package.deletingLastPathComponent().appendingPathComponent("shared"))
    .appendingPathComponent("data/benchmarks")

  static func has(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path)
  }
}

/// The error that `body` throws.
func failure<R>(_ body: () throws -> R) throws -> BenchmarkError {
  do {
    _ = try body()
  } catch let error as BenchmarkError {
    return error
  }
  throw NothingThrown()
}

struct NothingThrown: Error {}

/// Lines of cards with no more than they must have.
enum CardLine {
  static func source(_ name: String) -> String {
    #"{"source":{"name":"\#(name)","title":"T","origin":"made up","license":"MIT","citation":"none"}}"#
  }

  static func metric(_ name: String, unit: String, largerIsBetter: Bool) -> String {
    #"{"metric":{"name":"\#(name)","unit":"\#(unit)","largerIsBetter":\#(largerIsBetter),"meaning":"made up"}}"#
  }

  static func dataset(_ name: String, primary metric: String = "accuracy_percent") -> String {
    #"{"dataset":{"name":"\#(name)","title":"T","task":"t","citation":"none","splitMeaning":"s","#
      + #""primaryMetric":"\#(metric)"}}"#
  }

  static func trainingProtocol(_ name: String, epochs: Int) -> String {
    #"{"protocol":{"name":"\#(name)","settings":{"epochs":\#(epochs)}}}"#
  }
}
