import Foundation
public import Records

/// How often which values occur: a histogram whose bars show where most values lie, all of one width.
public struct DistributionChart: Sendable {
  public struct Bar: Hashable, Sendable {
    public let low: Double
    public let high: Double
    public let count: Int
  }

  public let bars: [Bar]
  private let title: String
  private let axis: String

  /// Of the finite ones among `values`, of `metric` in `unit`.
  public init(_ values: [Double], title: String, metric: String, unit: String) {
    self.title = title
    axis = ChartFrame.title(metric, unit)
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else {
      bars = []
      return
    }
    let width = Self.width(finite, range: high - low)
    let first = (low / width).rounded(.down)
    var counts = [Int](repeating: 0, count: Int((high / width).rounded(.down) - first) + 1)
    for value in finite {
      counts[min(max(Int((value / width).rounded(.down) - first), 0), counts.count - 1)] += 1
    }
    bars = counts.enumerated().map {
      Bar(low: (first + Double($0)) * width, high: (first + Double($0) + 1) * width, count: $1)
    }
  }

  /// 1, 2 or 5 times a power of ten, so that nine of ten values lie in at most 30 bars, fewer where there are few values,
  /// and all in at most 200.
  private static func width(_ values: [Double], range: Double) -> Double {
    guard range > 0 else { return 1 }
    let sorted = values.sorted()
    let most = sorted[Int(0.95 * Double(sorted.count - 1))] - sorted[Int(0.05 * Double(sorted.count - 1))]
    let wanted = max(most / Double(min(30, max(8, 2 * Int(Double(values.count).squareRoot())))), range / 199)
    let power = pow(10, log10(wanted).rounded(.down))
    return ([1, 2, 5].first { $0 * power >= wanted } ?? 10) * power
  }

  public var specification: JSONValue {
    let rows = bars.map { bar -> Specification in
      ["low": Specification(bar.low), "high": Specification(bar.high), "count": Specification(bar.count)]
    }
    let layer: Specification = [
      "mark": ["type": "bar", "tooltip": true, "color": "#4c78a8"],
      "encoding": [
        "x": [
          "field": "low", "type": "quantitative", "bin": ["binned": true], "title": Specification(axis),
          "scale": ["zero": false],
        ],
        "x2": ["field": "high"],
        "y": ["field": "count", "type": "quantitative", "title": "architectures"],
      ],
    ]
    return ChartFrame.chart(title, [], rows: rows, layers: [layer]).value
  }
}
