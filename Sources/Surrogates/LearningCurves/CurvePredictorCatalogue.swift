/// All curve predictors by their names.
public enum CurvePredictorCatalogue {
  /// With their standard settings, in the order in which they are listed.
  public static let methods: [any CurvePredictorMethod] = [
    LastValue(),
    TrainingSpeed.sotl,
    TrainingSpeed.sotlE,
    TrainingSpeed.sotlEMA,
    MedianRule(),
    ParametricEnsemble.maximumLikelihood,
    ParametricEnsemble.domhan,
    ParametricEnsemble.lce(),
    ParametricEnsemble.lce(faithful: true),
    ParametricEnsemble.lceM,
    CurveSVR(),
    LCRankNet(),
  ]

  /// What model files may hold.
  static let kinds: [any CurvePredictor.Type] = [
    CurveStatistic.self,
    RunningMedians.self,
    ParametricExtrapolator.self,
    CurveSVRPredictor.self,
    CurveRanker.self,
  ]

  /// Throws ``SurrogatesError/unknownPredictor(name:known:)``.
  public static func method(_ name: String) throws -> any CurvePredictorMethod {
    guard let found = methods.first(where: { $0.name == name }) else {
      throw SurrogatesError.unknownPredictor(name: name, known: methods.map(\.name))
    }
    return found
  }
}
