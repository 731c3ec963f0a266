public import Records

/// The median stopping rule (Golovin et al., 2017, "Google Vizier"): a run is stopped at epoch t where its best value so
/// far is worse than the median of the running averages Σ_{s≤t} y_s / t of the runs before it.
///
/// As a predictor its score is the distance to that median, larger for better runs and negative for runs to be stopped;
/// runs seen for different times can be compared.
public struct MedianRule: CurvePredictorMethod {
  public let name = "median-rule"
  public let answer = CurveAnswer.score

  public init() {}

  /// Throws ``SurrogatesError/tooFew(predictor:count:needed:)`` without runs.
  public func fit(_ training: CurveTrainingSet, seed: UInt64) throws -> any CurvePredictor {
    try medians(of: training.curves)
  }

  /// What finished and running runs, each as far as it got, say of new ones.
  public func medians(of curves: CurveSet) throws -> RunningMedians {
    guard curves.count > 0 else { throw SurrogatesError.tooFew(predictor: name, count: 0, needed: 1) }
    return RunningMedians(curves)
  }
}

/// The median over runs of the running average at every epoch, and who is behind it.
public struct RunningMedians: CurvePredictor {
  public static let kind = "median-rule"
  private let direction: CurveSet.Direction
  /// Of rising curves; beyond the longest curve the last one counts.
  private let medians: [Double]

  init(_ curves: CurveSet) {
    direction = curves.direction
    var averages = [[Double]](repeating: [], count: curves.longest)
    for index in 0..<curves.count {
      var sum = 0.0
      for (epoch, value) in curves.rising(index).enumerated() {
        sum += value
        averages[epoch].append(sum / Double(epoch + 1))
      }
    }
    medians = averages.map(Self.median)
  }

  /// One decision a curve: true where the best value so far is worse than the median at the curve's last epoch.
  public func shouldStop(_ curves: CurveSet) throws -> [Bool] { try predict(curves).map { $0.mean < 0 } }

  public func predict(_ curves: CurveSet) throws -> [Prediction] {
    try curves.require(direction, epochs: 1)
    return (0..<curves.count).map { index in
      let curve = curves.rising(index)
      let best = curve.reduce(-.infinity, max)
      return Prediction(mean: best - medians[min(curve.count, medians.count) - 1])
    }
  }

  public func write(to archive: inout ArrayArchive) throws {
    try archive.setSettings(direction)
    archive.set("medians", medians)
  }

  public init(from archive: ArrayArchive) throws {
    direction = try archive.settings(CurveSet.Direction.self)
    medians = try archive.doubles("medians")
    guard !medians.isEmpty, medians.allSatisfy(\.isFinite) else {
      throw DamagedArchive("it has no medians")
    }
  }

  /// The mean of the two in the middle where there are as many above as below.
  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
