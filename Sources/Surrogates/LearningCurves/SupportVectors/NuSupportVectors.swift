import Foundation

/// ν-support-vector regression: the dual problem solved by sequential minimal optimisation.
///
/// min ½ βᵀKβ - yᵀβ over β = α - α*, with 0 ≤ α, α* ≤ C and Σα = Σα* = CνN/2 (Schölkopf et al., 2000, scaled as LIBSVM
/// scales it). Each step moves weight between two variables of one sign, the first the one that violates the optimality
/// conditions most, the second the one that lowers the objective most by its second-order model (Fan, Chen and Lin,
/// 2005). It ends where no pair violates them by more than `tolerance`.
package struct NuSupportVectors: Hashable, Sendable, Codable {
  package var c: Double
  /// In 0…1: at most this share of rows lies outside of the tube, at least this share supports it.
  package var nu: Double
  /// Of the kernel exp(-γ |x - x'|²).
  package var gamma: Double
  package var tolerance: Double

  package init(c: Double, nu: Double, gamma: Double, tolerance: Double = 1e-3) {
    self.c = c
    self.nu = nu
    self.gamma = gamma
    self.tolerance = tolerance
  }

  /// What was learnt: f(x) = Σ β_i k(x_i, x) + b.
  package struct Solution: Sendable {
    /// β, one a row; 0 for rows that support nothing.
    package let coefficients: [Double]
    /// b.
    package let intercept: Double
    package let iterations: Int
  }

  /// exp(-γ d) of N×N squared distances.
  package func kernel(_ squaredDistances: [Double]) -> [Double] { squaredDistances.map { exp(-gamma * $0) } }

  /// `kernel` is N×N, row-major, for N = `values.count`.
  package func solve(kernel: [Double], values: [Double]) -> Solution {
    let count = values.count
    precondition(kernel.count == count * count, "a kernel value for every pair of rows")
    var state = State(kernel: kernel, count: count, values: values, c: c)
    state.spread(c * nu * Double(count) / 2)
    let limit = max(100_000, 100 * count)
    var iterations = 0
    while iterations < limit, let (side, up, down) = state.workingPair(tolerance) {
      state.move(side, up, down)
      iterations += 1
    }
    return Solution(
      coefficients: zip(state.alpha[0], state.alpha[1]).map { $0 - $1 }, intercept: state.intercept(),
      iterations: iterations)
  }

  private struct State {
    let kernel: [Double]
    let count: Int
    let c: Double
    /// α and α*.
    var alpha: [[Double]]
    /// Kβ - y: the gradient for α, and with the other sign for α*.
    var slope: [Double]

    init(kernel: [Double], count: Int, values: [Double], c: Double) {
      self.kernel = kernel
      self.count = count
      self.c = c
      alpha = Array(repeating: Array(repeating: 0, count: count), count: 2)
      slope = values.map { -$0 }
    }

    /// Gives α and α* the same start of sum `total`: C from the first row on as far as it goes.
    mutating func spread(_ total: Double) {
      var left = total
      for row in 0..<count {
        let share = min(left, c)
        alpha[0][row] = share
        alpha[1][row] = share
        left -= share
      }
    }

    /// Of α (side 0) or α* (side 1) the row whose β is to rise and the one whose β is to fall; nil at the optimum.
    func workingPair(_ tolerance: Double) -> (side: Int, up: Int, down: Int)? {
      var found: (side: Int, up: Int, down: Int)?
      var best = 0.0
      var violation = 0.0
      for side in 0..<2 {
        // β rises where α < C may grow or α* > 0 may shrink, and falls the other way round.
        var up = -1
        for row in 0..<count where rises(side, row) && (up < 0 || slope[row] <= slope[up]) { up = row }
        guard up >= 0 else { continue }
        for row in 0..<count where falls(side, row) {
          let difference = slope[row] - slope[up]
          violation = max(violation, difference)
          guard difference > 0 else { continue }
          let gain = difference * difference / curvature(up, row)
          if gain >= best {
            best = gain
            found = (side, up, row)
          }
        }
      }
      return violation < tolerance ? nil : found
    }

    private func rises(_ side: Int, _ row: Int) -> Bool { side == 0 ? alpha[0][row] < c : alpha[1][row] > 0 }
    private func falls(_ side: Int, _ row: Int) -> Bool { side == 0 ? alpha[0][row] > 0 : alpha[1][row] < c }

    private func curvature(_ first: Int, _ second: Int) -> Double {
      max(
        kernel[first * count + first] + kernel[second * count + second] - 2 * kernel[first * count + second], 1e-12)
    }

    mutating func move(_ side: Int, _ up: Int, _ down: Int) {
      let wanted = (slope[down] - slope[up]) / curvature(up, down)
      let room = side == 0 ? (c - alpha[0][up], alpha[0][down]) : (alpha[1][up], c - alpha[1][down])
      let step = min(wanted, room.0, room.1)
      let sign = side == 0 ? 1.0 : -1
      alpha[side][up] = step == room.0 ? (side == 0 ? c : 0) : alpha[side][up] + sign * step
      alpha[side][down] = step == room.1 ? (side == 0 ? 0 : c) : alpha[side][down] - sign * step
      kernel.withUnsafeBufferPointer { kernel in
        slope.withUnsafeMutableBufferPointer { slope in
          let first = kernel.baseAddress.unsafelyUnwrapped + up * count
          let second = kernel.baseAddress.unsafelyUnwrapped + down * count
          for row in 0..<count { slope[row] += step * (first[row] - second[row]) }
        }
      }
    }

    /// Minus the mean over both sides of the slope where α is free, or of the middle between its limits.
    func intercept() -> Double {
      let levels = (0..<2).map { side -> Double in
        var sum = 0.0
        var free = 0
        var low = -Double.infinity
        var high = Double.infinity
        for row in 0..<count {
          switch (rises(side, row), falls(side, row)) {
          case (true, true):
            sum += slope[row]
            free += 1
          case (true, false): high = min(high, slope[row])
          case (false, true): low = max(low, slope[row])
          case (false, false): break
          }
        }
        if free > 0 { return sum / Double(free) }
        if low.isFinite && high.isFinite { return (low + high) / 2 }
        return low.isFinite ? low : high.isFinite ? high : 0
      }
      return -(levels[0] + levels[1]) / 2
    }
  }
}
