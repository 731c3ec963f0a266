/// All predictors by their names.
public enum PredictorCatalogue {
  /// With their standard settings, in the order in which they are listed.
  public static let methods: [any PredictorMethod] = [
    BlendMethod.standard,
    RandomForest(),
    RandomForest.extraTrees,
    RandomForest.naslib,
    RandomForest.smac,
    NearestNeighbors(),
    RidgeRegression().learning(.quantile),
    BayesianLinearRegression(),
    BoostedTrees(),
    BoostedTrees.seqNAS,
    BoostedTrees.nasLib,
    GaussianProcess().learning(.quantile),
    GaussianProcess.spearmint.learning(.quantile),
    GaussianProcess.hamming.learning(.quantile),
    GraphProcess.nasbowl,
    StringProcess().learning(.quantile),
    PerceptronMethod.mlp,
    PerceptronMethod.bananas,
    EmbeddingProximity.faithful,
    EmbeddingProximity.clean,
    NeuralArchitectureOptimization.nao,
    NeuralArchitectureOptimization.semiNAS,
    POPNASAccuracy(),
    PopnasTime(),
    BoostedTrees.costs,
  ]

  /// What model files may hold.
  static let kinds: [any Predictor.Type] = [
    TransformedPredictor.self,
    ReencodedPredictor.self,
    CalibratedPredictor.self,
    Blend.self,
    Forest.self,
    Neighborhood.self,
    BoostedTreesPredictor.self,
    LinearPredictor.self,
    GaussianProcessPredictor.self,
    StructurePredictor<WeisfeilerLehmanKernel>.self,
    StructurePredictor<SubsequenceKernel>.self,
    PerceptronPredictor.self,
    EmbeddingProximityPredictor.self,
    NeuralArchitecturePredictor.self,
    BlockEnsemble.self,
    PopnasTimePredictor.self,
  ]

  /// Throws ``SurrogatesError/unknownPredictor(name:known:)``.
  public static func method(_ name: String) throws -> any PredictorMethod {
    guard let found = methods.first(where: { $0.name == name }) else {
      throw SurrogatesError.unknownPredictor(name: name, known: methods.map(\.name))
    }
    return found
  }
}
