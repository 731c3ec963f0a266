public import Evaluation

/// An evaluation as text of at most 80 columns, for terminals.
public struct PredictorText: Sendable {
  private let results: PredictorResults

  public init(_ results: PredictorResults) { self.results = results }

  private static let accuracy: [PredictorMetric] = [
    .kendall, .spearman, .r2, .mae, .precision10, .regret10, .fitSeconds, .querySeconds,
  ]
  private static let honesty: [PredictorMetric] = [
    .coverage50, .coverage80, .coverage95, .sharpness, .likelihood, .constantLikelihood,
  ]

  public var text: String { lines.joined(separator: "\n") }

  var lines: [String] {
    var lines = Listing.wrap(heading, width: 80)
    lines += sightings
    for size in results.rules.trainSizes {
      let summaries = results.summaries.filter { $0.trainSize == size }
      guard !summaries.isEmpty else { continue }
      lines += ["", "\(size) learnt from"]
      lines += table(summaries, Self.accuracy)
      for summary in summaries where summary.failure != nil {
        lines += Listing.wrap("\(summary.predictor): \(summary.failure ?? "")", width: 80)
      }
      let honest = summaries.filter { $0.figures[.coverage80] != nil }
      if !honest.isEmpty { lines += [""] + table(honest, Self.honesty) }
    }
    return lines + [""] + Listing.wrap(footing, width: 80)
  }

  private var heading: String {
    let rules = results.rules
    let test = rules.test == .rest ? "all others" : "\(rules.test)\(rules.mutated ? " mutants of the best" : "")"
    return "\(results.title); \(results.architectures) architectures, \(rules.trials) trials, tested on \(test), "
      + "seed \(rules.seed)" + (rules.excludesIsomorphs ? ", no network in both" : "")
  }

  private var footing: String {
    let unit = results.unit == "1" ? "" : ", MAE and regret in \(results.unit)"
    return "mean over trials and ± standard deviation; * best, - worse than the best (Wilcoxon, Holm, p < 0.05)"
      + "\(unit); query us is microseconds for one architecture"
  }

  /// What each candidate sees, where that is not clear.
  private var sightings: [String] {
    var table = TextTable([("predictor", .left), ("sees", .left), ("values", .left)])
    var names: Set<String> = []
    for summary in results.summaries where names.insert(summary.predictor).inserted {
      table.add([Self.short(summary.predictor, 40), Self.short(summary.encoding, 24), summary.transform])
    }
    return [""] + table.lines
  }

  private func table(_ summaries: [PredictorSummary], _ metrics: [PredictorMetric]) -> [String] {
    var table = TextTable([("predictor", .left)] + metrics.map { (Self.title($0), .right) })
    for summary in summaries {
      let name = Self.halves(summary.predictor, 12)
      table.add([name.first] + metrics.map { summary.figures[$0].map(Self.mean($0)) ?? "" })
      let hasDeviation = summary.figures.values.contains { $0.standardDeviation != nil }
      guard hasDeviation || !name.second.isEmpty else { continue }
      table.add([name.second] + metrics.map { summary.figures[$0].map(Self.deviation($0)) ?? "" })
    }
    return table.lines
  }

  private static func mean(_ metric: PredictorMetric) -> (PredictorSummary.Figure) -> String {
    { number($0.mean, metric) + ($0.isBest ? "*" : $0.isSignificantlyWorse ? "-" : " ") }
  }

  private static func deviation(_ metric: PredictorMetric) -> (PredictorSummary.Figure) -> String {
    { $0.standardDeviation.map { "±" + number($0, metric) + " " } ?? "" }
  }

  private static func number(_ value: Double, _ metric: PredictorMetric) -> String {
    metric == .querySeconds ? ReportNumber.text(value * 1e6, of: metric) : ReportNumber.text(value, of: metric)
  }

  /// A long name takes the line of the deviations too, broken behind a hyphen where there is one.
  private static func halves(_ name: String, _ width: Int) -> (first: String, second: String) {
    guard name.count > width else { return (name, "") }
    let start = name.prefix(width)
    let cut = start.lastIndex(of: "-").map { name.index(after: $0) } ?? start.endIndex
    return (String(name[..<cut]), short(String(name[cut...]), width))
  }

  /// Columns are narrow: a space stands for the mark of the numbers below.
  private static func title(_ metric: PredictorMetric) -> String {
    let title =
      switch metric {
      case .precision10: "prec.\n@10"
      case .regret10: "regret\n@10"
      case .coverage50: "in\n50 %"
      case .coverage80: "in\n80 %"
      case .coverage95: "in\n95 %"
      case .constantLikelihood: "NLL of\none width"
      case .fitSeconds: "fit\ns"
      case .querySeconds: "query\nus"
      case .spearman: "Spear-\nman"
      default: metric.title
      }
    return title.split(separator: "\n").map { $0 + " " }.joined(separator: "\n")
  }

  private static func short(_ text: String, _ width: Int) -> String {
    text.count <= width ? text : text.prefix(width - 1) + "…"
  }
}
