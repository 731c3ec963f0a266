public import Records

/// How far a search was from the best while it spent its budget: a step a better find.
public struct RegretChart: Sendable {
  public struct Step: Hashable, Sendable {
    public let spent: Double
    /// What the best find so far lacks to the best of the atlas, or its value where that is not told.
    public let value: Double

    public init(spent: Double, value: Double) {
      self.spent = spent
      self.value = value
    }
  }

  private let searches: [(name: String, steps: [Step])]
  private let title: String
  private let budget: String
  private let axis: String

  /// `budget` names what is spent, `axis` what stands on the other side.
  public init(_ searches: [(name: String, steps: [Step])], title: String, budget: String, axis: String) {
    self.searches = searches
    self.title = title
    self.budget = budget
    self.axis = axis
  }

  public var specification: JSONValue {
    let rows = searches.flatMap { search in
      search.steps.map { step -> Specification in
        [
          "search": Specification(search.name), "spent": Specification(step.spent), "value": Specification(step.value),
        ]
      }
    }
    let steps: Specification = [
      "mark": ["type": "line", "interpolate": "step-after", "point": ["size": 30], "tooltip": true],
      "encoding": [
        "x": ["field": "spent", "type": "quantitative", "title": Specification(budget)],
        "y": ChartFrame.value("value", axis),
        "color": [
          "field": "search", "type": "nominal", "title": Specification(.null),
          "legend": searches.count > 1 ? ["orient": "bottom"] : Specification(.null),
        ],
      ],
    ]
    return ChartFrame.chart(title, [], rows: rows, layers: [steps]).value
  }
}
