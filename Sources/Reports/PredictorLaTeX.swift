public import Evaluation

/// An evaluation as LaTeX tables for the package booktabs: one a train size and fidelity.
public struct PredictorLaTeX: Sendable {
  private let results: PredictorResults
  private let metrics: [PredictorMetric]

  /// With the columns `metrics`, nil for five usual ones, as many as a page is wide; those that nothing has are left out.
  public init(
    _ results: PredictorResults,
    metrics: [PredictorMetric]? = nil
  ) {
    self.results = results
    let usual: [PredictorMetric] = [
      .kendall, .rmse, results.isOfShares ? .precision10 : .mape, .regret10, .fitSeconds,
    ]
    self.metrics = (metrics ?? usual).filter { metric in results.summaries.contains { $0.figures[metric] != nil } }
  }

  /// Ends with a line feed.
  public var text: String {
    "% needs \\usepackage{booktabs}\n" + tables.joined(separator: "\n")
  }

  private var tables: [String] {
    results.rules.trainSizes.flatMap { size in results.rules.comparedFidelities.map { table(size, $0) } }
  }

  private func table(_ size: Int, _ fidelity: Int?) -> String {
    let summaries = results.summaries.filter { $0.trainSize == size && $0.fidelity == fidelity }
    let label = "tab:predictors-\(size)" + (fidelity.map { "-\($0)" } ?? "")
    var lines = [
      "\\begin{table}", "  \\centering\\footnotesize\\setlength{\\tabcolsep}{2.5pt}",
      "  \\caption{\(caption(size, fidelity))}", "  \\label{\(label)}",
      "  \\begin{tabular}{@{}l\(String(repeating: "r", count: metrics.count))@{}}", "    \\toprule",
      "    " + (["Predictor"] + metrics.map(title)).joined(separator: " & ") + " \\\\", "    \\midrule",
    ]
    for summary in summaries {
      let cells = metrics.map { metric in summary.figures[metric].map { cell($0, metric) } ?? "--" }
      lines.append("    " + ([Self.escaped(summary.predictor)] + cells).joined(separator: " & ") + " \\\\")
    }
    lines += ["    \\bottomrule", "  \\end{tabular}", "\\end{table}"]
    return lines.joined(separator: "\n") + "\n"
  }

  private func caption(_ size: Int, _ fidelity: Int?) -> String {
    let rules = results.rules
    let test = rules.test == .rest ? "all others" : "\(rules.test)\(rules.mutated ? " mutants of the best" : "")"
    let seen = fidelity.map { $0 == 1 ? ", 1 epoch of curves seen" : ", \($0) epochs of curves seen" } ?? ""
    return Self.escaped(
      "\(results.title): \(size) training architectures\(seen), tested on \(test); mean and standard deviation "
        + "of \(rules.trials) trials.")
      + " Bold is best; $\\dagger$ marks what is worse than the best (Wilcoxon, Holm, $p < 0.05$)."
  }

  private func title(_ metric: PredictorMetric) -> String {
    let unit = results.unit == "1" ? "" : " (\(results.unit == "percent" ? "%" : results.unit))"
    return switch metric {
    case .kendall: "Kendall $\\tau$"
    case .kendallTwoDecimals: "Kendall $\\tau_{.01}$"
    case .kendallOneDecimal: "Kendall $\\tau_{.1}$"
    case .r2: "$R^2$"
    case .pearsonAbsolute: "$|r|$"
    case .precision10: "prec.@10"
    case .precision20: "prec.@20"
    case .mape: "MAPE (\\%)"
    case .mae, .rmse, .regret1, .regret10, .sharpness: Self.escaped(metric.title + unit)
    case .fitSeconds: "fit (s)"
    case .querySeconds: "query (s)"
    default: Self.escaped(metric.title)
    }
  }

  private func cell(_ figure: PredictorSummary.Figure, _ metric: PredictorMetric) -> String {
    let mean = Self.power(ReportNumber.text(figure.mean, of: metric))
    let deviation =
      figure.standardDeviation.map {
        "_{\\pm " + Self.power(ReportNumber.deviation($0, ofMean: figure.mean, metric)) + "}"
      } ?? ""
    let value = figure.isBest ? "\\mathbf{\(mean)}" : mean
    return "$\(value)\(deviation)\(figure.isSignificantlyWorse ? "^{\\dagger}" : "")$"
  }

  /// `1.2e-05` as LaTeX writes it.
  private static func power(_ number: String) -> String {
    let parts = number.split(separator: "e")
    guard parts.count == 2, let exponent = Int(parts[1]) else { return number }
    return "{\(parts[0]) \\cdot 10^{\(exponent)}}"
  }

  /// Text in which every character is printed as it is.
  package static func escaped(_ text: String) -> String {
    text.map { character in
      switch character {
      case "&", "%", "$", "#", "_", "{", "}": "\\\(character)"
      case "~": "\\textasciitilde{}"
      case "^": "\\textasciicircum{}"
      case "\\": "\\textbackslash{}"
      case "|": "\\textbar{}"
      case "<": "\\textless{}"
      case ">": "\\textgreater{}"
      case "τ": "$\\tau$"
      default: String(character)
      }
    }.joined()
  }
}
