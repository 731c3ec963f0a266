public import Records

/// How alike columns rank architectures: a square of Kendall's τ for every two.
public struct CorrelationChart: Sendable {
  public struct Pair: Hashable, Sendable {
    public let first: String
    public let second: String
    /// Absent where it is not defined.
    public let kendallTau: Double?
    public let count: Int

    public init(first: String, second: String, kendallTau: Double?, count: Int) {
      self.first = first
      self.second = second
      self.kendallTau = kendallTau
      self.count = count
    }
  }

  private let pairs: [Pair]
  private let title: String

  public init(_ pairs: [Pair], title: String) {
    self.pairs = pairs
    self.title = title
  }

  public var specification: JSONValue {
    var names: [String] = []
    for name in pairs.flatMap({ [$0.first, $0.second] }) where !names.contains(name) { names.append(name) }
    let rows = pairs.flatMap { pair -> [Specification] in
      [(pair.first, pair.second), (pair.second, pair.first)].map { first, second in
        [
          "first": Specification(first), "second": Specification(second), "count": Specification(pair.count),
          "tau": pair.kendallTau.map { Specification($0) } ?? Specification(.null),
        ]
      }
    }
    let order = Specification(names.map { Specification($0) })
    func side(_ field: String) -> Specification {
      ["field": Specification(field), "type": "nominal", "title": Specification(.null), "scale": ["domain": order]]
    }
    let squares: Specification = [
      "mark": ["type": "rect", "tooltip": true],
      "encoding": [
        "x": side("first"), "y": side("second"),
        "color": [
          "field": "tau", "type": "quantitative", "title": "Kendall's τ",
          "scale": ["scheme": "blues", "domain": [0, 1]],
        ],
      ],
    ]
    let numbers: Specification = [
      "mark": ["type": "text", "fontSize": 12],
      "encoding": [
        "x": side("first"), "y": side("second"), "text": ["field": "tau", "type": "quantitative", "format": ".2f"],
        "color": ["condition": ["test": "datum.tau > 0.6", "value": "white"], "value": "black"],
      ],
    ]
    return ChartFrame.chart(title, [], rows: rows, layers: [squares, numbers]).value
  }
}
