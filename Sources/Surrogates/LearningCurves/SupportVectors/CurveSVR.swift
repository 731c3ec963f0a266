import Foundation
import Records

/// LcSVR: ν-support-vector regression from what is telling about the beginning of a curve (Baker et al., 2018,
/// "Accelerating neural architecture search using performance prediction"; settings of NASLib's LcSVR).
///
/// Features are mean and standard deviation of the curve and of its first and second differences. C, ν and γ are the best
/// of `trials` random ones by the mean R² of a three-fold cross-validation.
public struct CurveSVR: CurvePredictorMethod {
  public let name = "lcsvr"
  /// Architectures' blocks beside the curves, none by default; NASLib takes FLOPs, latency and parameters.
  public var encodings: [EncodingChoice] = []
  /// Random hyperparameters: C and γ log-uniform in 1e-5…10, ν uniform in 0…1.
  public var trials = 1000
  public var folds = 3
  /// Takes the values of the curve and of its differences as features too.
  public var takesWholeCurve = false
  /// Brings features and values to mean 0 and variance 1. NASLib does not.
  public var standardizes = true

  public init() {}

  public func fit(_ training: CurveTrainingSet, seed: UInt64) throws -> any CurvePredictor {
    guard (1...100_000).contains(trials) else { throw refuse("trials", trials, "1 to 100000") }
    guard (2...100).contains(folds) else { throw refuse("folds", folds, "2 to 100") }
    guard training.count >= 2 * folds else {
      throw SurrogatesError.tooFew(predictor: name, count: training.count, needed: 2 * folds)
    }
    let reader = CurveReader(
      epochs: training.observedEpochs, direction: training.curves.direction, takesWholeCurve: takesWholeCurve,
      encodings: encodings.map(\.description))
    let rows = try reader.rows(training.curves)
    let width = rows[0].count
    let scales = (0..<width).map { column in Scale(rows.map { $0[column] }, active: standardizes) }
    let valueScale = Scale(training.values, active: standardizes)
    let inputs = rows.map { row in zip(row, scales).map { $1.forward($0) } }
    let values = training.values.map(valueScale.forward)
    let distances = inputs.flatMap { one in inputs.map { CurveSVRPredictor.squaredDistance(one, $0) } }
    var generator = SeededGenerator(seed: seed).stream("lcsvr")
    let candidates = (0..<trials).map { _ in
      NuSupportVectors(
        c: Self.logUniform(&generator), nu: generator.uniform(), gamma: Self.logUniform(&generator))
    }
    let validations = try candidates.concurrentMap { Self.validate($0, distances, values, folds: folds) }
    var best = 0
    for index in candidates.indices where validations[index].score > validations[best].score { best = index }
    let chosen = candidates[best]
    let solution = chosen.solve(kernel: chosen.kernel(distances), values: values)
    let supports = inputs.indices.filter { solution.coefficients[$0] != 0 }
    return CurveSVRPredictor(
      reader: reader, gamma: chosen.gamma, intercept: solution.intercept, scales: scales, valueScale: valueScale,
      deviation: validations[best].error * valueScale.width, supports: supports.map { inputs[$0] },
      coefficients: supports.map { solution.coefficients[$0] })
  }

  private func refuse(_ setting: String, _ found: Int, _ allowed: String) -> SurrogatesError {
    .badSetting(predictor: name, setting: setting, found: "\(found)", allowed: allowed)
  }

  private static func logUniform(_ generator: inout SeededGenerator) -> Double {
    exp(log(1e-5) + (log(10) - log(1e-5)) * generator.uniform())
  }

  /// The mean R² over folds of neighboring rows, and the root of the mean squared error of all of them.
  private static func validate(
    _ machine: NuSupportVectors, _ distances: [Double], _ values: [Double], folds: Int
  ) -> (score: Double, error: Double) {
    let count = values.count
    var scores = 0.0
    var squares = 0.0
    for fold in 0..<folds {
      let held = count * fold / folds..<count * (fold + 1) / folds
      let kept = (0..<count).filter { !held.contains($0) }
      let kernel = machine.kernel(kept.flatMap { row in kept.map { distances[row * count + $0] } })
      let solution = machine.solve(kernel: kernel, values: kept.map { values[$0] })
      let mean = held.reduce(0) { $0 + values[$1] } / Double(held.count)
      var left = 0.0
      var total = 0.0
      for row in held {
        var prediction = solution.intercept
        for (place, other) in kept.enumerated() where solution.coefficients[place] != 0 {
          prediction += solution.coefficients[place] * exp(-machine.gamma * distances[row * count + other])
        }
        left += (values[row] - prediction) * (values[row] - prediction)
        total += (values[row] - mean) * (values[row] - mean)
      }
      scores += total > 0 ? 1 - left / total : left > 0 ? 0 : 1
      squares += left
    }
    return (scores / Double(folds), (squares / Double(count)).squareRoot())
  }

  /// A shift and a width that bring numbers to mean 0 and variance 1.
  struct Scale: Hashable, Sendable, Codable {
    let mean: Double
    let width: Double

    init(_ values: [Double], active: Bool) {
      let count = Double(values.count)
      let center = values.reduce(0, +) / count
      let variance = values.reduce(0) { $0 + ($1 - center) * ($1 - center) } / count
      mean = active ? center : 0
      width = active && variance > 0 ? variance.squareRoot() : 1
    }

    func forward(_ value: Double) -> Double { (value - mean) / width }
    func inverse(_ value: Double) -> Double { value * width + mean }
  }
}
