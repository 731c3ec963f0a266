public import Records

/// Learning curves, a line a run; lines of one architecture have one colour.
public struct CurveChart: Sendable {
  public struct Line: Hashable, Sendable {
    /// What has one colour, such as an architecture.
    public let group: String
    /// What tells lines of a group apart, such as a seed.
    public let name: String
    public let epochs: [Int]
    public let values: [Double]
    /// To each side, an epoch each; empty for no band.
    public let deviations: [Double]

    public init(group: String, name: String, epochs: [Int], values: [Double], deviations: [Double] = []) {
      self.group = group
      self.name = name
      self.epochs = epochs
      self.values = values
      self.deviations = deviations
    }
  }

  private let lines: [Line]
  private let title: String
  private let axis: String

  public init(_ lines: [Line], title: String, metric: String, unit: String) {
    self.lines = lines
    self.title = title
    axis = ChartFrame.title(metric, unit)
  }

  public var specification: JSONValue {
    let rows = lines.flatMap { line in
      line.epochs.indices.compactMap { index -> Specification? in
        guard line.values.indices.contains(index), line.values[index].isFinite else { return nil }
        let value = line.values[index]
        let width = line.deviations.indices.contains(index) ? line.deviations[index] : nil
        return [
          "group": Specification(line.group), "run": Specification(line.name),
          "epoch": Specification(line.epochs[index]), "value": Specification(value),
          "low": width.map { Specification(value - $0) } ?? Specification(.null),
          "high": width.map { Specification(value + $0) } ?? Specification(.null),
        ]
      }
    }
    var groups: [String] = []
    for line in lines where !groups.contains(line.group) { groups.append(line.group) }
    let hasBands = lines.contains { !$0.deviations.isEmpty }
    let isAlone = lines.allSatisfy { $0.epochs.count < 2 }
    let x: Specification = [
      "field": "epoch", "type": "quantitative", "title": "epoch", "axis": ["format": "d", "tickMinStep": 1],
      "scale": ["nice": false, "zero": false],
    ]
    let y = ChartFrame.value("value", axis)
    let legend: Specification =
      groups.count > 1 ? ["orient": "bottom", "columns": 1, "labelLimit": 420] : Specification(.null)
    let color: Specification = [
      "field": "group", "type": "nominal", "title": Specification(.null), "legend": legend,
      "scale": ["domain": Specification(groups.map { Specification($0) }), "scheme": "tableau10"],
    ]
    let detail: Specification = ["field": "run", "type": "nominal"]
    let tooltip: Specification = [
      ["field": "group", "type": "nominal", "title": "architecture"], ["field": "run", "type": "nominal"],
      ["field": "epoch", "type": "quantitative"], ["field": "value", "type": "quantitative"],
    ]
    let band: Specification = [
      "transform": [["filter": "isValid(datum.low)"]],
      "mark": ["type": "area", "opacity": 0.15],
      "encoding": [
        "x": x, "y": ["field": "low", "type": "quantitative", "title": Specification(axis), "scale": ["zero": false]],
        "y2": ["field": "high"], "color": color, "detail": detail,
      ],
    ]
    let curves: Specification = [
      "mark": isAlone
        ? ["type": "point", "filled": true, "size": 60, "opacity": 0.9]
        : ["type": "line", "strokeWidth": 1.6, "opacity": 0.9, "point": ["size": 14]],
      "encoding": ["x": x, "y": y, "color": color, "detail": detail, "tooltip": tooltip],
    ]
    return ChartFrame.chart(title, [], rows: rows, layers: hasBands ? [band, curves] : [curves]).value
  }
}
