import Foundation

/// A predicted interval on a scale as SVG, with what was measured where there is that.
struct IntervalDrawing {
  let mean: Double
  let interval: ClosedRange<Double>
  let measured: Double?

  var svg: String {
    let values = [interval.lowerBound, interval.upperBound, mean] + [measured].compactMap(\.self)
    let (low, high) = (values.min() ?? 0, values.max() ?? 1)
    let width = high > low ? high - low : 1
    func x(_ value: Double) -> String { String(format: "%.1f", 20 + 440 * (value - low) / width) }
    // Words at the ends stay inside of the drawing.
    func inside(_ value: Double) -> String {
      String(format: "%.1f", min(400, max(80, 20 + 440 * (value - low) / width)))
    }
    let truth = measured.map {
      "<path class=\"truth\" d=\"M\(x($0)) 16V48\"/><text x=\"\(inside($0))\" y=\"11\" text-anchor=\"middle\">measured "
        + "\(NumberWords.value($0))</text>"
    }
    return """
      <svg class="interval" role="img" viewBox="0 0 480 70" aria-label="Predicted \(NumberWords.value(mean)), 80 % \
      interval \(NumberWords.value(interval.lowerBound)) to \(NumberWords.value(interval.upperBound))">\
      <path class="scale" d="M10 32H470"/>\
      <rect class="held" x="\(x(interval.lowerBound))" y="27" width="\(wide(interval, width))" height="10"/>\
      <circle cx="\(x(mean))" cy="32" r="6"/>\(truth ?? "")\
      <text x="\(inside(mean))" y="64" text-anchor="middle">predicted \(NumberWords.value(mean))</text></svg>
      """
  }

  private func wide(_ range: ClosedRange<Double>, _ width: Double) -> String {
    String(format: "%.1f", max(2, 440 * (range.upperBound - range.lowerBound) / width))
  }
}
