/// Learning curves continued by parametric curves: each family fitted by maximum likelihood, their combination perhaps
/// sampled (Domhan et al., 2015).
///
/// Works on accuracies as fractions: other curves are brought there, see ``ceiling``. Nothing is learnt from training
/// runs.
public struct ParametricEnsemble: CurvePredictorMethod, Hashable, Codable {
  /// What is demanded of every curve of the combination between epoch 2 and the target epoch.
  public enum Rise: String, Hashable, Sendable, Codable {
    case anywhere
    /// Its end lies above its beginning (the soft constraint).
    case atTheEnd = "at-the-end"
    /// It never falls.
    case everywhere
  }

  public var name: String
  public var curves: [ParametricCurve]
  public var sampling: CurveSampling
  public var rise: Rise
  /// Where a curve's value at the target epoch may lie, as a fraction; families whose fit leaves it are left out.
  public var plausible: ClosedRange<Double>
  /// Counts epoch i of n (from 0) 10^(i/n)-fold, in fits and in the posterior.
  public var weighsRecency: Bool
  /// Divides the weights of the combination by their sum.
  public var normalizesWeights: Bool
  /// Leaves the epochs out before the curve lies 0.05 above its first value for five epochs on end.
  public var cutsBeginning: Bool
  /// What an accuracy of 1 is called: 1 for fractions, 100 for percentages. nil for the smallest of 1 and 100 that the
  /// curve does not exceed, else 1.01 times its largest value. A curve of losses y is read as 1 - y / ceiling, nil being
  /// its largest value.
  public var ceiling: Double?

  public init(
    name: String, curves: [ParametricCurve] = ParametricCurve.domhan, sampling: CurveSampling, rise: Rise,
    plausible: ClosedRange<Double> = 0...100, weighsRecency: Bool = false, normalizesWeights: Bool = true,
    cutsBeginning: Bool = false, ceiling: Double? = nil
  ) {
    self.name = name
    self.curves = curves
    self.sampling = sampling
    self.rise = rise
    self.plausible = plausible
    self.weighsRecency = weighsRecency
    self.normalizesWeights = normalizesWeights
    self.cutsBeginning = cutsBeginning
    self.ceiling = ceiling
  }

  /// The eleven families by maximum likelihood, those that rise to at most 1, with equal weights. The fastest.
  public static let maximumLikelihood = ParametricEnsemble(
    name: "parametric-ml", sampling: .none, rise: .everywhere, plausible: 0...1)

  /// Domhan et al.: eleven families, 100 walkers, 2,500 samples of which 500 are burnt, every tenth kept.
  public static let domhan = ParametricEnsemble(
    name: "parametric-mcmc", sampling: .affineInvariant(walkers: 100, samples: 2500, burnIn: 500, thinning: 10),
    rise: .atTheEnd, weighsRecency: true, cutsBeginning: true)

  /// NASLib's LCE: eleven families with fixed start weights 1/11, 300 Metropolis steps. `faithful` takes its spelling of
  /// two families (``ParametricCurve/hill3Product``, ``ParametricCurve/vapExponent``).
  public static func lce(faithful: Bool = false) -> ParametricEnsemble {
    let spelt: [ParametricCurve: ParametricCurve] = faithful ? [.hill3: .hill3Product, .vap: .vapExponent] : [:]
    return ParametricEnsemble(
      name: faithful ? "lce-faithful" : "lce", curves: ParametricCurve.domhan.map { spelt[$0] ?? $0 },
      sampling: .metropolis(steps: 300, deviation: 1e-4), rise: .atTheEnd, normalizesWeights: false)
  }

  /// NASLib's LCE-m (from the pybnn package): four families that never fall, 50 walkers, 800 samples of which 500 are burnt.
  public static let lceM = ParametricEnsemble(
    name: "lce-m", curves: [.mmf, .logLogLinear, .hill3, .logPower],
    sampling: .affineInvariant(walkers: 50, samples: 800, burnIn: 500, thinning: 1), rise: .everywhere)

  public func fit(_ training: CurveTrainingSet, seed: UInt64) throws -> any CurvePredictor {
    try ParametricExtrapolator(
      self, direction: training.curves.direction, targetEpoch: training.targetEpoch, seed: seed)
  }

  /// Throws ``SurrogatesError/badSetting(predictor:setting:found:allowed:)``.
  func validate() throws {
    func refuse(_ setting: String, _ found: String, _ allowed: String) -> SurrogatesError {
      .badSetting(predictor: name, setting: setting, found: found, allowed: allowed)
    }
    if curves.isEmpty || curves.count > 100 { throw refuse("curves", "\(curves.count) families", "1 to 100") }
    if let ceiling, !(ceiling > 0 && ceiling.isFinite) { throw refuse("ceiling", "\(ceiling)", "positive numbers") }
    if let (setting, found, allowed) = sampling.complaint { throw refuse(setting, found, allowed) }
  }
}
