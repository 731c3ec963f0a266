public import Records

/// Two figures of architectures against each other, with the Pareto front.
public struct TradeOffChart: Sendable {
  public struct Point: Hashable, Sendable {
    public let architecture: String
    /// What people call it.
    public let name: String
    public let x: Double
    public let y: Double
    public let isFront: Bool

    public init(architecture: String, name: String? = nil, x: Double, y: Double, isFront: Bool) {
      self.architecture = architecture
      self.name = name ?? architecture
      self.x = x
      self.y = y
      self.isFront = isFront
    }
  }

  private let points: [Point]
  private let title: String
  private let notes: [String]
  private let x: (name: String, unit: String?)
  private let y: (name: String, unit: String?)

  public init(
    _ points: [Point], title: String, notes: [String] = [], x: (name: String, unit: String?),
    y: (name: String, unit: String?)
  ) {
    self.points = points
    self.title = title
    self.notes = notes
    self.x = x
    self.y = y
  }

  /// Where most values are: the worst tenth would press all others together. Whatever is on the front is inside.
  private var range: [Double]? {
    let sorted = points.map(\.y).sorted()
    let front = points.filter(\.isFront).map(\.y)
    guard let best = front.max(), let least = front.min(), let last = sorted.last else { return nil }
    let isUp = best == last
    let low = isUp ? min(least, sorted[sorted.count / 10]) : sorted[0]
    let high = isUp ? last : max(best, sorted[9 * (sorted.count - 1) / 10])
    return low < high ? [low - (high - low) * 0.05, high + (high - low) * 0.05] : nil
  }

  public var specification: JSONValue {
    let positive = points.map(\.x).filter { $0 > 0 }
    let isWide = positive.count == points.count && (positive.max() ?? 1) > 20 * (positive.min() ?? 1)
    let xAxis = ChartFrame.number("x", ChartFrame.title(x.name, x.unit) + (isWide ? ", log scale" : ""), log: isWide)
    let yAxis = ChartFrame.value("y", ChartFrame.title(y.name, y.unit), domain: range)
    let rows = points.map { point -> Specification in
      [
        "architecture": Specification(point.architecture), "name": Specification(point.name),
        "x": Specification(point.x), "y": Specification(point.y), "front": Specification(.bool(point.isFront)),
      ]
    }
    let tooltip: Specification = [
      ["field": "name", "type": "nominal", "title": "architecture"],
      ["field": "x", "type": "quantitative", "title": Specification(ChartFrame.title(x.name, x.unit))],
      ["field": "y", "type": "quantitative", "title": Specification(ChartFrame.title(y.name, y.unit))],
    ]
    let cloud: Specification = [
      "transform": [["filter": "!datum.front"]],
      "mark": ["type": "circle", "clip": true, "size": 24, "opacity": 0.45, "color": "#4c78a8", "cursor": "pointer"],
      "encoding": ["x": xAxis, "y": yAxis, "tooltip": tooltip],
    ]
    let line: Specification = [
      "transform": [["filter": "datum.front"]],
      "mark": ["type": "line", "interpolate": "step-after", "strokeWidth": 1.5, "color": "#e45756"],
      "encoding": ["x": xAxis, "y": yAxis, "order": ["field": "x", "type": "quantitative"]],
    ]
    let front: Specification = [
      "transform": [["filter": "datum.front"]],
      "mark": [
        "type": "point", "filled": true, "shape": "diamond", "size": 60, "opacity": 1, "color": "#e45756",
        "cursor": "pointer",
      ],
      "encoding": ["x": xAxis, "y": yAxis, "tooltip": tooltip],
    ]
    let outside = range.map { ends in points.count { $0.y < ends[0] || $0.y > ends[1] } } ?? 0
    let far = outside > 0 ? ["far points outside the axes: \(outside)"] : []
    return ChartFrame.chart(title, notes + far, rows: rows, layers: [cloud, line, front]).value
  }
}
