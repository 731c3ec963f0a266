import Foundation
import Records
import Surrogates

/// Curves that rise like power laws with noise, and the values at which they end.
enum SampleCurves {
  /// `count` runs of `epochs` epochs, of accuracies or of losses, of which `observed` will be seen.
  static func make(
    count: Int, epochs: Int = 40, observed: Int = 10, direction: CurveSet.Direction = .largerIsBetter,
    noise: Double = 0.005, seed: UInt64 = 7
  ) throws -> CurveTrainingSet {
    var generator = SeededGenerator(seed: seed).stream("sample-curves")
    var curves: [[Double]] = []
    var rows: [[Double]] = []
    for _ in 0..<count {
      let quality = generator.uniform()
      let asymptote = 0.5 + 0.45 * quality
      let start = 0.4 + 0.1 * generator.uniform()
      let rate = 0.5 + 0.7 * generator.uniform()
      curves.append(
        (1...epochs).map { epoch in
          let bump = noise * (generator.uniform() + generator.uniform() + generator.uniform() - 1.5) * 2
          let accuracy = asymptote - start * pow(Double(epoch), -rate) + bump
          return direction == .largerIsBetter ? accuracy : 2 - 2 * accuracy
        })
      rows.append([quality + 0.1 * generator.uniform(), start, rate])
    }
    return try CurveTrainingSet(
      CurveSet(
        curves, direction, features: FeatureMatrix("slots", rows: rows),
        datasets: (0..<count).map { $0 % 3 == 0 ? "first" : "second" }), observedEpochs: observed)
  }
}
