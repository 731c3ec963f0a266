import ArgumentParser
import Evaluation

/// How much of learning curves is seen, and whose.
struct CurveOptions: ParsableArguments {
  @Option(
    help: .init(
      "Epochs that predictors of learning curves see, such as 10 or 10,25,50; may be repeated.", valueName: "epochs"),
    transform: TrialOptions.numbers)
  var fidelity: [[Int]] = []

  @Option(
    help: .init(
      "Learn from runs on this data set, in place of the one tested, what learns across data sets (lcranknet); may be "
        + "repeated.", valueName: "name"))
  var otherDataset: [String] = []

  /// `rules` with these options.
  func applied(to rules: PredictorProtocol) -> PredictorProtocol {
    var rules = rules
    rules.fidelities = fidelity.flatMap { $0 }
    rules.otherDatasets = otherDataset
    return rules
  }

  /// Throws where one option needs another.
  func check() throws {
    if fidelity.isEmpty, !otherDataset.isEmpty {
      throw ValidationError("--other-dataset is for predictors of learning curves; say with --fidelity what they see")
    }
  }
}
