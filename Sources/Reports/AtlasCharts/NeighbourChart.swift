public import Records

/// How one change of an architecture moves its value: a bar a neighbour, the largest gain first.
public struct NeighbourChart: Sendable {
  public struct Change: Hashable, Sendable {
    public let architecture: String
    public let difference: Double

    public init(architecture: String, difference: Double) {
      self.architecture = architecture
      self.difference = difference
    }
  }

  private let changes: [Change]
  private let title: String
  private let axis: String

  public init(_ changes: [Change], title: String, metric: String, unit: String) {
    self.changes = changes.sorted { $0.difference > $1.difference }
    self.title = title
    axis = "change of " + ChartFrame.title(metric, unit)
  }

  public var specification: JSONValue {
    let rows = changes.enumerated().map { rank, change -> Specification in
      [
        "rank": Specification(rank + 1), "architecture": Specification(change.architecture),
        "difference": Specification(change.difference),
      ]
    }
    let bars: Specification = [
      "mark": ["type": "bar", "tooltip": true],
      "encoding": [
        "x": ["field": "rank", "type": "ordinal", "title": "neighbor, by rank", "axis": ["labelOverlap": true]],
        "y": ["field": "difference", "type": "quantitative", "title": Specification(axis)],
        "color": ["condition": ["test": "datum.difference < 0", "value": "#e45756"], "value": "#4c78a8"],
        "tooltip": [
          ["field": "architecture", "type": "nominal"], ["field": "difference", "type": "quantitative"],
        ],
      ],
    ]
    return ChartFrame.chart(title, [], rows: rows, layers: [bars], height: 200).value
  }
}
