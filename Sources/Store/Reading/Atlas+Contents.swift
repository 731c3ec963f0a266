import Foundation
import GRDB
public import Records

// MARK: Architectures and cards

/// An architecture of an atlas.
public struct ArchitectureEntry: Hashable, Sendable {
  /// Number of the row, counted from 1; only meaningful within one atlas.
  public let row: Int
  public let id: ArchitectureID
  public let space: String
  public let canonicalText: String

  package init(row: Int, id: ArchitectureID, space: String, canonicalText: String) {
    self.row = row
    self.id = id
    self.space = space
    self.canonicalText = canonicalText
  }
}

extension Atlas {
  /// Names of the spaces, sorted, with the rows of their architectures.
  public var spaces: [(name: String, card: SpaceCard?, rows: Range<Int>)] {
    directory.spaces.map { ($0.name, $0.card, $0.rows) }
  }

  public var runCount: Int { settings.reduce(0) { $0 + $1.runCount } }
  public var measurementCount: Int { quantities.reduce(0) { $0 + $1.count } }

  public var sourceCards: [SourceCard] { directory.sources.compactMap(\.card) }
  /// Cards of all metrics that runs have; those that no source described say so.
  public var metricCards: [MetricCard] { directory.metrics }
  public var datasetCards: [DatasetCard] { directory.datasets.compactMap(\.card) }
  public var protocolCards: [ProtocolCard] { directory.protocols.compactMap(\.card) }

  /// Unit, direction and meaning of a metric.
  public func card(of metric: Metric) -> MetricCard {
    directory.metrics.first { $0.name == metric.name } ?? MetricCard(of: metric)
  }

  /// The architecture in a row, or nil behind the last one.
  public func architecture(row: Int) throws -> ArchitectureEntry? {
    guard row < Int.max else { return nil }
    return try architectures(rows: row..<row + 1).first
  }

  public func architecture(_ id: ArchitectureID) throws -> ArchitectureEntry? {
    try row(of: id).flatMap { try architecture(row: $0) }
  }

  /// The architectures in `rows`, in order.
  public func architectures(rows: Range<Int>) throws -> [ArchitectureEntry] {
    try read { db in
      var next = Int64(max(rows.lowerBound, 1))
      return try db.rows(
        "SELECT id, space, text, digest FROM architectures WHERE id >= ? AND id < ? ORDER BY id",
        [rows.lowerBound, rows.upperBound]
      ) { row in
        let number = try row.integer(0)
        guard number == next else { throw row.damage(0, "is \(number) where \(next) is expected") }
        next += 1
        guard !directory.spaces.isEmpty else { throw row.damage(1, "names a space that does not exist") }
        let space = try row.count(1, in: 1...Int64(directory.spaces.count)) - 1
        return ArchitectureEntry(
          row: Int(number), id: try row.architectureID(3), space: directory.spaces[space].name,
          canonicalText: try row.text(2))
      }
    }
  }

  /// Architectures of all spaces whose id begins with these hexadecimal digits, at most `limit`.
  public func architectures(idPrefix: String, limit: Int) throws -> [ArchitectureEntry] {
    let digits = Array(idPrefix.utf8)
    guard (1...32).contains(digits.count), let low = Self.bytes(digits, filling: UInt8(ascii: "0")),
      let high = Self.bytes(digits, filling: UInt8(ascii: "f"))
    else { return [] }
    let rows = try read { db in
      try db.rows(
        "SELECT id FROM architectures WHERE digest BETWEEN ? AND ? ORDER BY digest LIMIT ?", [low, high, limit]
      ) { try $0.count(0) }
    }
    return try rows.compactMap { try architecture(row: $0) }
  }

  private static func bytes(_ digits: [UInt8], filling: UInt8) -> Data? {
    let all = digits + Array(repeating: filling, count: 32 - digits.count)
    return ArchitectureID(hex: String(decoding: all, as: UTF8.self))?.bytes
  }

  // MARK: Whole records

  /// The whole record of a run.
  public func record(ofRun run: Int, in setting: Setting) throws -> RunRecord {
    guard (0..<setting.runCount).contains(run) else { throw StoreError.unknownRun(path: path, run: Int64(run)) }
    let row = try setting.architecture(ofRun: run)
    guard let architecture = try architecture(row: row) else {
      throw StoreError.damagedRecord(path: path, run: "\(run)", reason: "its architecture is missing")
    }
    return try setting.record(
      ofRun: run, architecture: architecture.canonicalText, details: details(ofRun: run, in: setting))
  }

  /// Calls `body` with the whole record of every run of a setting, or of some, in their order.
  public func forEachRecord(
    in setting: Setting, runs: Range<Int>? = nil, _ body: (Int, RunRecord) throws -> Void
  ) throws {
    let runs = (runs ?? 0..<setting.runCount).clamped(to: 0..<setting.runCount)
    var details: [RunDetails?] = []
    var texts: (rows: Range<Int>, entries: [ArchitectureEntry]) = (0..<0, [])
    for run in runs {
      let block = run / AtlasFormat.runsPerDetailBlock * AtlasFormat.runsPerDetailBlock
      if run == block || run == runs.lowerBound { details = try self.details(from: block, in: setting) }
      let row = try setting.architecture(ofRun: run)
      if !texts.rows.contains(row) {
        // Runs are ordered by architecture, so no more rows than runs are left can be of them.
        texts.rows = row..<row + min(1_024, runs.upperBound - run)
        texts.entries = try architectures(rows: texts.rows)
      }
      guard texts.entries.indices.contains(row - texts.rows.lowerBound) else {
        throw StoreError.damagedRecord(path: path, run: "\(run)", reason: "its architecture is missing")
      }
      let detail = run % AtlasFormat.runsPerDetailBlock
      try body(
        run,
        setting.record(
          ofRun: run, architecture: texts.entries[row - texts.rows.lowerBound].canonicalText,
          details: details.indices.contains(detail) ? details[detail] : nil))
    }
  }

  private func details(ofRun run: Int, in setting: Setting) throws -> RunDetails? {
    let first = run / AtlasFormat.runsPerDetailBlock * AtlasFormat.runsPerDetailBlock
    let details = try details(from: first, in: setting)
    return details.indices.contains(run - first) ? details[run - first] : nil
  }

  /// The details of the runs from `first` on, as far as one block reaches; empty when none of them has any.
  private func details(from first: Int, in setting: Setting) throws -> [RunDetails?] {
    try read { db in
      try db.firstRow(
        "SELECT id, bytes, checksum, data FROM details WHERE setting = ? AND first_run = ?", [setting.id, first]
      ) { row in
        let (id, count, checksum, data) = (
          try row.integer(0), try row.count(1), try row.integer(2), try row.blob(3)
        )
        func damaged(_ reason: String) -> StoreError {
          .damagedBlock(path: path, table: "details", block: id, reason: reason)
        }
        guard data.withUnsafeBytes({ Int64(Checksum.crc32($0)) }) == checksum else {
          throw damaged("it does not have its checksum")
        }
        do {
          return try CanonicalJSON.decode([RunDetails?].self, from: Data(Deflate.unpack(data, count: count)))
        } catch {
          throw damaged((error as? Deflate.Failure)?.reason ?? "its content cannot be read")
        }
      } ?? []
    }
  }
}
