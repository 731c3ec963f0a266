import Foundation

/// What boosted trees minimise.
public enum TreeLoss: String, Sendable, Codable, CaseIterable {
  case rmse = "RMSE"
  case mae = "MAE"
  /// The negative log-likelihood of a normal distribution; trees give its mean and the logarithm of its deviation.
  case rmseWithUncertainty = "RMSEWithUncertainty"

  /// Numbers that a leaf holds.
  var dimension: Int { self == .rmseWithUncertainty ? 2 : 1 }

  /// The default way to leaf values.
  var leafMethod: LeafMethod { self == .mae ? .exact : .newton }

  /// What the trees start from.
  func start(_ targets: [Double]) -> [Double] {
    let mean = targets.reduce(0, +) / Double(targets.count)
    switch self {
    case .rmse: return [mean]
    // CatBoost rounds it to 32 bits, which decides whether the median row itself has a derivative.
    case .mae: return [Double(Float(SampleMedian.of(targets)))]
    case .rmseWithUncertainty:
      let variance = targets.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(targets.count)
      return [mean, variance > 0 ? 0.5 * log(variance) : 0.5 * log(1e-10)]
    }
  }

  /// First derivatives of the (negative) loss: D×N, and of the normal distribution the second, D×N. Its first
  /// are the natural gradient (as CatBoost).
  func derivatives(
    _ sums: UnsafePointer<Double>, _ targets: UnsafePointer<Double>, _ count: Int,
    _ first: UnsafeMutablePointer<Double>, _ second: UnsafeMutablePointer<Double>
  ) {
    switch self {
    case .rmse:
      for row in 0..<count { first[row] = targets[row] - sums[row] }
    case .mae:
      for row in 0..<count {
        let difference = targets[row] - sums[row]
        first[row] = abs(difference) < SampleMedian.delta ? 0 : difference > 0 ? 0.5 : -0.5
      }
    case .rmseWithUncertainty:
      for row in 0..<count {
        let difference = targets[row] - sums[row]
        let scaled = difference * difference * exp(-2 * sums[count + row])
        first[row] = difference
        second[row] = -1
        first[count + row] = scaled - 1
        second[count + row] = -2 * scaled
      }
    }
  }

  /// The loss over N rows, as it is reported.
  func value(_ sums: [Double], _ targets: [Double]) -> Double {
    let count = targets.count
    var total = 0.0
    switch self {
    case .rmse:
      for row in 0..<count { total += (targets[row] - sums[row]) * (targets[row] - sums[row]) }
      return (total / Double(count)).squareRoot()
    case .mae:
      for row in 0..<count { total += abs(targets[row] - sums[row]) }
      return total / Double(count)
    case .rmseWithUncertainty:
      for row in 0..<count {
        let difference = targets[row] - sums[row]
        let logDeviation = sums[count + row]
        total += logDeviation + 0.5 * difference * difference * exp(-2 * logDeviation)
      }
      return total / Double(count) + 0.5 * log(2 * Double.pi)
    }
  }
}

/// CatBoost's median of a sample: the first value that half of the sample does not exceed, and a step of 1e-6 from it to
/// the side on which more of the sample lies.
enum SampleMedian {
  static let delta = 1e-6

  static func of(_ sample: [Double]) -> Double {
    of(sorted: sample.map { Float($0) }.sorted())
  }

  /// O(N) for ascending values; 0 for none.
  static func of(sorted: [Float]) -> Double {
    guard !sorted.isEmpty else { return 0 }
    let value = sorted[(sorted.count - 1) / 2]
    let below = sorted.firstIndex { $0 >= value } ?? 0
    let end = sorted.lastIndex { $0 <= value }.map { $0 + 1 } ?? sorted.count
    return Double(value) + (below + end >= sorted.count ? -delta : delta)
  }
}
