import Foundation
import GRDB
import Records

/// Where the runs of a working file lie, and the way to them: batches are unpacked one after another, each once a pass.
struct WorkingRuns {
  /// A run within a batch.
  struct Place {
    let batch: Int64
    let start: Int32
    let length: Int32
  }

  struct Setting {
    let id: Int64
    let space: String
    let dataset: String
    let datasetDigest: Digest256?
    let protocolDigest: Digest256
  }

  /// Sorted by space, data set, digest of the data set (none first) and digest of the protocol.
  let settings: [Setting]
  private let places: [Int64: [Place]]
  private let source: Database
  private let path: String

  /// `path` is the working file's, for errors.
  init(_ source: Database, path: String) throws {
    self.source = source
    self.path = path
    var places: [Int64: [Place]] = [:]
    var count = 0
    try source.forEachRow("SELECT setting, batch, start, length FROM runs") { row in
      places[try row.integer(0), default: []].append(
        Place(batch: try row.integer(1), start: Int32(try row.count(2)), length: Int32(try row.count(3))))
      count += 1
    }
    for setting in places.keys {
      places[setting]?.sort { ($0.batch, $0.start) < ($1.batch, $1.start) }
    }
    self.places = places
    let sql = "SELECT id, space, dataset, dataset_digest, protocol_digest FROM settings NOT INDEXED"
    settings = try source.rows(sql) { row in
      Setting(
        id: try row.integer(0), space: try row.text(1), dataset: try row.text(2),
        datasetDigest: try row.digestOrEmpty(3), protocolDigest: try row.digest(4))
    }.filter { places[$0.id] != nil }.sorted {
      ($0.space, $0.dataset, $0.datasetDigest?.hex ?? "", $0.protocolDigest)
        < ($1.space, $1.dataset, $1.datasetDigest?.hex ?? "", $1.protocolDigest)
    }
    guard settings.reduce(0, { $0 + (places[$1.id]?.count ?? 0) }) == count else {
      throw StoredRow.Damage(reason: "a run has a setting that does not exist")
    }
  }

  func count(of setting: Setting) -> Int { places[setting.id]?.count ?? 0 }

  /// Calls `body` with the bytes of every run of a setting, in the order in which they lie.
  func forEach(of setting: Setting, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    var batch: Int64 = -1
    var bytes: [UInt8] = []
    for place in places[setting.id] ?? [] {
      if place.batch != batch {
        batch = place.batch
        bytes = try self.bytes(ofBatch: batch)
      }
      let start = Int(place.start)
      let end = start + Int(place.length)
      guard start >= 0, end >= start, end <= bytes.count else {
        throw damaged(batch, "a run reaches past the end of its batch")
      }
      try bytes.withUnsafeBytes { bytes in
        do {
          try body(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
        } catch let failure as ByteReader.Failure {
          throw damaged(batch, "\(failure)")
        }
      }
    }
  }

  private func bytes(ofBatch id: Int64) throws -> [UInt8] {
    let found = try source.firstRow("SELECT bytes, checksum, data FROM batches WHERE id = ?", [id]) {
      (count: try $0.count(0), checksum: try $0.integer(1), data: try $0.blob(2))
    }
    guard let (count, checksum, data) = found else { throw damaged(id, "it is missing") }
    guard data.withUnsafeBytes({ Int64(Checksum.crc32($0)) }) == checksum else {
      throw damaged(id, "it does not have its checksum")
    }
    do { return try Deflate.unpack(data, count: count) } catch { throw damaged(id, error.reason) }
  }

  private func damaged(_ batch: Int64, _ reason: String) -> StoreError {
    .damagedBlock(path: path, table: "batches", block: batch, reason: reason)
  }
}
