import Statistics

/// What is thought of a run's value at the target epoch: values drawn from the posterior, each with its noise.
public struct CurveExtrapolation: Hashable, Sendable {
  private let means: [Double]
  private let deviations: [Double]
  /// The best value of the curve so far.
  public let bestSoFar: Double
  let direction: CurveSet.Direction
  /// True where no family fitted: the last value stands for the end.
  public let isFallback: Bool

  init(_ means: [Double], _ deviations: [Double], last curve: [Double], _ scale: CurveScale, isFallback: Bool = false) {
    self.means = means.map(scale.value)
    self.deviations = deviations.map(scale.width)
    bestSoFar = scale.value(curve.reduce(-.infinity, max))
    direction = scale.direction
    self.isFallback = isFallback
  }

  /// Points of a combination; those whose value is not finite do not count.
  init(
    _ combination: CurveCombination, _ points: [Double], last curve: [Double], _ scale: CurveScale, targetEpoch: Int
  ) {
    var means: [Double] = []
    var deviations: [Double] = []
    points.withUnsafeBufferPointer { all in
      for start in stride(from: 0, to: all.count, by: combination.dimension) {
        let point = all.baseAddress.unsafelyUnwrapped + start
        let value = combination.value(at: Double(targetEpoch), point)
        if value.isFinite {
          means.append(value)
          deviations.append(point[combination.deviationPlace])
        }
      }
    }
    if means.isEmpty {
      self.init(lastOf: curve, scale, targetEpoch: targetEpoch)
    } else {
      self.init(means, deviations, last: curve, scale)
    }
  }

  /// Fitted curves that count alike.
  init(_ fits: [CurveFit], deviation: Double, last curve: [Double], _ scale: CurveScale, targetEpoch: Int) {
    self.init(
      fits.map { $0.value(at: Double(targetEpoch)) }, fits.map { _ in deviation }, last: curve, scale)
  }

  /// The last value, as uncertain as the values of the curve differ.
  init(lastOf curve: [Double], _ scale: CurveScale, targetEpoch: Int) {
    let mean = curve.reduce(0, +) / Double(curve.count)
    let variance = curve.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(curve.count)
    self.init([curve[curve.count - 1]], [variance.squareRoot()], last: curve, scale, isFallback: true)
  }

  /// The mean of the draws, their deviation as the epistemic one and the mean of σ as the aleatoric one.
  public var prediction: Prediction {
    let count = Double(means.count)
    let mean = means.reduce(0, +) / count
    let variance = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    return Prediction(
      mean: mean, aleatoric: deviations.reduce(0, +) / count, epistemic: variance.squareRoot())
  }

  /// P(m > best): the probability that the run ends better than `best`, the mean over the draws of
  /// Φ((m - best) / σ), turned round where smaller is better.
  public func probability(ofBeating best: Double) -> Double {
    var sum = 0.0
    for (mean, deviation) in zip(means, deviations) {
      let ahead = direction.sign * (mean - best)
      sum += deviation > 0 ? NormalDistribution.cumulative(ahead / deviation) : ahead > 0 ? 1 : ahead < 0 ? 0 : 0.5
    }
    return sum / Double(means.count)
  }
}

/// Brings a learning curve to fractions that rise, and back.
struct CurveScale {
  let direction: CurveSet.Direction
  private let ceiling: Double

  init(_ curve: [Double], _ direction: CurveSet.Direction, ceiling: Double?) {
    self.direction = direction
    let largest = curve.reduce(-.infinity, max)
    switch direction {
    case .largerIsBetter: self.ceiling = ceiling ?? (largest <= 1 ? 1 : largest <= 100 ? 100 : largest * 1.01)
    case .smallerIsBetter: self.ceiling = ceiling ?? (largest > 0 ? largest : 1)
    }
  }

  func fraction(_ value: Double) -> Double {
    direction == .largerIsBetter ? value / ceiling : 1 - value / ceiling
  }

  func value(_ fraction: Double) -> Double {
    direction == .largerIsBetter ? fraction * ceiling : (1 - fraction) * ceiling
  }

  func width(_ deviation: Double) -> Double { deviation * ceiling }
}
