public import Evaluation
import Foundation
public import Records

/// Charts of an evaluation as Vega-Lite 5 specifications with their data inside.
public struct PredictorChart: Sendable {
  private let results: PredictorResults

  public init(_ results: PredictorResults) { self.results = results }

  /// Kendall's τ against what a fit takes, a point a predictor, at the largest train size or at `trainSize`; bars are one
  /// standard deviation of the trials to each side.
  public func againstTime(trainSize: Int? = nil) -> JSONValue {
    let size = trainSize ?? results.rules.trainSizes.max() ?? 0
    let timed = deepest.filter { ($0.figures[.fitSeconds]?.mean ?? 0) > 0 }
    let seconds = timed.filter { $0.trainSize == size }.compactMap { $0.figures[.fitSeconds]?.mean }
    // Whole powers of ten, so that no label crowds another.
    let low = Int(log10(seconds.min() ?? 1).rounded(.down))
    let high = max(low + 1, Int(log10(seconds.max() ?? 1).rounded(.up)))
    let ticks = Specification((low...high).map { Specification(pow(10, Double($0))) })
    let x: Specification = [
      "field": "fit_seconds", "type": "quantitative", "title": "fit, seconds (log scale)",
      "scale": ["type": "log", "domain": [Specification(pow(10, Double(low))), Specification(pow(10, Double(high)))]],
      "axis": ["values": ticks, "format": "~g", "labelFlush": false],
    ]
    let bars: Specification = [
      "mark": ["type": "rule", "strokeWidth": 1.5, "opacity": 0.6],
      "encoding": ["x": x, "y": tau("low"), "y2": ["field": "high"], "color": color],
    ]
    let points: Specification = [
      "mark": ["type": "point", "filled": true, "size": 90, "opacity": 1, "tooltip": true],
      "encoding": ["x": x, "y": tau("tau"), "color": color, "shape": shape],
    ]
    return chart(
      "\(size) training architectures\(depth)", timed.filter { $0.trainSize == size }, [bars, points]
    ).value
  }

  /// Kendall's τ against the epochs that predictors of learning curves see, a line a predictor with a band of one standard
  /// deviation, at the largest train size or at `trainSize`; what sees no curves is level.
  public func againstFidelity(trainSize: Int? = nil) -> JSONValue {
    let size = trainSize ?? results.rules.trainSizes.max() ?? 0
    let x = Self.numbers("epochs_seen", "epochs seen (log scale)", results.rules.fidelities)
    return chart(
      "\(size) training architectures; lines are means, bands one standard deviation",
      results.summaries.filter { $0.trainSize == size }, lines(x)
    ).value
  }

  /// Kendall's τ against the train size, a line a predictor with a band of one standard deviation of the trials to each
  /// side.
  public func againstSize() -> JSONValue {
    let x = Self.numbers("train_size", "training architectures (log scale)", results.rules.trainSizes)
    return chart("lines are means, bands one standard deviation\(depth)", deepest, lines(x)).value
  }

  /// A logarithmic axis with a tick at each of `values`.
  private static func numbers(_ field: String, _ title: String, _ values: [Int]) -> Specification {
    [
      "field": Specification(field), "type": "quantitative", "title": Specification(title),
      "scale": ["type": "log", "nice": false, "padding": 12],
      "axis": [
        "values": Specification(values.sorted().map { Specification($0) }), "format": "d", "labelOverlap": true,
      ],
    ]
  }

  private func lines(_ x: Specification) -> [Specification] {
    let band: Specification = [
      "mark": ["type": "area", "opacity": 0.12],
      "encoding": ["x": x, "y": tau("low"), "y2": ["field": "high"], "color": color],
    ]
    let line: Specification = [
      "mark": ["type": "line", "strokeWidth": 2],
      "encoding": ["x": x, "y": tau("tau"), "color": color],
    ]
    let points: Specification = [
      "mark": ["type": "point", "filled": true, "size": 55, "opacity": 1, "tooltip": true],
      "encoding": ["x": x, "y": tau("tau"), "color": color, "shape": shape],
    ]
    return [band, line, points]
  }

  /// Where the most of curves is seen.
  private var deepest: [PredictorSummary] { results.summaries.filter { $0.fidelity == results.rules.fidelities.max() } }

  private var depth: String { results.rules.fidelities.max().map { "; \($0) epochs seen" } ?? "" }

  private func chart(_ subtitle: String, _ summaries: [PredictorSummary], _ layers: [Specification]) -> Specification {
    let rows: [Specification] = summaries.compactMap { summary in
      guard let figure = summary.figures[.kendall] else { return nil }
      let deviation = figure.standardDeviation ?? 0
      let seconds = summary.figures[.fitSeconds].map { Specification($0.mean) } ?? Specification(.null)
      return [
        "predictor": Specification(summary.predictor), "train_size": Specification(summary.trainSize),
        "epochs_seen": summary.fidelity.map { Specification($0) } ?? Specification(.null),
        "tau": Specification(figure.mean), "low": Specification(figure.mean - deviation),
        "high": Specification(figure.mean + deviation), "trials": Specification(figure.count), "fit_seconds": seconds,
      ]
    }
    let rules = results.rules
    let test = rules.test == .rest ? "all others" : "\(rules.test)"
    let trials = "\(rules.trials) trials, tested on \(test), seed \(rules.seed)"
    return [
      "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
      "title": [
        "text": Specification(results.title), "subtitle": [Specification(subtitle), Specification(trials)],
        "anchor": "start",
      ],
      "width": 480, "height": 320, "background": "white", "data": ["values": Specification(rows)],
      "layer": Specification(layers),
      "config": [
        "axis": ["labelFontSize": 12, "titleFontSize": 12], "legend": ["labelFontSize": 12, "labelLimit": 220],
      ],
    ]
  }

  private func tau(_ field: String) -> Specification {
    [
      "field": Specification(field), "type": "quantitative", "title": "Kendall's τ between prediction and truth",
      "scale": ["zero": false, "nice": true],
    ]
  }

  /// Predictors in the order in which they were given.
  private var names: Specification {
    var names: [String] = []
    for summary in results.summaries where !names.contains(summary.predictor) { names.append(summary.predictor) }
    return Specification(names.map { Specification($0) })
  }

  /// Marks of different shapes keep predictors apart without colours too; one legend shows both, as both scales have one
  /// domain.
  private var shape: Specification {
    [
      "field": "predictor", "type": "nominal", "title": "predictor", "scale": ["domain": names],
      "legend": ["symbolOpacity": 1],
    ]
  }

  private var color: Specification {
    let isMany = Set(results.summaries.map(\.predictor)).count > 10
    return [
      "field": "predictor", "type": "nominal", "title": "predictor",
      "scale": ["domain": names, "scheme": isMany ? "tableau20" : "tableau10"], "legend": ["symbolOpacity": 1],
    ]
  }
}
