import Foundation
import GRDB
public import Records

// MARK: Runs

extension Atlas {
  /// Runs that match everything given, sorted by architecture, data set, protocol and seed.
  public func runs(
    of architecture: ArchitectureID? = nil, dataset: String? = nil, protocolDigest: Digest256? = nil,
    seed: UInt64? = nil
  ) throws -> [RunSummary] {
    var filter = RunFilter()
    if let architecture { filter.add("a.digest = ?", architecture.bytes) }
    if let dataset { filter.add("d.name = ?", dataset) }
    if let protocolDigest { filter.add("p.digest = ?", protocolDigest.bytes) }
    if let seed { filter.add("r.seed = ?", Int64(bitPattern: seed)) }
    return try summaries(filter, tail: "ORDER BY r.id")
  }

  /// The run of a key, if the atlas has it.
  public func run(_ key: RunKey) throws -> RunSummary? {
    try runs(
      of: key.architectureID, dataset: key.dataset, protocolDigest: key.protocolDigest, seed: key.seed
    ).first { $0.key == key }
  }

  public func run(_ id: Int64) throws -> RunSummary? {
    var filter = RunFilter()
    filter.add("r.id = ?", id)
    return try summaries(filter, tail: "").first
  }

  /// The `count` runs with the best score in `metric`, the best first; equal scores in the order of runs. Scores are
  /// validation values. Runs that did not complete are left out unless asked for.
  public func bestRuns(
    _ metric: Metric, dataset: String, protocolDigest: Digest256? = nil, count: Int, includingIncomplete: Bool = false
  ) throws -> [RunSummary] {
    var filter = RunFilter()
    filter.add("m.name = ?", metric.name)
    filter.add("d.name = ?", dataset)
    if let protocolDigest { filter.add("p.digest = ?", protocolDigest.bytes) }
    if !includingIncomplete { filter.add("r.status = ?", RunStatus.completed.rawValue) }
    return try summaries(
      filter,
      tail: "ORDER BY r.score_validation \(metric.largerIsBetter ? "DESC" : "ASC"), r.id LIMIT \(max(0, count))")
  }

  private func summaries(_ filter: RunFilter, tail: String) throws -> [RunSummary] {
    try read { db in
      let statement = try db.cachedStatement(
        sql: """
          SELECT r.*, s.name AS space, a.text AS architecture_text, d.name AS dataset_name,
            d.digest AS dataset_digest, p.digest AS protocol_digest, m.name AS score_name
          FROM runs r JOIN architectures a ON a.id = r.architecture JOIN spaces s ON s.id = a.space
            JOIN datasets d ON d.id = r.dataset JOIN protocols p ON p.id = r.protocol
            LEFT JOIN metrics m ON m.id = r.score_metric
          \(filter.condition) \(tail)
          """)
      return try Row.fetchAll(statement, arguments: filter.arguments).map {
        guard let summary = RunSummary($0) else {
          throw StoreError.database(path: path, reason: "a row of runs holds what no run has")
        }
        return summary
      }
    }
  }
}

/// Conditions of a query on runs, all of which must hold.
private struct RunFilter {
  private var conditions: [String] = []
  private(set) var arguments = StatementArguments()

  mutating func add(_ condition: String, _ value: some DatabaseValueConvertible) {
    conditions.append(condition)
    arguments += [value]
  }

  var condition: String { conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ") }
}

extension RunSummary {
  fileprivate init?(_ row: Row) {
    guard let datasetDigest = Digest256(bytes: row["dataset_digest"]),
      let protocolDigest = Digest256(bytes: row["protocol_digest"]),
      let numerics = Digest256(bytes: row["numerics"]), let status = RunStatus(rawValue: row["status"])
    else { return nil }
    let validation: Double? = row["score_validation"]
    let test: Double? = row["score_test"]
    let scoreName: String? = row["score_name"]
    let parameters: Int? = row["parameters"]
    let flops: Int? = row["forward_flops"]
    var score: Score?
    if let scoreName, let validation {
      score = Score(
        metric: Metric(scoreName), epoch: row["score_epoch"], validation: Float(validation),
        test: test.map { Float($0) })
    }
    var counts: Counts?
    if let parameters, let flops {
      counts = Counts(parameters: parameters, supernetParameters: row["supernet_parameters"], forwardFLOPs: flops)
    }
    let origin: String? = row["origin"]
    self.init(
      id: row["id"],
      key: RunKey(
        space: row["space"], architecture: row["architecture_text"], dataset: row["dataset_name"],
        datasetDigest: datasetDigest, protocolDigest: protocolDigest, seed: UInt64(bitPattern: row["seed"] as Int64)),
      originKind: origin.flatMap(Origin.Kind.init(rawValue:)), status: status, epochs: row["epochs"], score: score,
      counts: counts, trainSeconds: row["train_seconds"], evaluationSeconds: row["evaluation_seconds"],
      latencyBatch1Milliseconds: row["latency_batch_1_milliseconds"],
      latencyBatch64Milliseconds: row["latency_batch_64_milliseconds"], numericsDigest: numerics)
  }
}
