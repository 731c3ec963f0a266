extension CurveSurrogateMethod {
  /// What `nasatlas fit --curves` learns with: six components, each by 300 boosted trees on slots, paths and the summary.
  ///
  /// Extremely randomized trees explain as much of the curves of SpikeNAS, rank them worse, and their files grow with the
  /// architectures.
  public static var standard: CurveSurrogateMethod {
    var trees = BoostedTrees(encodings: [.slots, .paths, .summary])
    trees.iterations = 300
    return CurveSurrogateMethod(trees)
  }

  /// The same, shown `choices`. Throws ``SurrogatesError`` for choices that the regressor cannot be shown.
  public func seeing(_ choices: [EncodingChoice]) throws -> CurveSurrogateMethod {
    CurveSurrogateMethod(try regressor.seeing(choices), components: components)
  }
}
