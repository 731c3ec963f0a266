public import Records

extension Setting {
  /// Puts the record of a run together again: digest for digest what was ingested.
  func record(ofRun run: Int, architecture: String, details: RunDetails?) throws -> RunRecord {
    var record = RunRecord(
      key: RunKey(
        space: space, architecture: architecture, dataset: dataset, datasetDigest: datasetDigest,
        protocolDigest: protocolDigest, seed: try seed(ofRun: run)),
      status: try status(ofRun: run),
      curves: try measures.compactMap { try curve(ofRun: run, $0.metric, $0.split) }, score: try score(ofRun: run),
      counts: try counts(ofRun: run), costs: try costs(ofRun: run))
    if let kind = try origin(ofRun: run) {
      record.origin = Origin(kind: kind, arm: details?.arm, step: details?.step)
    }
    record.source = try source(ofRun: run)
    record.statusDetail = details?.statusDetail
    record.teachers = details?.teachers ?? []
    record.provenance = details?.provenance
    record.attributes = details?.attributes ?? [:]
    for name in attributeNames {
      if let value = try attribute(name, ofRun: run) { record.attributes[name] = JSONValue(columnNumber: value) }
    }
    return record
  }

  /// The score of a run, where it has one.
  public func score(ofRun run: Int) throws -> Score? {
    guard let validation = try number(.scoreValidation, run) else { return nil }
    let metric = try whole(.scoreMetric, run) - 1
    guard metricNames.indices.contains(metric) else {
      throw StoreError.damagedRecord(path: dataset, run: "\(run)", reason: "the metric of its score is unknown")
    }
    return Score(
      metric: metricNames[metric], epoch: try whole(.scoreEpoch, run), validation: validation,
      test: try number(.scoreTest, run))
  }

  /// Sizes of the network of a run, where they are known.
  public func counts(ofRun run: Int) throws -> Counts? {
    var counts = Counts()
    for name in countNames { counts.values[name] = try count(name, ofRun: run).flatMap { Int(exactly: $0) } }
    return counts.isEmpty ? nil : counts
  }

  /// Costs of a run, where they are known.
  public func costs(ofRun run: Int) throws -> Costs? {
    var costs = Costs()
    for name in totalCostNames { costs.total[name] = try totalCost(name, ofRun: run) }
    for name in epochCostNames { costs.perEpoch[name] = try epochCosts(name, ofRun: run) }
    return costs.isEmpty ? nil : costs
  }
}
