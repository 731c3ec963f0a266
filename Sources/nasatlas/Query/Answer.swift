import Records
import Store

/// What an atlas answers, with everything that says what the numbers are.
struct Answer: Encodable {
  struct Architecture: Encodable {
    let id: ArchitectureID
    let space: String
    let canonicalText: String
  }

  /// The value of one run.
  struct Point: Encodable {
    let seed: UInt64
    let status: RunStatus
    let epoch: Int
    let value: Float
  }

  struct SplitValue: Encodable {
    let split: Split
    /// Of the one run, or the mean of all.
    let value: Float
    let points: [Point]
  }

  struct SplitCurve: Encodable {
    let split: Split
    /// One an epoch, the first epoch first; with several seeds the mean of those that have the epoch.
    let values: [Float]
    /// Runs behind each value.
    let runs: [Int]
  }

  let architecture: Architecture
  let dataset: String
  let datasetDigest: Digest256
  let protocolName: String
  let protocolDigest: Digest256
  let metric: Metric
  /// `fraction` or `nats`; absent where unknown.
  let unit: String?
  /// `single` or `mean`.
  let seeds: String
  /// How the epoch was chosen: `best`, `last` or `number`.
  let epochRule: String
  /// The metric whose validation value chose the best epoch.
  let epochChosenBy: Metric?
  /// Always `measured`: nothing is predicted.
  let source = "measured"
  let values: [SplitValue]
  let curves: [SplitCurve]?
  let atlasDigest: Digest256

  /// Throws `unknownEpoch` or `noEpoch` when a run does not have the epoch.
  init(
    architecture entry: ArchitectureEntry, key: RunKey, protocolName: String, metric: Metric, scoreMetric: Metric?,
    isMean: Bool, epoch: EpochChoice, series: [Series], wantsCurve: Bool, atlas: Digest256
  ) throws {
    architecture = Architecture(id: entry.id, space: entry.space, canonicalText: entry.canonicalText)
    dataset = key.dataset
    datasetDigest = key.datasetDigest
    self.protocolName = protocolName
    protocolDigest = key.protocolDigest
    self.metric = metric
    unit =
      switch metric {
      case .loss: "nats"
      case .accuracy, .rocAUC, .macroF1, .amex: "fraction"
      default: nil
      }
    seeds = isMean ? "mean" : "single"
    switch epoch {
    case .best: epochRule = "best"
    case .last: epochRule = "last"
    case .number: epochRule = "number"
    }
    epochChosenBy = epoch == .best ? scoreMetric : nil
    curves = wantsCurve ? series.map(SplitCurve.init) : nil
    atlasDigest = atlas
    // A run that ended before its first best epoch still has a curve to look at.
    if wantsCurve, series.contains(where: { $0.runs.contains { $0.summary.score == nil } }) {
      values = []
      return
    }
    values = try series.map { try SplitValue($0, epoch: epoch) }
  }
}

extension Answer.SplitValue {
  fileprivate init(_ series: Series, epoch: EpochChoice) throws {
    points = try series.runs.map { run in
      let number: Int
      switch epoch {
      case .best:
        guard let score = run.summary.score else {
          throw CommandError.noEpoch(
            run: "the run of seed \(run.summary.key.seed)", status: run.summary.status.rawValue)
        }
        number = score.epoch
      case .last: number = run.values.count
      case .number(let asked): number = asked
      }
      guard (1...max(1, run.values.count)).contains(number), !run.values.isEmpty else {
        throw CommandError.unknownEpoch(epoch: number, completed: series.runs.map(\.values.count))
      }
      return Answer.Point(
        seed: run.summary.key.seed, status: run.summary.status, epoch: number, value: run.values[number - 1])
    }
    split = series.split
    value = points.count == 1 ? points[0].value : points.map(\.value).mean
  }
}

extension Answer.SplitCurve {
  fileprivate init(_ series: Series) {
    split = series.split
    let longest = series.runs.map(\.values.count).max() ?? 0
    let byEpoch = (0..<longest).map { epoch in
      series.runs.compactMap { epoch < $0.values.count ? $0.values[epoch] : nil }
    }
    values = byEpoch.map { $0.count == 1 ? $0[0] : $0.mean }
    runs = byEpoch.map(\.count)
  }
}

extension [Float] {
  /// In double precision; not called for none.
  fileprivate var mean: Float { Float(reduce(0.0) { $0 + Double($1) } / Double(count)) }
}
