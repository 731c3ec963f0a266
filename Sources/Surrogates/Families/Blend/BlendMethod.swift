import Foundation
import Statistics

/// Several methods that answer together, each as loud as it is good.
///
/// Values become normal scores of their ranks. Every member learns them and tells what it predicts for each training row
/// without having seen it; its weight is a power of the inverse of its squared error there. The blend's deviations are
/// calibrated on the same held-out predictions, so that the intervals hold what they should (split conformal prediction,
/// Vovk et al. 2005, with held-out rows).
public struct BlendMethod: PredictorMethod {
  public let name: String
  public var members: [any PredictorMethod]
  /// Weights are proportional to (held-out mean squared error)^-power.
  public var power: Double
  /// Parts of the cross-validation of members that do not know their held-out predictions.
  public var folds: Int

  public init(_ name: String, members: [any PredictorMethod], power: Double = 4, folds: Int = 5) {
    self.name = name
    self.members = members
    self.power = power
    self.folds = folds
  }

  public var encodings: [EncodingChoice] {
    var found: [EncodingChoice] = []
    for choice in members.flatMap(\.encodings) where !found.contains(choice) { found.append(choice) }
    return found
  }

  public func unlabelledCount(for count: Int) -> Int { members.map { $0.unlabelledCount(for: count) }.max() ?? 0 }

  public func limits(for count: Int) -> [LearningLimit] { members.flatMap { $0.limits(for: count) } }

  public func fit(_ training: TrainingSet, seed: UInt64) throws -> any Predictor {
    guard !members.isEmpty, power >= 0, power.isFinite else {
      throw SurrogatesError.badSetting(
        predictor: name, setting: "power", found: "\(power) of \(members.count) members",
        allowed: "0 or more, of one member or more")
    }
    let needed = max(folds, 5)
    guard training.count >= needed else {
      throw SurrogatesError.tooFew(predictor: name, count: training.count, needed: needed)
    }
    let transform = TargetTransform.quantile.fitted(to: training.values)
    let scores = training.values.map(transform.forward)
    let images = try training.replacing(scores)
    let fits = try members.map { try $0.fitHoldingOut(images, folds: folds, seed: seed) }
    let errors = fits.map { fit in
      zip(fit.heldOut, scores).reduce(0) { $0 + ($1.0.mean - $1.1) * ($1.0.mean - $1.1) } / Double(scores.count)
    }
    // Equal values are learnt without any error: then all members are equally right.
    let largest = errors.max() ?? 0
    let raw = errors.map { pow(max($0, 1e-6 * largest) / max(largest, .leastNormalMagnitude), -power) }
    let total = raw.reduce(0, +)
    let weights = total.isFinite && total > 0 ? raw.map { $0 / total } : raw.map { _ in 1 / Double(raw.count) }
    let mixed = scores.indices.map { row in Blend.mix(fits.map { $0.heldOut[row] }, weights) }
    let misses = zip(mixed, scores).reduce(0) { $0 + ($1.0.mean - $1.1) * ($1.0.mean - $1.1) }
    let claimed = mixed.reduce(0) { $0 + $1.aleatoric * $1.aleatoric + $1.epistemic * $1.epistemic }
    let inflation = claimed > 0 && misses > 0 ? (misses / claimed).squareRoot() : 1
    let values = mixed.map { Blend.value(of: $0, transform, inflation: inflation) }
    return Blend(
      encodings: encodings, predictors: fits.map(\.predictor), weights: weights, transform: transform,
      inflation: inflation, calibration: IntervalCalibration(values, truth: training.values))
  }
}
