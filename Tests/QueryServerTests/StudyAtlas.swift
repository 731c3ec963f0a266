import Benchmarks
import Foundation
import Records
import Store
import TestSupport

/// A made-up study as an atlas in a folder of its own, with the in-process answers to compare with.
final class StudyAtlas: Sendable {
  static let shared: StudyAtlas = {
    do { return try StudyAtlas() } catch { fatalError("no atlas to test with: \(error)") }
  }()

  /// The atlas that ships with the package: 15,625 cells, validation values.
  static let cells = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("data/nasbench201.atlas").path

  let folder: URL
  var path: String { folder.appendingPathComponent("study.atlas").path }
  let benchmark: Benchmark

  init(architectures: Int = 30, seeds: Int = 2, seed: UInt64 = 1) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("nasatlas-serve-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Self.publish(
      SyntheticStudy(seed: seed, architectures: architectures, seedsPerArchitecture: seeds, epochs: 6),
      to: folder.appendingPathComponent("study.atlas").path)
    benchmark = try Benchmark(path: folder.appendingPathComponent("study.atlas").path)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Publishes a study at `path`, over what is there.
  static func publish(_ study: SyntheticStudy, to path: String) throws {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    let journal = folder.appendingPathComponent("\(UUID().uuidString).journal").path
    try study.journal().write(to: URL(fileURLWithPath: journal))
    let working = try WorkingStore(path: folder.appendingPathComponent("\(UUID().uuidString).sqlite").path)
    try working.ingest(files: [journal], reading: CatalogueReader())
    try working.publish(to: path, title: "A small study", force: true)
  }

  /// A file with the digest of one token.
  static func tokenFile(_ token: String) throws -> String {
    let path = shared.folder.appendingPathComponent("tokens-\(UUID().uuidString)").path
    try "\(Digest256(of: token).hex)\n".write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  /// All architectures, in the order of the atlas.
  func entries() throws -> [ArchitectureEntry] {
    try benchmark.atlas.architectures(rows: 1..<benchmark.atlas.architectureCount() + 1)
  }
}
