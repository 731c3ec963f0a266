import Foundation

/// A parametric curve fitted to the beginning of a learning curve.
public struct CurveFit: Hashable, Sendable {
  public let curve: ParametricCurve
  public let parameters: [Double]
  /// Σ w_t (f(t) - y_t)².
  public let cost: Double

  /// f at an epoch.
  public func value(at epoch: Double) -> Double { curve.value(at: epoch, parameters) }

  /// Maximum likelihood under Gaussian noise, which is least squares: θ of least Σ w_t (f(t; θ) - y_t)² within
  /// ``ParametricCurve/bounds``, from the published start values and from all ones; the better of the two, the first
  /// where they are equal.
  ///
  /// `weights` are as many as `values`, one value an epoch from epoch `first` on. nil where no start gives finite numbers.
  public static func maximumLikelihood(
    _ curve: ParametricCurve, to values: [Double], weights: [Double], firstEpoch: Int = 1
  ) -> CurveFit? {
    precondition(values.count == weights.count, "one weight a value")
    let ones = [Double](repeating: 1, count: curve.parameterCount)
    let fits = [curve.startValues, ones].compactMap { start -> CurveFit? in
      var problem = CurveLeastSquares(curve, values, weights, firstEpoch: firstEpoch)
      return problem.solve(from: start).map { CurveFit(curve: curve, parameters: $0.parameters, cost: $0.cost) }
    }
    return fits.dropFirst().reduce(fits.first) { best, fit in fit.cost < (best?.cost ?? .infinity) ? fit : best }
  }
}

/// Least squares of one parametric curve by Levenberg and Marquardt's method within bounds.
///
/// Steps solve (JᵀWJ + λ diag(JᵀWJ)) δ = -JᵀW r over the parameters that are not held at a bound (Marquardt, 1963), and are
/// cut off at the bounds; λ falls by 3 after a step that lowers the cost, and doubles, then doubles faster, after one that
/// does not (Nielsen, 1999).
struct CurveLeastSquares {
  private let curve: ParametricCurve
  private let values: [Double]
  private let weights: [Double]
  private let epochs: [(x: Double, log: Double)]
  private let bounds: [ClosedRange<Double>]
  private var gradient = [Double](repeating: 0, count: 4)

  init(_ curve: ParametricCurve, _ values: [Double], _ weights: [Double], firstEpoch: Int) {
    self.curve = curve
    self.values = values
    self.weights = weights
    bounds = curve.bounds
    epochs = values.indices.map { (Double(firstEpoch + $0), Foundation.log(Double(firstEpoch + $0))) }
  }

  mutating func solve(from start: [Double], iterations: Int = 2000) -> (parameters: [Double], cost: Double)? {
    var parameters = zip(start, bounds).map { min(max($0, $1.lowerBound), $1.upperBound) }
    var cost = self.cost(parameters)
    guard cost.isFinite else { return nil }
    var damping = 1e-3
    var growth = 2.0
    var normal = normalEquations(parameters)
    for _ in 0..<iterations {
      guard let step = self.step(normal, parameters, damping) else { return (parameters, cost) }
      let trial = parameters.indices.map {
        min(max(parameters[$0] + step[$0], bounds[$0].lowerBound), bounds[$0].upperBound)
      }
      let trialCost = self.cost(trial)
      if trialCost < cost {
        let gain = cost - trialCost
        parameters = trial
        cost = trialCost
        damping = max(damping / 3, 1e-15)
        growth = 2
        if gain <= 1e-14 * cost { break }
        normal = normalEquations(parameters)
      } else {
        damping *= growth
        growth *= 2
        if damping > 1e20 { break }
      }
    }
    return (parameters, cost)
  }

  private func cost(_ parameters: [Double]) -> Double {
    parameters.withUnsafeBufferPointer { p in
      let p = p.baseAddress.unsafelyUnwrapped
      var sum = 0.0
      for index in values.indices {
        let residual = curve.value(epochs[index].x, epochs[index].log, p) - values[index]
        sum += weights[index] * residual * residual
      }
      return sum
    }
  }

  /// JᵀWJ, k×k row-major, and JᵀW r.
  private mutating func normalEquations(_ parameters: [Double]) -> (matrix: [Double], slope: [Double]) {
    let k = parameters.count
    var matrix = [Double](repeating: 0, count: k * k)
    var slope = [Double](repeating: 0, count: k)
    parameters.withUnsafeBufferPointer { p in
      let p = p.baseAddress.unsafelyUnwrapped
      gradient.withUnsafeMutableBufferPointer { d in
        for index in values.indices {
          let (x, log) = epochs[index]
          curve.gradient(x, log, p, d.baseAddress.unsafelyUnwrapped)
          let weighted = weights[index] * (curve.value(x, log, p) - values[index])
          for row in 0..<k {
            slope[row] += weighted * d[row]
            for column in 0...row { matrix[row * k + column] += weights[index] * d[row] * d[column] }
          }
        }
      }
    }
    for row in 0..<k { for column in 0..<row { matrix[column * k + row] = matrix[row * k + column] } }
    return (matrix, slope)
  }

  /// The damped step; nil where the equations have no finite solution at any damping, or nothing may move.
  private func step(
    _ normal: (matrix: [Double], slope: [Double]), _ parameters: [Double], _ damping: Double
  ) -> [Double]? {
    let k = parameters.count
    let free = parameters.indices.filter {
      !(normal.slope[$0] > 0 && parameters[$0] <= bounds[$0].lowerBound)
        && !(normal.slope[$0] < 0 && parameters[$0] >= bounds[$0].upperBound)
    }
    guard !free.isEmpty, free.allSatisfy({ normal.slope[$0].isFinite && normal.matrix[$0 * k + $0].isFinite }) else {
      return nil
    }
    let size = free.count
    var system = [Double](repeating: 0, count: size * size)
    for (row, i) in free.enumerated() {
      for (column, j) in free.enumerated() { system[row * size + column] = normal.matrix[i * k + j] }
      system[row * size + row] += damping * max(normal.matrix[i * k + i], 1e-12)
    }
    guard let solution = Self.choleskySolve(&system, free.map { -normal.slope[$0] }) else { return nil }
    var step = [Double](repeating: 0, count: k)
    for (row, i) in free.enumerated() { step[i] = solution[row] }
    return step
  }

  /// Solves a positive definite system of a few equations; a pivot that rounding made negative is taken as tiny.
  private static func choleskySolve(_ a: inout [Double], _ right: [Double]) -> [Double]? {
    let n = right.count
    var x = right
    for i in 0..<n {
      for j in 0...i {
        var sum = a[i * n + j]
        for k in 0..<j { sum -= a[i * n + k] * a[j * n + k] }
        if i == j {
          a[i * n + i] = max(sum, 1e-15 * abs(a[i * n + i]) + 1e-300).squareRoot()
        } else {
          a[i * n + j] = sum / a[j * n + j]
        }
      }
    }
    for i in 0..<n {
      for k in 0..<i { x[i] -= a[i * n + k] * x[k] }
      x[i] /= a[i * n + i]
    }
    for i in (0..<n).reversed() {
      for k in (i + 1)..<max(n, i + 1) { x[i] -= a[k * n + i] * x[k] }
      x[i] /= a[i * n + i]
    }
    return x.allSatisfy(\.isFinite) ? x : nil
  }
}
