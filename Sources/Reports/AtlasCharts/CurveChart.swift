public import Records

/// Learning curves, a line a run; lines of one architecture have one colour.
public struct CurveChart: Sendable {
  public struct Line: Hashable, Sendable {
    /// What has one colour, such as an architecture.
    public let group: String
    /// What distinguishes the lines of a group, such as a seed.
    public let name: String
    public let epochs: [Int]
    public let values: [Double]
    /// To each side, an epoch each; empty for no band.
    public let deviations: [Double]
    /// The epoch that is marked; nil for none.
    public let bestEpoch: Int?

    public init(
      group: String, name: String, epochs: [Int], values: [Double], deviations: [Double] = [], bestEpoch: Int? = nil
    ) {
      self.group = group
      self.name = name
      self.epochs = epochs
      self.values = values
      self.deviations = deviations
      self.bestEpoch = bestEpoch
    }
  }

  private let lines: [Line]
  private let title: String
  private let axis: String
  private let fidelity: FidelityAxis

  /// `fidelity` is what the epochs of the lines stand for.
  public init(_ lines: [Line], title: String, metric: String, unit: String, fidelity: FidelityAxis = .epochs) {
    self.fidelity = fidelity
    self.lines = lines
    self.title = title
    axis = ChartFrame.title(metric, unit)
  }

  private var xTitle: String {
    ReadableName.text(fidelity.name, unit: fidelity.name == fidelity.unit ? "1" : fidelity.unit)
  }

  private func position(_ epoch: Int) -> Specification {
    guard !fidelity.levels.isEmpty, let level = fidelity.value(at: epoch) else { return Specification(epoch) }
    return Specification(level)
  }

  public var specification: JSONValue {
    let rows = lines.flatMap { line in
      line.epochs.indices.compactMap { index -> Specification? in
        guard line.values.indices.contains(index), line.values[index].isFinite else { return nil }
        let value = line.values[index]
        let width = line.deviations.indices.contains(index) ? line.deviations[index] : nil
        return [
          "group": Specification(line.group), "run": Specification(line.name),
          "epoch": position(line.epochs[index]),
          "value": Specification(value),
          "low": width.map { Specification(value - $0) } ?? Specification(.null),
          "high": width.map { Specification(value + $0) } ?? Specification(.null),
          "best": Specification(.bool(line.epochs[index] == line.bestEpoch)),
        ]
      }
    }
    var groups: [String] = []
    for line in lines where !groups.contains(line.group) { groups.append(line.group) }
    let hasBands = lines.contains { !$0.deviations.isEmpty }
    let isAlone = lines.allSatisfy { $0.epochs.count < 2 }
    let x: Specification = [
      "field": "epoch", "type": "quantitative", "title": Specification(xTitle),
      "axis": fidelity.levels.isEmpty ? ["format": "d", "tickMinStep": 1] : [:],
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
      ["field": "group", "type": "nominal", "title": "curve"], ["field": "run", "type": "nominal"],
      ["field": "epoch", "type": "quantitative", "title": Specification(xTitle)],
      ["field": "value", "type": "quantitative"],
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
        : ["type": "line", "strokeWidth": 1.6, "opacity": 0.9, "point": lines.count <= 12 ? ["size": 14] : false],
      "encoding": ["x": x, "y": y, "color": color, "detail": detail, "tooltip": tooltip],
    ]
    let best: Specification = [
      "transform": [["filter": "datum.best"]],
      "mark": ["type": "point", "shape": "diamond", "filled": true, "size": 90, "opacity": 1, "stroke": "#1a2027"],
      "encoding": ["x": x, "y": y, "color": color, "detail": detail, "tooltip": tooltip],
    ]
    let marked = lines.contains { $0.bestEpoch != nil }
    return ChartFrame.chart(
      title, marked ? ["diamond: the best epoch of a run"] : [], rows: rows,
      layers: (hasBands ? [band] : []) + [curves] + (marked ? [best] : [])
    ).value
  }
}
