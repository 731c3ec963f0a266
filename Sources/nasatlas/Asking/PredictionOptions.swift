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

  var areAllowed: Bool { predict || surrogate != nil }

  /// Predictions are of means.
  func check(seed: SeedChoice?) throws {
    if areAllowed, let seed, seed != .mean {
      throw ValidationError("a surrogate predicts means over runs; leave --seed out, or --predict")
    }
  }
}
