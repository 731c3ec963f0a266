public import Records

/// Held-out predictions of a surrogate against what was measured.
public struct PredictionChart: Sendable {
  public struct Point: Hashable, Sendable {
    public let truth: Double
    public let mean: Double
    public let deviation: Double

    public init(truth: Double, mean: Double, deviation: Double) {
      self.truth = truth
      self.mean = mean
      self.deviation = deviation
    }
  }

  private let points: [Point]
  private let title: String
  private let notes: [String]
  private let axis: String

  public init(_ points: [Point], title: String, notes: [String] = [], metric: String, unit: String) {
    self.points = points
    self.title = title
    self.notes = notes
    axis = ChartFrame.title(metric, unit)
  }

  public var specification: JSONValue {
    let rows = points.map { point -> Specification in
      [
        "truth": Specification(point.truth), "mean": Specification(point.mean),
        "low": Specification(point.mean - 1.2815515655446004 * point.deviation),
        "high": Specification(point.mean + 1.2815515655446004 * point.deviation),
      ]
    }
    let x = ChartFrame.value("truth", "measured \(axis)")
    let y = ChartFrame.value("mean", "predicted, with the 80 % interval")
    let bars: Specification = [
      "mark": ["type": "rule", "opacity": 0.25, "color": "#4c78a8"],
      "encoding": ["x": x, "y": ChartFrame.value("low", "predicted, with the 80 % interval"), "y2": ["field": "high"]],
    ]
    let dots: Specification = [
      "mark": ["type": "circle", "size": 22, "opacity": 0.7, "tooltip": true, "color": "#4c78a8"],
      "encoding": ["x": x, "y": y],
    ]
    let diagonal: Specification = [
      "mark": ["type": "line", "color": "#e45756", "strokeDash": [4, 3], "strokeWidth": 1],
      "encoding": ["x": x, "y": ["field": "truth", "type": "quantitative"]],
    ]
    return ChartFrame.chart(title, notes, rows: rows, layers: [bars, dots, diagonal]).value
  }
}

/// What intervals of a surrogate hold against what they should.
public struct CalibrationChart: Sendable {
  private let shares: [(claimed: Double, held: Double)]
  private let title: String

  /// `shares` are fractions: an 80 % interval that holds 78 of 100 is (0.8, 0.78).
  public init(_ shares: [(claimed: Double, held: Double)], title: String) {
    self.shares = shares
    self.title = title
  }

  public var specification: JSONValue {
    let rows = shares.map { share -> Specification in
      ["claimed": Specification(share.claimed), "held": Specification(share.held)]
    }
    func axis(_ field: String, _ title: String) -> Specification {
      [
        "field": Specification(field), "type": "quantitative", "title": Specification(title),
        "scale": ["domain": [0, 1]],
        "axis": ["format": "%"],
      ]
    }
    let honest: Specification = [
      "data": ["values": [["claimed": 0, "held": 0], ["claimed": 1, "held": 1]]],
      "mark": ["type": "line", "color": "#e45756", "strokeDash": [4, 3], "strokeWidth": 1],
      "encoding": ["x": axis("claimed", "interval should hold"), "y": axis("held", "interval holds")],
    ]
    let found: Specification = [
      "mark": ["type": "line", "point": ["size": 70, "filled": true], "color": "#4c78a8", "tooltip": true],
      "encoding": ["x": axis("claimed", "interval should hold"), "y": axis("held", "interval holds")],
    ]
    return ChartFrame.chart(title, [], rows: rows, layers: [honest, found]).value
  }
}
