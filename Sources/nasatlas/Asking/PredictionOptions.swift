import ArgumentParser
import Benchmarks

/// Whether a surrogate may answer, and which.
struct PredictionOptions: ParsableArguments {
  @Flag(help: "Let the surrogate of `nasatlas fit` answer what the atlas does not hold.")
  var predict = false

  @Option(
    help: .init("The surrogate's file, where it is not beside the atlas; means --predict.", valueName: "file"),
    completion: .file(extensions: ["surrogate"]))
  var surrogate: String?

  @Option(
    help: .init(
      """
      Answer with one run as it might have been instead of the mean, where the surrogate was fitted with --curves to \
      repeated runs; the same number gives the same run; means --predict.
      """, valueName: "number"))
  var noise: UInt64?

  var areAllowed: Bool { predict || surrogate != nil || noise != nil }

  /// Predictions are of means.
  func check(seed: SeedChoice?) throws {
    if areAllowed, let seed, seed != .mean {
      throw ValidationError("a surrogate predicts means over runs; leave --seed out, or --predict")
    }
  }
}
