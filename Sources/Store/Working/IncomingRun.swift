import Foundation
import Records

/// A run record on its way into the working file, with its digests.
struct IncomingRun: Sendable {
  let key: RunKey
  let startedAt: String
  let encoded: EncodedRun
  let keyDigest: Digest256
  let numerics: Digest256
  let digest: Digest256
  let status: RunStatus
  let source: String?
  /// Where it stands in its file: byte of a journal, line of an NDJSON file.
  let place: Int
  /// The epoch of the score, where the direction of a metric that has no card yet decides whether it is the best.
  let undecidedBest: BestEpoch?

  /// Throws an ``EntryDefect`` for what the tables cannot hold, and for what contradicts itself or `rules`; without rules
  /// the latter is not checked. `encoded` are the bytes of the record, where they are at hand. Linear in the size of the
  /// record.
  init(_ record: RunRecord, encoded: EncodedRun?, place: Int, rules: MetricRules?) throws {
    if let reason = Self.defect(of: record) { throw EntryDefect(reason: reason) }
    if let rules, let reason = RunConsistency.contradiction(in: record, rules: rules) {
      throw EntryDefect(reason: reason)
    }
    if let rules, let metric = record.score?.metric, rules[metric] == nil, let best = BestEpoch(record),
      best.dependsOnDirection
    {
      undecidedBest = best
    } else {
      undecidedBest = nil
    }
    key = record.key
    status = record.status
    source = record.source
    startedAt = record.provenance?.startedAt ?? ""
    self.place = place
    self.encoded = try encoded ?? EncodedRun(record)
    keyDigest = self.encoded.keyDigest
    numerics = self.encoded.numericsDigest
    digest = self.encoded.recordDigest
  }

  /// Which of several records of one key is the first: the one that started first, then the smaller digest. So the one
  /// that is kept does not depend on the order in which files arrive.
  var rank: (startedAt: String, digest: Digest256) { (startedAt, digest) }

  /// True for what a training found out. A failed or timed-out training says something of its machine alone, so it gives
  /// way to every other record of its key.
  static func isResult(_ status: RunStatus) -> Bool { status == .completed || status == .diverged }

  /// The first curve whose metric and split another curve before it has.
  private static func doubled(_ curves: [Curve]) -> Curve? {
    if curves.count <= 16 {
      return curves.indices.first { index in
        curves[..<index].contains { $0.metric == curves[index].metric && $0.split == curves[index].split }
      }.map { curves[$0] }
    }
    struct Measure: Hashable {
      let metric: Metric
      let split: Split
    }
    var seen: Set<Measure> = []
    return curves.first { !seen.insert(Measure(metric: $0.metric, split: $0.split)).inserted }
  }

  private static func defect(of record: RunRecord) -> String? {
    if let curve = doubled(record.curves) {
      return "two curves have the metric \(curve.metric) and the split \(curve.split.rawValue)"
    }
    for curve in record.curves {
      if curve.values.count > AtlasFormat.longestCurve {
        return "a curve of \(curve.values.count) epochs is longer than \(AtlasFormat.longestCurve)"
      }
      if let at = curve.at {
        guard at.count == curve.values.count else {
          return "a curve has \(curve.values.count) values at \(at.count) positions"
        }
        guard zip([0] + at, at).allSatisfy(<), at.last ?? 0 <= Int(Int32.max) else {
          return "the positions of a curve do not ascend from 1 or are larger than \(Int32.max)"
        }
      }
    }
    if let score = record.score {
      if score.validation.isNaN || score.test?.isNaN == true { return "the score is NaN" }
      if !(0...Int(Int32.max)).contains(score.epoch) { return "the epoch of the score is not in 0...\(Int32.max)" }
    }
    if let problem = record.costs?.problem { return problem }
    for (name, count) in record.counts?.values ?? [:] {
      guard PlainName.isWord(name) else { return "the count \(name.debugDescription) is no name" }
      if !(0...1 << 53).contains(count) { return "the count \(name) is negative or larger than 2^53" }
    }
    let names = [record.key.space, record.key.architecture, record.key.dataset] + record.curves.map(\.metric.name)
    if names.contains(where: \.isEmpty) { return "a name is empty" }
    let others = [record.source, record.score?.metric.name].compactMap { $0 } + record.attributes.keys
    return (names + others).lazy.compactMap(EntryDefect.init(ofName:)).first?.reason
  }
}

/// Why an entry cannot be stored.
struct EntryDefect: Error, Hashable, CustomStringConvertible {
  let reason: String
  var description: String { reason }

  init(reason: String) { self.reason = reason }

  /// Nil for a name that means the same to SQLite, which compares bytes, and to Swift, which compares characters: one in
  /// normal form C without NUL.
  init?(ofName name: String) {
    if name.utf8.allSatisfy({ (1..<0x80).contains($0) }) { return nil }
    if name.utf8.contains(0) {
      reason = "a name contains a NUL character"
    } else if !name.utf8.elementsEqual(name.precomposedStringWithCanonicalMapping.utf8) {
      reason = "the name \(name.debugDescription) is not in Unicode normal form C"
    } else {
      return nil
    }
  }
}
