import ArgumentParser
import Benchmarks

/// Whether a surrogate may answer, and which.
struct PredictionOptions: ParsableArguments {
  @Flag(help: "Predict values that the atlas lacks with the surrogate of `nasatlas fit`.")
  var predict = false

  @Option(
    help: .init("File of the surrogate, if it is not beside the atlas; implies --predict.", valueName: "file"),
    completion: .file(extensions: ["surrogate"]))
  var surrogate: String?

  @Option(
    help: .init(
      """
      Return a simulated run instead of the mean. Requires a surrogate fitted with --curves to repeated runs. The same \
      number gives the same run; implies --predict.
      """, valueName: "number"))
  var noise: UInt64?

  var areAllowed: Bool { predict || surrogate != nil || noise != nil }

  /// Predictions are of means.
  func check(seed: SeedChoice?) throws {
    if areAllowed, let seed, seed != .mean {
      throw ValidationError("a surrogate predicts means over runs; leave out either --seed or --predict")
    }
  }
}
