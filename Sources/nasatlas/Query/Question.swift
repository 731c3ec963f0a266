import Records
import Store

/// A question about one architecture, as the command line puts it.
struct Question {
  var architecture: String
  var dataset: String?
  var trainingProtocol: String?
  var metric: String?
  var splits: [Split]
  var epoch: EpochChoice
  var seed: SeedChoice?
  var wantsCurve: Bool

  /// Throws a `CommandError` that lists what exists when the question does not fit one answer.
  func answer(from atlas: Atlas) throws -> Answer {
    let entry = try ArchitectureReference(architecture).entry(in: atlas)
    let protocols = try atlas.protocols()
    let selection = try RunSelection(
      atlas.runs(of: entry.id), dataset: dataset, protocolChoice: trainingProtocol, protocols: protocols, seed: seed)
    guard let first = selection.runs.first else {
      throw CommandError.unknownID(id: entry.id.hex, atlas: atlas.path)
    }
    let metric = try metric(of: first, atlas)
    let series = try splits.map { split in
      Series(
        split: split,
        runs: try selection.runs.map { Series.Run(summary: $0, values: try values(of: $0, metric, split, atlas)) })
    }
    return try Answer(
      architecture: entry, key: first.key, protocolName: RunSelection.name(first.key.protocolDigest, protocols),
      metric: metric, scoreMetric: first.score?.metric, isMean: selection.isMean, epoch: epoch, series: series,
      wantsCurve: wantsCurve, atlas: atlas.digest)
  }

  /// The metric asked for, else the data set's primary one.
  private func metric(of run: RunSummary, _ atlas: Atlas) throws -> Metric {
    let known = try knownMetrics(of: run, atlas)
    guard let metric else {
      let card = try atlas.datasets().first { $0.digest == run.key.datasetDigest && $0.name == run.key.dataset }
      guard let primary = card?.primaryMetric ?? run.score?.metric else {
        throw CommandError.noPrimaryMetric(dataset: run.key.dataset, known: known)
      }
      return primary
    }
    guard known.contains(metric) else {
      throw CommandError.unknown(what: "metric", found: metric, option: "--metric", known: known)
    }
    return Metric(metric)
  }

  private func knownMetrics(of run: RunSummary, _ atlas: Atlas) throws -> [String] {
    Set(try atlas.finalValues(run: run.id).map(\.metric.name)).sorted()
  }

  private func values(of run: RunSummary, _ metric: Metric, _ split: Split, _ atlas: Atlas) throws -> [Float] {
    if let curve = try atlas.curve(run: run.id, metric, split) { return curve.values }
    let finals = try atlas.finalValues(run: run.id)
    guard finals.contains(where: { $0.metric == metric }) else {
      throw CommandError.unknown(
        what: "metric", found: "\(metric) of seed \(run.key.seed)", option: "--metric",
        known: try knownMetrics(of: run, atlas))
    }
    throw CommandError.unknown(
      what: "split", found: "\(split.rawValue) of \(metric)", option: "--split",
      known: finals.filter { $0.metric == metric }.map(\.split.rawValue))
  }
}

/// The curves of one metric on one split, one a run.
struct Series {
  struct Run {
    let summary: RunSummary
    let values: [Float]
  }
  let split: Split
  let runs: [Run]
}
