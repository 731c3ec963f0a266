import Foundation

/// The learning rate that CatBoost takes when none is given: fitted by its authors over data sets, as a function of the
/// number of rows and trees.
enum AutomaticLearningRate {
  /// Absolute errors and uncertainties always learn with this.
  static let fallback = 0.03

  /// For the squared error on a CPU.
  static func rate(rows: Int, trees: Int, usesBestModel: Bool, startsFromMean: Bool) -> Double {
    let (a, b, c, d) =
      switch (usesBestModel, startsFromMean) {
      case (true, true): (0.157, -4.062, -0.61, 1.557)
      case (false, true): (0.158, -4.287, -0.813, 2.571)
      case (true, false): (0.189, -4.383, -0.623, 1.439)
      case (false, false): (0.178, -4.473, -0.76, 2.133)
      }
    let usual = exp(a * log(Double(rows)) + b)
    let length = exp(c * log(Double(trees)) + d) / exp(c * log(1000) + d)
    return (min(usual * length, 0.5) * 1e6).rounded() / 1e6
  }
}
