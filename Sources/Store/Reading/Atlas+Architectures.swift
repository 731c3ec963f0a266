public import Foundation
import GRDB
public import Records

// MARK: Architectures and cards

extension Atlas {
  private static let columns = "architectures.id, spaces.name AS space, text, digest, vector"

  public func architectureCount() throws -> Int { try rows(of: "architectures") }
  public func runCount() throws -> Int { try rows(of: "runs") }

  private func rows(of table: String) throws -> Int {
    guard let table = manifest.tables.first(where: { $0.name == table }) else {
      throw StoreError.manifestMismatch(path: path, reason: "no table \(table)")
    }
    return table.rows
  }

  public func architecture(_ id: ArchitectureID) throws -> ArchitectureEntry? {
    try entries("WHERE digest = ?", [id.bytes]).first
  }

  public func architecture(space: String, canonicalText: String) throws -> ArchitectureEntry? {
    try architecture(ArchitectureID(space: space, canonicalText: canonicalText))
  }

  /// Architectures with this packed AVec, at most one a space.
  public func architectures(vector: Data) throws -> [ArchitectureEntry] {
    try entries("WHERE vector = ? ORDER BY architectures.id", [vector])
  }

  /// All architectures, sorted by space and canonical text.
  public func architectures() throws -> [ArchitectureEntry] {
    try entries("ORDER BY architectures.id", [])
  }

  private func entries(_ condition: String, _ arguments: [Data]) throws -> [ArchitectureEntry] {
    try read { db in
      let statement = try db.cachedStatement(
        sql: "SELECT \(Self.columns) FROM architectures JOIN spaces ON spaces.id = space \(condition)")
      return try Row.fetchAll(statement, arguments: StatementArguments(arguments)).map { row in
        guard let id = ArchitectureID(bytes: row["digest"]) else {
          throw StoreError.database(path: path, reason: "an architecture id does not have 16 bytes")
        }
        return ArchitectureEntry(
          id: id, space: row["space"], canonicalText: row["text"], vector: row["vector"], row: row["id"])
      }
    }
  }

  /// Cards of the data sets that journals described, sorted by name.
  public func datasets() throws -> [DatasetCard] { try cards("datasets", DatasetCard.self) }

  /// Cards of the protocols that journals described, sorted by digest.
  public func protocols() throws -> [ProtocolCard] { try cards("protocols", ProtocolCard.self) }

  private func cards<Card: Decodable>(_ table: String, _ type: Card.Type) throws -> [Card] {
    try read { db in
      try String.fetchAll(db, sql: "SELECT card FROM \(table) WHERE card IS NOT NULL ORDER BY id").map {
        do { return try CanonicalJSON.decode(type, from: Data($0.utf8)) } catch {
          throw StoreError.database(path: path, reason: "a card of \(table) cannot be read")
        }
      }
    }
  }
}
