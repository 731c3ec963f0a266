import Foundation
import GRDB
import Records

// MARK: Contents

extension Atlas {
  /// Title, and numbers of architectures and runs. Reads every row of `runs` once.
  public func contents() throws -> AtlasContents {
    try read { db in
      let spaces = try Row.fetchAll(
        db,
        sql: """
          SELECT s.name AS name, count(*) AS number FROM architectures a JOIN spaces s ON s.id = a.space
          GROUP BY s.id ORDER BY s.name
          """
      ).map { AtlasContents.SpaceCount(name: $0["name"], architectures: $0["number"]) }
      let runs = try Row.fetchAll(
        db,
        sql: """
          SELECT d.name AS name, d.digest AS dataset, p.digest AS protocol, r.status AS status, count(*) AS number
          FROM runs r JOIN datasets d ON d.id = r.dataset JOIN protocols p ON p.id = r.protocol
          GROUP BY d.id, p.id, r.status ORDER BY d.name, d.digest, p.digest, r.status
          """
      ).map { row in
        guard let dataset = Digest256(bytes: row["dataset"]), let protocolDigest = Digest256(bytes: row["protocol"]),
          let status = RunStatus(rawValue: row["status"])
        else { throw StoreError.database(path: path, reason: "a row of runs holds what no run has") }
        return AtlasContents.RunCount(
          dataset: row["name"], datasetDigest: dataset, protocolDigest: protocolDigest, status: status,
          runs: row["number"])
      }
      let title = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'title'")
      return AtlasContents(title: title, spaces: spaces, runs: runs)
    }
  }
}
