import Foundation

/// Makes deviations honest: predicted variances are mixed with their median's and stretched, so that on held-out rows the
/// 80 % interval holds 80 of 100 values or a little more, with the least negative log likelihood that this leaves.
///
/// σ² = stretch²·((1 - λ)·s² + λ·typical²). One width for all is in the family, so predictors whose deviations tell
/// nothing, or that have none, get the width of the held-out errors. Variances are added, not averaged in logarithms: that
/// raises the small deviations and leaves the large ones, whose rows miss by much.
struct IntervalCalibration: Hashable, Sendable, Codable {
  /// Half the width of the 80 % interval, in deviations.
  private static let reach = 1.2815515655446004

  /// How much wider than the 80 % interval asks deviations may be, where rare large misses call for it.
  private static let latitude = 1.06

  /// The smallest deviation that is looked at, as a share of the typical one: a predictor may be sure and wrong.
  private static let floor = 0.01

  /// λ to choose from: deviations may differ by orders of magnitude.
  private static let shrinkages = [0, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1]

  /// The median of the predicted deviations that are not 0; 1 where all are.
  let typical: Double
  /// λ: the share of the typical variance, 0…1.
  let shrinkage: Double
  let stretch: Double

  /// From held-out `predictions` of the `truth`, one or more.
  init(_ predictions: [Prediction], truth: [Double]) {
    self = Self.best(HeldOutErrors(predictions, truth)).calibration
  }

  /// Nil where the predictions' own deviations do: their 80 % intervals hold 80 of 100 values within twice the standard
  /// error of a share of so many, and calibrated ones are not likelier by more than a nat a parameter (Akaike, 1974).
  init?(ifAskedForBy predictions: [Prediction], truth: [Double]) {
    let errors = HeldOutErrors(predictions, truth)
    let found = Self.best(errors)
    self = found.calibration
    let count = Double(truth.count)
    let held = Double(zip(errors.misses, predictions).count { $0 <= Self.reach * $1.standardDeviation })
    let tolerance = 2 * (0.8 * 0.2 / count).squareRoot()
    guard abs(held / count - 0.8) <= tolerance, predictions.allSatisfy({ $0.standardDeviation > 0 }) else { return }
    if errors.cost(of: predictions.map(\.standardDeviation)) <= found.cost + 2 { return nil }
  }

  private init(typical: Double, shrinkage: Double, stretch: Double) {
    self.typical = typical
    self.shrinkage = shrinkage
    self.stretch = stretch
  }

  private static func best(_ errors: HeldOutErrors) -> (calibration: IntervalCalibration, cost: Double) {
    let positive = errors.deviations.filter { $0 > 0 }.sorted()
    let typical = positive.isEmpty ? 1 : positive[positive.count / 2]
    var best = (calibration: IntervalCalibration(typical: typical, shrinkage: 1, stretch: 1), cost: Double.infinity)
    for shrinkage in shrinkages {
      let shape = IntervalCalibration(typical: typical, shrinkage: shrinkage, stretch: 1)
      let widths = errors.deviations.map(shape.width)
      let ratios = zip(errors.misses, widths).map { $0 / $1 }
      let byInterval = max(quantile(ratios, 0.8) / reach, 1e-12)
      let byLikelihood = (ratios.reduce(0) { $0 + $1 * $1 } / Double(ratios.count)).squareRoot()
      let stretch = min(max(byLikelihood, byInterval), latitude * byInterval)
      let cost = errors.cost(of: widths.map { stretch * $0 })
      if cost < best.cost {
        best = (IntervalCalibration(typical: typical, shrinkage: shrinkage, stretch: stretch), cost)
      }
    }
    return best
  }

  var isValid: Bool {
    typical > 0 && typical.isFinite && (0...1).contains(shrinkage) && stretch > 0 && stretch.isFinite
  }

  /// The same mean with an honest deviation, its parts in the same proportion; all of it is not known where the predictor
  /// has none.
  func apply(_ prediction: Prediction) -> Prediction {
    let deviation = prediction.standardDeviation
    let honest = width(deviation)
    guard deviation > 0 else { return Prediction(mean: prediction.mean, aleatoric: 0, epistemic: honest) }
    return Prediction(
      mean: prediction.mean, aleatoric: honest * (prediction.aleatoric / deviation),
      epistemic: honest * (prediction.epistemic / deviation))
  }

  private func width(_ deviation: Double) -> Double {
    // In units of the typical one, so that no square is too small for a number.
    let own = max(deviation / typical, Self.floor)
    return stretch * typical * ((1 - shrinkage) * own * own + shrinkage).squareRoot()
  }

  /// The value below which `share` of the values lie, by a straight line between neighbors (`numpy.quantile`).
  private static func quantile(_ values: [Double], _ share: Double) -> Double {
    let sorted = values.sorted()
    let place = share * Double(sorted.count - 1)
    let low = Int(place)
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
  }
}

/// How far held-out predictions missed, and the deviations that they claimed.
private struct HeldOutErrors {
  let misses: [Double]
  let deviations: [Double]
  /// Below this, a deviation counts as this: one exact prediction is not infinitely likely.
  private let smallest: Double

  init(_ predictions: [Prediction], _ truth: [Double]) {
    misses = zip(predictions, truth).map { abs($0.mean - $1) }
    deviations = predictions.map(\.standardDeviation)
    smallest = 1e-9 * max(1e-300, misses.max() ?? 0)
  }

  /// The negative log likelihood of all values, in nats, up to a constant.
  func cost(of widths: [Double]) -> Double {
    zip(misses, widths).reduce(0) { sum, row in
      let deviation = max(row.1, smallest)
      let z = row.0 / deviation
      return sum + log(deviation) + z * z / 2
    }
  }
}
