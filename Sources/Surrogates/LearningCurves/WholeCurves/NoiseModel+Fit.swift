import Foundation

extension NoiseModel {
  /// Where ε comes from.
  public enum Innovations: Hashable, Sendable {
    case normal
    /// Observed ones of the epochs up to `radius` away.
    case window(radius: Int)
  }

  /// Innovations kept for an epoch, at most.
  private static let mostInnovations = 64

  /// Learns from groups of runs of one architecture each, whole curves of one length; groups of one run say nothing.
  ///
  /// Spread: a gamma regression with logarithmic link of the groups' sample variances s² (R - 1 degrees of freedom each)
  /// by iteratively reweighted least squares, for which E s² = σ² is all that is needed. Correlation: Σ z_t z_{t-1} / Σ z²
  /// of the standardised residuals z = (y - m) / σ · √(R / (R - 1)).
  ///
  /// Throws ``SurrogatesError/tooFew(predictor:count:needed:)`` without a group of two, and
  /// ``SurrogatesError/shape(_:)`` for runs of different lengths.
  public static func fit(
    _ groups: [[[Double]]], innovations: Innovations = .normal, limits: ClosedRange<Double>? = nil
  ) throws -> NoiseModel {
    let groups = groups.filter { $0.count >= 2 }
    guard let epochs = groups.first?.first?.count else {
      throw SurrogatesError.tooFew(predictor: "noise", count: 0, needed: 2)
    }
    guard epochs > 0, groups.allSatisfy({ $0.allSatisfy { $0.count == epochs } }) else {
      throw SurrogatesError.shape("runs have different numbers of epochs, or none; cut them to one length")
    }
    if let row = groups.firstIndex(where: { $0.contains { $0.contains { !$0.isFinite } } }) {
      throw SurrogatesError.badValue(row: row, value: .nan)
    }
    if case .window(let radius) = innovations, radius < 0 {
      throw SurrogatesError.badSetting(predictor: "noise", setting: "radius", found: "\(radius)", allowed: "0 or more")
    }
    let means = groups.map { runs in
      (0..<epochs).map { epoch in runs.reduce(0) { $0 + $1[epoch] } / Double(runs.count) }
    }
    let meanScale = scale(of: means.flatMap { $0 })
    let epochScale = scale(of: (1...epochs).map { log(Double($0)) })
    let flat = means.flatMap { $0 }
    let range = flat.reduce(.infinity, min)...flat.reduce(-.infinity, max)
    var rows: [(terms: [Double], variance: Double, freedom: Double)] = []
    for (runs, mean) in zip(groups, means) {
      for epoch in 0..<epochs {
        let squares = runs.reduce(0) { $0 + ($1[epoch] - mean[epoch]) * ($1[epoch] - mean[epoch]) }
        let freedom = Double(runs.count - 1)
        rows.append(
          (terms(meanScale(mean[epoch]), epochScale(log(Double(epoch + 1)))), squares / freedom, freedom))
      }
    }
    let spread = try gammaRegression(rows)
    let white = NoiseModel(
      spread: spread, meanScale: meanScale, epochScale: epochScale, meanRange: range, correlation: 0,
      innovations: nil, limits: nil)
    var noise: [[Double]] = []
    for (runs, mean) in zip(groups, means) {
      let correction = (Double(runs.count) / Double(runs.count - 1)).squareRoot()
      for run in runs {
        noise.append(
          (0..<epochs).map {
            (run[$0] - mean[$0]) * correction / white.deviation(at: $0 + 1, mean: mean[$0])
          })
      }
    }
    let correlation = lagOne(noise)
    var lists: [[Double]]?
    if case .window(let radius) = innovations { lists = observed(noise, correlation, radius) }
    return NoiseModel(
      spread: spread, meanScale: meanScale, epochScale: epochScale, meanRange: range, correlation: correlation,
      innovations: lists, limits: limits)
  }

  private static func scale(of values: [Double]) -> AffineScale {
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    return AffineScale(mean: mean, width: variance > 0 ? variance.squareRoot() : 1)
  }

  /// In -0.999…0.999; 0 for curves of one epoch.
  private static func lagOne(_ noise: [[Double]]) -> Double {
    var products = 0.0
    var squares = 0.0
    for run in noise {
      for (later, earlier) in zip(run.dropFirst(), run) {
        products += later * earlier
        squares += (later * later + earlier * earlier) / 2
      }
    }
    return squares > 0 ? min(max(products / squares, -0.999), 0.999) : 0
  }

  /// The innovations of the epochs around each, brought to mean 0 and variance 1, evenly thinned to a bounded number.
  private static func observed(_ noise: [[Double]], _ correlation: Double, _ radius: Int) -> [[Double]] {
    let epochs = noise[0].count
    let fresh = (1 - correlation * correlation).squareRoot()
    let all = (0..<epochs).map { epoch in
      noise.map { epoch == 0 ? $0[0] : ($0[epoch] - correlation * $0[epoch - 1]) / fresh }
    }
    return (0..<epochs).map { epoch in
      let pool = all[max(0, epoch - radius)...min(epochs - 1, epoch + radius)].flatMap { $0 }.sorted()
      let step = max(1, Double(pool.count) / Double(mostInnovations))
      let kept = (0..<min(pool.count, mostInnovations)).map { pool[Int((Double($0) + 0.5) * step)] }
      let scale = scale(of: kept)
      return kept.map { scale($0) }
    }
  }

  /// β of ln E s² = β·terms, with a ridge of 1e-6 that decides where columns say the same.
  private static func gammaRegression(
    _ rows: [(terms: [Double], variance: Double, freedom: Double)]
  ) throws -> [Double] {
    let size = 5
    let total = rows.reduce(0) { $0 + $1.freedom }
    let pooled = rows.reduce(0) { $0 + $1.freedom * $1.variance } / total
    // Runs that are equal have no spread; a millionth keeps the logarithm finite.
    let floor = max(pooled * 1e-6, 1e-24)
    var beta = [log(max(pooled, floor)), 0, 0, 0, 0]
    for _ in 0..<50 {
      var matrix = SymmetricMatrix(count: size)
      var right = [Double](repeating: 0, count: size)
      for (terms, variance, freedom) in rows {
        let linear = zip(beta, terms).reduce(0) { $0 + $1.0 * $1.1 }
        let expected = exp(linear)
        let response = linear + (max(variance, floor) - expected) / expected
        for i in 0..<size {
          right[i] += freedom * terms[i] * response
          for j in 0...i { matrix[i, j] += freedom * terms[i] * terms[j] }
        }
      }
      for i in 1..<size { matrix[i, i] += 1e-6 * total }
      let solved = try Cholesky(matrix).solve(right)
      // Half a step where a whole one would overshoot the exponential.
      let change = zip(solved, beta).map { $0 - $1 }
      let largest = change.reduce(0) { max($0, abs($1)) }
      let length = largest > 2 ? 2 / largest : 1
      for i in 0..<size { beta[i] += length * change[i] }
      if largest < 1e-10 { break }
    }
    guard beta.allSatisfy(\.isFinite) else { throw SurrogatesError.numerics("the spread of runs has no finite fit") }
    return beta
  }
}
