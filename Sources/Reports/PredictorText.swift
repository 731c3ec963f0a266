public import Evaluation

/// An evaluation as text of at most 80 columns, for terminals.
public struct PredictorText: Sendable {
  private let results: PredictorResults

  public init(_ results: PredictorResults) { self.results = results }

  /// What fits beside each other: order, size and cost, honesty.
  private var blocks: [[PredictorMetric]] {
    [
      [.kendall, .kendallTwoDecimals, .kendallOneDecimal, .spearman, .pearson, .precision10, .precision20],
      [.mae, .rmse] + (results.isOfShares ? [.r2, .regret1] : [.mape, .r2]) + [.regret10, .fitSeconds, .querySeconds],
      [.coverage50, .coverage80, .coverage95, .sharpness, .likelihood, .constantLikelihood],
    ]
  }

  public var text: String { lines.joined(separator: "\n") }

  var lines: [String] {
    var lines = Listing.wrap(heading, width: 80)
    lines += sightings
    let sections = results.rules.trainSizes.flatMap { size in results.rules.comparedFidelities.map { (size, $0) } }
    for (size, fidelity) in sections {
      let summaries = results.summaries.filter { $0.trainSize == size && $0.fidelity == fidelity }
      guard !summaries.isEmpty else { continue }
      let seen = fidelity.map { $0 == 1 ? ", 1 epoch seen" : ", \($0) epochs seen" } ?? ""
      lines += ["", "\(size) training architectures\(seen)"]
      let blocks = blocks.map { metrics in
        (metrics, summaries.filter { summary in metrics.contains { summary.figures[$0] != nil } })
      }.filter { !$0.1.isEmpty }
      for (place, (metrics, shown)) in blocks.enumerated() { lines += (place > 0 ? [""] : []) + table(shown, metrics) }
      for summary in summaries where summary.failure != nil {
        lines += Listing.wrap("\(summary.predictor): \(summary.failure ?? "")", width: 80)
      }
    }
    return lines + [""] + Listing.wrap(footing, width: 80)
  }

  private var heading: String {
    let rules = results.rules
    let test = rules.test == .rest ? "all others" : "\(rules.test)\(rules.mutated ? " mutants of the best" : "")"
    return "\(results.title); \(results.architectures) architectures, \(rules.trials) trials, tested on \(test), "
      + "seed \(rules.seed)" + (rules.excludesIsomorphs ? ", no network in both" : "")
      + (rules.otherDatasets.isEmpty
        ? "" : "; other training data sets: \(rules.otherDatasets.joined(separator: " and "))")
  }

  private var footing: String {
    let unit =
      (results.unit == "1" ? "" : "; errors, regret and sd in \(results.unit)")
      + (results.isOfShares ? "" : "; MAPE in percent")
    return "mean over trials and ± standard deviation; * best, - worse than the best (Wilcoxon, Holm, p < 0.05)"
      + "\(unit); query times are per architecture"
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
    let factor = factor(metric)
    return { figure in
      figure.standardDeviation.map {
        "±" + ReportNumber.deviation($0 * factor, ofMean: figure.mean * factor, metric) + " "
      } ?? ""
    }
  }

  private static func number(_ value: Double, _ metric: PredictorMetric) -> String {
    ReportNumber.text(value * factor(metric), of: metric)
  }

  /// Queries take microseconds.
  private static func factor(_ metric: PredictorMetric) -> Double { metric == .querySeconds ? 1e6 : 1 }

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
      case .precision20: "prec.\n@20"
      case .kendallTwoDecimals: "tau of 2\ndecimals"
      case .kendallOneDecimal: "tau of 1\ndecimal"
      case .regret1: "regret\n@1"
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
