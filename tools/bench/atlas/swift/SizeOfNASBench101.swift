import Benchmarks
import Foundation
import Records
import Store

/// 423,624 architectures × 4 fidelities × 3 repeats × 8 metrics.
final class SizeOfNASBench101: Subject {
  private let folder: String
  private let path: String
  private var atlas: Atlas?
  /// So many pieces of the table become a journal, one after another.
  private static let pieces = 8

  init(folder: String) {
    self.folder = folder
    path = folder + "/nb101size.atlas"
  }

  func prepare() throws -> Prepared {
    var prepared = Prepared()
    if (try? Atlas(path: path)) == nil { prepared.note = try make() }
    prepared.bytes = ["atlas": try AtlasFile.bytes(path)]
    return prepared
  }

  /// Makes the atlas by way of journals and a working file, as any table is made.
  private func make() throws -> String {
    let scratch = folder + "/nb101size.making"
    try? FileManager.default.removeItem(atPath: scratch)
    try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    let store = try WorkingStore(path: scratch + "/working.sqlite")
    let reader = CatalogueReader()
    let protocols = try SyntheticTable.protocols()
    var ingesting = 0.0
    for piece in 0..<Self.pieces {
      let first = SyntheticTable.architectures * piece / Self.pieces
      let end = SyntheticTable.architectures * (piece + 1) / Self.pieces
      let path = scratch + "/piece.journal"
      let journal = try JournalFile(path)
      for card in try SyntheticTable.cards() where piece == 0 { try journal.append(card) }
      try journal.append(first..<end) { SyntheticTable.runs($0, protocols: protocols) }
      let start = Clock.nanoseconds()
      try store.ingest(files: [path], reading: reader)
      ingesting += Double(Clock.nanoseconds() - start) * 1e-9
    }
    let runs = try store.runCount()
    let start = Clock.nanoseconds()
    try store.publish(to: path, title: "A table of the size of NAS-Bench-101", force: true)
    let publishing = Double(Clock.nanoseconds() - start) * 1e-9
    return String(
      format: "nb101size: %d runs ingested in %.0f s, published in %.0f s, %.0f MB of memory at most", runs, ingesting,
      publishing, Double(Memory.kilobytes("VmHWM")) * 1.024e-3)
  }

  func load() throws { atlas = try Atlas(path: path) }

  func preload() throws {
    // The opened one goes before the verified one comes: a user has one of them.
    atlas = nil
    atlas = try Atlas(path: path, preload: true)
  }

  func values(_ kind: String, _ draw: UInt64) throws -> [Double] {
    guard kind == "value" else { throw Complaint("this subject answers no \(kind)") }
    guard let atlas else { throw Complaint("load comes first") }
    let name = "\(SyntheticTable.space)-\(SyntheticTable.epochs[SyntheticTable.epochs.count - 1])"
    guard let setting = atlas.settings.first(where: { $0.protocolName == name }),
      let finals = setting.finals(.accuracy, .validation)
    else { throw Complaint("\(path) has no runs under \(name)") }
    let architecture = Int(draw % UInt64(SyntheticTable.architectures))
    let id = ArchitectureID(space: SyntheticTable.space, canonicalText: SyntheticTable.text(architecture))
    guard let row = try atlas.row(of: id) else { throw Complaint("architecture \(architecture) is missing") }
    return try setting.runs(ofArchitecture: row).compactMap { try finals.value(ofRun: $0) }
  }
}
