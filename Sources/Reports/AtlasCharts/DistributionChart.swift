import Foundation
public import Records

/// How often which values occur: a histogram of where most values lie, all bars of one width.
///
/// A few far values would press all others into a corner, so they are left out, and a note counts them.
public struct DistributionChart: Sendable {
  public struct Bar: Hashable, Sendable {
    public let low: Double
    public let high: Double
    public let count: Int
  }

  public let bars: [Bar]
  /// How many values the bars leave out, a sentence for each side.
  public let notes: [String]
  private let title: String
  private let axis: String

  /// Of the finite ones among `values`, of `metric` in `unit`.
  public init(_ values: [Double], title: String, metric: String, unit: String) {
    self.title = title
    axis = ChartFrame.title(metric, unit)
    let finite = values.filter(\.isFinite).sorted()
    guard let range = Self.drawn(finite) else {
      (bars, notes) = ([], [])
      return
    }
    let inside = finite.filter { range.contains($0) }
    let width = Self.width(inside)
    let first = (range.lowerBound / width).rounded(.down)
    var counts = [Int](repeating: 0, count: Int((range.upperBound / width).rounded(.down) - first) + 1)
    for value in inside {
      counts[min(max(Int((value / width).rounded(.down) - first), 0), counts.count - 1)] += 1
    }
    bars = counts.enumerated().map {
      Bar(low: (first + Double($0)) * width, high: (first + Double($0) + 1) * width, count: $1)
    }
    let below = finite.count { $0 < range.lowerBound }
    let above = finite.count { $0 > range.upperBound }
    notes = [(below, "below", range.lowerBound), (above, "above", range.upperBound)].filter { $0.0 > 0 }.map {
      "\($0.0) of \(finite.count) \($0.1) \(String(format: "%.4g", $0.2)): not drawn"
    }
  }

  /// From the least to the largest value, without those whose distance from the inner nine tenths is more than half the
  /// width of these. At most a twentieth of the values is outside on each side.
  private static func drawn(_ sorted: [Double]) -> ClosedRange<Double>? {
    guard let least = sorted.first, let most = sorted.last else { return nil }
    let low = sorted[Int(0.05 * Double(sorted.count - 1))]
    let high = sorted[Int(0.95 * Double(sorted.count - 1))]
    guard sorted.count >= 20, high > low else { return least...most }
    let start = sorted.first { $0 >= low - (high - low) / 2 } ?? least
    let end = sorted.last { $0 <= high + (high - low) / 2 } ?? most
    return start...end
  }

  /// 1, 2 or 5 times a power of ten, for at most 30 bars where nine of ten values lie, fewer for few values.
  private static func width(_ sorted: [Double]) -> Double {
    guard let first = sorted.first, let last = sorted.last, last > first else { return 1 }
    let most = sorted[Int(0.95 * Double(sorted.count - 1))] - sorted[Int(0.05 * Double(sorted.count - 1))]
    let wanted = max(most / Double(min(30, max(8, 2 * Int(Double(sorted.count).squareRoot())))), (last - first) / 199)
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
          "scale": ["zero": false, "nice": false],
        ],
        "x2": ["field": "high"],
        "y": ChartFrame.count("count", "architectures"),
      ],
    ]
    return ChartFrame.chart(title, notes, rows: rows, layers: [layer]).value
  }
}
