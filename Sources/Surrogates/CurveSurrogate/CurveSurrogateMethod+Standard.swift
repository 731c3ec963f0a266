extension CurveSurrogateMethod {
  /// What `nasatlas fit --curves` learns with: six components, each by a hundred extremely randomized trees.
  public static var standard: CurveSurrogateMethod {
    var trees = RandomForest.extraTrees
    trees.trees = 100
    return CurveSurrogateMethod(trees)
  }

  /// The same, shown `choices`. Throws ``SurrogatesError`` for choices that the regressor cannot be shown.
  public func seeing(_ choices: [EncodingChoice]) throws -> CurveSurrogateMethod {
    CurveSurrogateMethod(try regressor.seeing(choices), components: components)
  }
}
