import Foundation

/// The range of k independent normal values over their known standard deviation.
public enum StudentizedRange {
  /// P(Q ≥ q) for k ≥ 2 values and infinitely many degrees of freedom. As `scipy.stats.studentized_range.sf(q, k, inf)`,
  /// and precise for small tails too.
  ///
  /// k ∫ φ(z) ((1 - Φ(z))^(k-1) - (Φ(z + q) - Φ(z))^(k-1)) dz over the smallest value z: the other values lie above z,
  /// but not all within q of it. O(k²).
  public static func survival(_ q: Double, groups k: Int) -> Double {
    precondition(k >= 2, "a range needs two values")
    guard q > 0 else { return q.isNaN ? .nan : 1 }
    // Beyond 13 lies less than 1e-37 of the integral; for smooth bells the trapezoidal rule converges faster than any
    // power of its step.
    let steps = 1_040
    let width = 26.0 / Double(steps)
    var sum = 0.0
    for step in 0...steps {
      let z = -13 + Double(step) * width
      let above = NormalDistribution.cumulative(-z)
      let beyond = NormalDistribution.cumulative(-z - q)
      let within = max(0, above - beyond)
      // a^n - b^n = (a - b) Σ a^i b^(n-1-i) does not cancel.
      var powers = 0.0
      for term in 0...(k - 2) { powers = powers * within + pow(above, Double(term)) }
      sum += NormalDistribution.density(z) * beyond * powers
    }
    return min(1, Double(k) * sum * width)
  }
}
