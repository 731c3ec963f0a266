import Foundation
public import Records

/// Continues curves as a ``ParametricEnsemble`` says.
public struct ParametricExtrapolator: CurvePredictor {
  public static let kind = "parametric-curves"

  private struct Settings: Codable {
    let method: ParametricEnsemble
    let direction: CurveSet.Direction
    let targetEpoch: Int
    /// Hexadecimal, since numbers of JSON do not hold 64 bits.
    let seed: String
  }

  private let settings: Settings
  private let seed: UInt64

  /// Throws ``SurrogatesError/badSetting(predictor:setting:found:allowed:)``.
  public init(
    _ method: ParametricEnsemble, direction: CurveSet.Direction = .largerIsBetter, targetEpoch: Int, seed: UInt64
  ) throws {
    try method.validate()
    self.seed = seed
    settings = Settings(method: method, direction: direction, targetEpoch: targetEpoch, seed: String(seed, radix: 16))
  }

  public func predict(_ curves: CurveSet) throws -> [Prediction] {
    try extrapolations(curves).map(\.prediction)
  }

  /// One extrapolation a curve, all from the same stream of random numbers: a curve's is the same in any company.
  public func extrapolations(_ curves: CurveSet) throws -> [CurveExtrapolation] {
    try curves.require(settings.direction, epochs: 1)
    return try curves.curves.concurrentMap(extrapolate)
  }

  private func extrapolate(_ curve: [Double]) -> CurveExtrapolation {
    let method = settings.method
    let scale = CurveScale(curve, settings.direction, ceiling: method.ceiling)
    let whole = curve.map(scale.fraction)
    let skipped = method.cutsBeginning ? Self.flatBeginning(of: whole) : 0
    let values = Array(whole.dropFirst(skipped))
    let target = max(settings.targetEpoch, curve.count)
    let importance = Self.importance(values.count, recency: method.weighsRecency)
    let prior = CurveCombination.Prior(
      rise: method.rise, plausible: method.plausible, targetEpoch: target, normalizesWeights: method.normalizesWeights)
    let all = CurveCombination(
      method.curves, values, importance: importance, firstEpoch: skipped + 1, prior: prior)
    let fits = method.curves.compactMap {
      CurveFit.maximumLikelihood($0, to: values, weights: importance, firstEpoch: skipped + 1)
    }.filter { all.allows($0.curve, $0.parameters) }
    guard !fits.isEmpty else { return CurveExtrapolation(lastOf: whole, scale, targetEpoch: target) }
    let combination = CurveCombination(
      fits.map(\.curve), values, importance: importance, firstEpoch: skipped + 1, prior: prior)
    let weight = method.normalizesWeights && method.sampling != .none ? 10 : 1 / Double(fits.count)
    let start = combination.point(fits, weight: weight)
    if method.sampling == .none {
      return CurveExtrapolation(
        fits, deviation: start[combination.deviationPlace], last: whole, scale, targetEpoch: target)
    }
    let generator = SeededGenerator(seed: seed).stream("parametric-curves")
    let points = method.sampling.points(of: combination, from: start, generator)
    return CurveExtrapolation(combination, points, last: whole, scale, targetEpoch: target)
  }

  /// 10^(i/n), or 1.
  private static func importance(_ count: Int, recency: Bool) -> [Double] {
    (0..<count).map { recency ? pow(10, Double($0) / Double(count)) : 1 }
  }

  /// How many epochs there are before the curve lies 0.05 above its first value for five on end; 0 where it never does.
  private static func flatBeginning(of curve: [Double]) -> Int {
    guard curve.count >= 6 else { return 0 }
    return (1...(curve.count - 5)).first { start in
      curve[start..<start + 5].allSatisfy { $0 > curve[0] + 0.05 }
    } ?? 0
  }

  public func write(to archive: inout ArrayArchive) throws { try archive.setSettings(settings) }

  public init(from archive: ArrayArchive) throws {
    settings = try archive.settings(Settings.self)
    guard settings.targetEpoch >= 1, let seed = UInt64(settings.seed, radix: 16),
      (try? settings.method.validate()) != nil
    else { throw DamagedArchive("the settings of its curves are out of range") }
    self.seed = seed
  }
}
