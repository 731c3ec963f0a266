extension CurveModelMethod {
  /// What `nasatlas fit --curves` learns with: six components, each by 300 boosted trees on slots, paths and the summary.
  ///
  /// Extremely randomized trees explain as much of the curves of SpikeNAS, rank them worse, and their files grow with the
  /// architectures.
  public static var standard: CurveModelMethod {
    var trees = BoostedTrees(encodings: [.slots, .paths, .summary])
    trees.iterations = 300
    return CurveModelMethod(trees)
  }

  /// The same, shown `choices`. Throws ``SurrogatesError`` for choices that the regressor cannot be shown.
  public func seeing(_ choices: [EncodingChoice]) throws -> CurveModelMethod {
    CurveModelMethod(try regressor.seeing(choices), components: components)
  }
}
