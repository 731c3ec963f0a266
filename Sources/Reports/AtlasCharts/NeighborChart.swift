public import Records

/// How one change of an architecture moves its value: one bar per neighbor, the best first.
public struct NeighborChart: Sendable {
  public struct Change: Hashable, Sendable {
    public let architecture: String
    /// What people call it.
    public let name: String
    public let difference: Double

    public init(architecture: String, name: String? = nil, difference: Double) {
      self.architecture = architecture
      self.name = name ?? architecture
      self.difference = difference
    }
  }

  private let changes: [Change]
  private let largerIsBetter: Bool
  private let title: String
  private let axis: String

  public init(_ changes: [Change], title: String, unit: String, largerIsBetter: Bool = true) {
    self.changes = changes.sorted {
      ($0.difference > $1.difference) == largerIsBetter && $0.difference != $1.difference
    }
    self.largerIsBetter = largerIsBetter
    self.title = title
    axis = ChartFrame.title("change", unit)
  }

  public var specification: JSONValue {
    let rows = changes.enumerated().map { rank, change -> Specification in
      [
        "rank": Specification(rank + 1), "architecture": Specification(change.architecture),
        "name": Specification(change.name), "difference": Specification(change.difference),
      ]
    }
    let bars: Specification = [
      "mark": ["type": "bar", "tooltip": true, "cursor": "pointer"],
      "encoding": [
        "x": ["field": "rank", "type": "ordinal", "title": "neighbor, by rank", "axis": ["labelOverlap": true]],
        "y": ["field": "difference", "type": "quantitative", "title": Specification(axis)],
        "color": [
          "condition": ["test": Specification("datum.difference \(largerIsBetter ? "<" : ">") 0"), "value": "#e45756"],
          "value": "#4c78a8",
        ],
        "tooltip": [
          ["field": "name", "type": "nominal", "title": "neighbor"], ["field": "difference", "type": "quantitative"],
        ],
      ],
    ]
    return ChartFrame.chart(title, [], rows: rows, layers: [bars], height: 200).value
  }
}
