import Records

/// The names of metrics, data sets and sources that the entries of an ingest use.
struct UsedNames {
  struct Dataset: Hashable {
    let name: String
    let digest: Digest256?
  }

  /// Where a score of a metric without a card depends on the metric's direction.
  struct ScoredRun {
    let best: BestEpoch
    let file: String
    let place: Int
    let hasLines: Bool
  }

  private(set) var metrics: Set<String> = []
  var datasets: Set<Dataset> = []
  var sources: Set<String> = []
  /// The first run whose score is a highest value, and the first whose score is a lowest value, of each metric.
  private(set) var highest: [Metric: ScoredRun] = [:]
  private(set) var lowest: [Metric: ScoredRun] = [:]
  /// The metrics of the last run: most runs of a file have the same ones.
  private var last: [Metric] = []

  /// Notes the metrics of a run.
  mutating func note(_ record: RunRecord) {
    if let score = record.score, !last.contains(score.metric) { metrics.insert(score.metric.name) }
    guard !record.curves.elementsEqual(last, by: { $0.metric == $1 }) else { return }
    last = record.curves.map(\.metric)
    for metric in last { metrics.insert(metric.name) }
  }

  mutating func note(_ best: BestEpoch, file: String, place: Int, hasLines: Bool) {
    let run = ScoredRun(best: best, file: file, place: place, hasLines: hasLines)
    if best.larger == nil, highest[best.metric] == nil { highest[best.metric] = run }
    if best.smaller == nil, lowest[best.metric] == nil { lowest[best.metric] = run }
  }
}
