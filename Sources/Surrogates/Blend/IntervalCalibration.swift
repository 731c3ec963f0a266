import Foundation

/// Makes deviations honest: predicted ones are drawn towards their median and stretched, so that on held-out rows the
/// 80 % interval holds 80 of 100 values or a little more, with the least negative log likelihood that this leaves.
struct IntervalCalibration: Hashable, Sendable, Codable {
  /// Half the width of the 80 % interval, in deviations.
  private static let reach = 1.2815515655446004

  /// How much wider than the 80 % interval asks deviations may be, where rare large misses call for it.
  private static let latitude = 1.06

  /// The median predicted deviation.
  let typical: Double
  /// How far deviations go to the typical one, 0…1, in logarithms.
  let shrinkage: Double
  let stretch: Double

  /// From held-out `predictions` of the `truth`, one or more.
  init(_ predictions: [Prediction], truth: [Double]) {
    let widths = predictions.map { max($0.standardDeviation, 1e-12) }
    let typical = widths.sorted()[widths.count / 2]
    let misses = zip(predictions, truth).map { abs($0.mean - $1) }
    let smallest = 1e-9 * max(1e-300, misses.max() ?? 0)
    var best = (likelihood: Double.infinity, shrinkage: 1.0, stretch: 1.0)
    for step in 0...10 {
      let shrinkage = Double(step) / 10
      let shrunk = widths.map { pow($0, 1 - shrinkage) * pow(typical, shrinkage) }
      let ratios = zip(misses, shrunk).map { $0 / $1 }
      let byInterval = max(Self.quantile(ratios, 0.8) / Self.reach, 1e-12)
      let byLikelihood = (ratios.reduce(0) { $0 + $1 * $1 } / Double(ratios.count)).squareRoot()
      let stretch = min(max(byLikelihood, byInterval), Self.latitude * byInterval)
      var likelihood = 0.0
      for (miss, width) in zip(misses, shrunk) {
        let deviation = max(stretch * width, smallest)
        likelihood += log(deviation) + miss / deviation * (miss / deviation) / 2
      }
      if likelihood < best.likelihood { best = (likelihood, shrinkage, stretch) }
    }
    self.typical = typical
    shrinkage = best.shrinkage
    stretch = best.stretch
  }

  var isValid: Bool {
    typical > 0 && typical.isFinite && (0...1).contains(shrinkage) && stretch > 0 && stretch.isFinite
  }

  /// The same mean with an honest deviation, its parts in the same proportion.
  func apply(_ prediction: Prediction) -> Prediction {
    let deviation = prediction.standardDeviation
    let width = max(deviation, 1e-12)
    let honest = stretch * pow(width, 1 - shrinkage) * pow(typical, shrinkage)
    guard deviation > 0 else { return Prediction(mean: prediction.mean, aleatoric: 0, epistemic: honest) }
    return Prediction(
      mean: prediction.mean, aleatoric: honest * (prediction.aleatoric / deviation),
      epistemic: honest * (prediction.epistemic / deviation))
  }

  /// The value below which `share` of the values lie, by a straight line between neighbours (`numpy.quantile`).
  private static func quantile(_ values: [Double], _ share: Double) -> Double {
    let sorted = values.sorted()
    let place = share * Double(sorted.count - 1)
    let low = Int(place)
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
  }
}
