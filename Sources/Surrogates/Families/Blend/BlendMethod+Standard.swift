extension BlendMethod {
  /// Rows that the processes of ``standard`` learn from, drawn by the seed; trees and ridge regression learn from all.
  /// A process keeps N²/2 numbers and needs N³ steps: with 2,000 of them a surrogate of 15,625 cells takes minutes.
  private static let mostProcessRows = 2000

  /// `default`: one predictor for all atlases. docs/predictors.md tells how it was chosen.
  ///
  /// Two Gaussian processes, one of everything that is known of an architecture with a length scale for each encoding,
  /// one of the summary with a length scale for each of its numbers; and extremely randomized trees of everything.
  public static var standard: BlendMethod {
    let everything: [EncodingChoice] = [.summary, .paths, .slots]
    var wide = GaussianProcess.byBlock(everything)
    wide.name = "gp-by-block"
    wide.hyperparameterRows = 700
    wide.largestTrainingSet = mostProcessRows
    var telling = GaussianProcess()
    telling.lengthScalePrior = .logNormal(median: 1, spread: 0.5)
    telling.hyperparameterRows = 700
    telling.largestTrainingSet = mostProcessRows
    var trees = RandomForest.extraTrees
    trees.encodings = everything
    trees.trees = 200
    trees.featureRatio = 0.5
    return BlendMethod("default", members: [wide, telling, LeafSelection(trees), RidgeRegression()])
  }
}
