import Foundation
import Records

/// A run record on its way into the working file, with its digests.
struct IncomingRun {
  let record: RunRecord
  let offset: Int
  let keyDigest: Digest256
  let numerics: Digest256
  let digest: Digest256
  let json: Data

  /// Throws `invalidRecord` for what the tables cannot hold.
  init(_ record: RunRecord, journal: String, offset: Int) throws {
    if let reason = Self.defect(of: record) {
      throw StoreError.invalidRecord(journal: journal, offset: offset, reason: reason)
    }
    self.record = record
    self.offset = offset
    keyDigest = try record.key.digest()
    numerics = try record.numericsDigest()
    json = try CanonicalJSON.encode(record)
    digest = Digest256(of: json)
  }

  /// Which of several records of one key is the first: the one that started first, then the smaller digest. So the one
  /// that is kept does not depend on the order in which journals arrive.
  var rank: (startedAt: String, digest: Digest256) { (record.provenance?.startedAt ?? "", digest) }

  private static func defect(of record: RunRecord) -> String? {
    let names = record.curves.map { "\($0.metric.name)/\($0.split.rawValue)" }
    if Set(names).count != names.count { return "two curves have the same metric and split" }
    if let score = record.score, score.validation.isNaN || score.test?.isNaN == true { return "the score is NaN" }
    if let longest = record.curves.map(\.values.count).max(), longest > AtlasFormat.longestBlock / 8 {
      return "a curve of \(longest) epochs is longer than \(AtlasFormat.longestBlock / 8)"
    }
    for text in [record.key.space, record.key.architecture, record.key.dataset] + record.curves.map(\.metric.name)
    where text.isEmpty || text.utf8.contains(0) {
      return "a name is empty or contains a NUL character"
    }
    return nil
  }
}
