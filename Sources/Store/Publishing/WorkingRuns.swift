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
    let rows = try Row.fetchCursor(source, sql: "SELECT setting, batch, start, length FROM runs")
    while let row = try rows.next() {
      places[row[0], default: []].append(Place(batch: row[1], start: row[2], length: row[3]))
    }
    for setting in places.keys {
      places[setting]?.sort { ($0.batch, $0.start) < ($1.batch, $1.start) }
    }
    self.places = places
    settings = try Row.fetchAll(source, sql: "SELECT * FROM settings").compactMap { row in
      guard places[row["id"]] != nil else { return nil }
      let digest: Data = row["dataset_digest"]
      guard let protocolDigest = Digest256(bytes: row["protocol_digest"] as Data) else {
        throw StoreError.database(path: path, reason: "the digest of a protocol is damaged")
      }
      return Setting(
        id: row["id"], space: row["space"], dataset: row["dataset"], datasetDigest: Digest256(bytes: digest),
        protocolDigest: protocolDigest)
    }.sorted {
      ($0.space, $0.dataset, $0.datasetDigest?.hex ?? "", $0.protocolDigest)
        < ($1.space, $1.dataset, $1.datasetDigest?.hex ?? "", $1.protocolDigest)
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
    let statement = try source.cachedStatement(sql: "SELECT bytes, checksum, data FROM batches WHERE id = ?")
    guard let row = try Row.fetchOne(statement, arguments: [id]) else { throw damaged(id, "it is missing") }
    let data: Data = row["data"]
    guard data.withUnsafeBytes({ Int64(Checksum.crc32($0)) }) == row["checksum"] as Int64 else {
      throw damaged(id, "it does not have its checksum")
    }
    do { return try Deflate.unpack(data, count: row["bytes"]) } catch { throw damaged(id, error.reason) }
  }

  private func damaged(_ batch: Int64, _ reason: String) -> StoreError {
    .damagedBlock(path: path, table: "batches", block: batch, reason: reason)
  }
}
