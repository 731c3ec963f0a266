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
    let timed = results.summaries.filter { ($0.figures[.fitSeconds]?.mean ?? 0) > 0 }
    let seconds = timed.filter { $0.trainSize == size }.compactMap { $0.figures[.fitSeconds]?.mean }
    // Whole powers of ten, so that no label crowds another.
    let low = Int(log10(seconds.min() ?? 1).rounded(.down))
    let high = max(low + 1, Int(log10(seconds.max() ?? 1).rounded(.up)))
    let ticks = Specification((low...high).map { Specification(pow(10, Double($0))) })
    let x: Specification = [
      "field": "fit_seconds", "type": "quantitative", "title": "fit, seconds (log scale)",
      "scale": ["type": "log", "domain": [Specification(pow(10, Double(low))), Specification(pow(10, Double(high)))]],
      "axis": ["values": ticks, "format": "~g"],
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
      "\(size) architectures to learn from", timed.filter { $0.trainSize == size }, [bars, points]
    ).value
  }

  /// Kendall's τ against the train size, a line a predictor with a band of one standard deviation of the trials to each
  /// side.
  public func againstSize() -> JSONValue {
    let sizes = results.rules.trainSizes.sorted()
    let x: Specification = [
      "field": "train_size", "type": "quantitative", "title": "architectures to learn from (log scale)",
      "scale": ["type": "log", "nice": false, "padding": 12],
      "axis": ["values": Specification(sizes.map { Specification($0) }), "format": "d", "labelOverlap": true],
    ]
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
    return chart(
      "lines are means, bands one standard deviation", results.summaries, [band, line, points]
    ).value
  }

  private func chart(_ subtitle: String, _ summaries: [PredictorSummary], _ layers: [Specification]) -> Specification {
    let rows: [Specification] = summaries.compactMap { summary in
      guard let figure = summary.figures[.kendall] else { return nil }
      let deviation = figure.standardDeviation ?? 0
      let seconds = summary.figures[.fitSeconds].map { Specification($0.mean) } ?? Specification(.null)
      return [
        "predictor": Specification(summary.predictor), "train_size": Specification(summary.trainSize),
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
    let isMany = results.summaries.count > 10 * results.rules.trainSizes.count
    return [
      "field": "predictor", "type": "nominal", "title": "predictor",
      "scale": ["domain": names, "scheme": isMany ? "tableau20" : "tableau10"], "legend": ["symbolOpacity": 1],
    ]
  }
}
