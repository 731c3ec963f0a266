/// All predictors by their names.
public enum PredictorCatalogue {
  /// With their standard settings, in the order in which they are listed.
  public static let methods: [any PredictorMethod] = [
    RandomForest(), RandomForest.extraTrees, RandomForest.naslib, RandomForest.smac,
    NearestNeighbours(),
    BoostedTrees(), BoostedTrees.seqNAS, BoostedTrees.nasLib,
  ]

  /// What model files may hold.
  static let kinds: [any Predictor.Type] = [
    TransformedPredictor.self,
    Forest.self,
    Neighbourhood.self,
    TransformedPredictor.self, BoostedTreesPredictor.self,
  ]

  /// Throws ``SurrogatesError/unknownPredictor(name:known:)``.
  public static func method(_ name: String) throws -> any PredictorMethod {
    guard let found = methods.first(where: { $0.name == name }) else {
      throw SurrogatesError.unknownPredictor(name: name, known: methods.map(\.name))
    }
    return found
  }
}
