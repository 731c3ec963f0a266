import Foundation
import Reports

/// A histogram as SVG without scripts: bars, and the ends of the axis.
struct HistogramDrawing {
  private let chart: DistributionChart
  private let title: String

  init(_ values: [Double], title: String) {
    chart = DistributionChart(values, title: title, metric: "", unit: "1")
    self.title = title
  }

  /// Nil for fewer than two different values, of which a histogram says nothing.
  var svg: String? {
    guard chart.bars.count > 1, let first = chart.bars.first, let last = chart.bars.last else { return nil }
    let most = Double(chart.bars.map(\.count).max() ?? 1)
    let (width, height) = (320.0, 64.0)
    let step = width / Double(chart.bars.count)
    let bars = chart.bars.enumerated().filter { $0.element.count > 0 }.map { index, bar in
      let tall = max(1, height * Double(bar.count) / most)
      return
        "<rect x=\"\(text(Double(index) * step))\" y=\"\(text(height - tall))\" width=\"\(text(max(1, step - 1)))\" "
        + "height=\"\(text(tall))\"/>"
    }
    return """
      <svg class="histogram" role="img" viewBox="0 0 320 82" aria-label="\(HTML.escaped(title))">\(bars.joined())\
      <path d="M0 64.5H320"/><text x="0" y="79">\(String(format: "%.4g", first.low))</text>\
      <text x="320" y="79" text-anchor="end">\(String(format: "%.4g", last.high))</text></svg>
      """
  }

  private func text(_ number: Double) -> String { String(format: "%.1f", number) }
}
