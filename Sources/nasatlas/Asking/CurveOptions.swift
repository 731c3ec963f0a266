import ArgumentParser
import Evaluation

/// How much of learning curves is seen, and whose.
struct CurveOptions: ParsableArguments {
  @Option(
    help: .init(
      "Number of epochs that learning-curve predictors see, such as 10 or 10,25,50; may be repeated.",
      valueName: "epochs"),
    transform: TrialOptions.numbers)
  var fidelity: [[Int]] = []

  @Option(
    help: .init(
      "For predictors that learn across data sets (lcranknet): learn from runs on this data set instead of the tested "
        + "one; may be repeated.", valueName: "name"))
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
      throw ValidationError(
        "--other-dataset is for learning-curve predictors; add --fidelity with the number of epochs that they see")
    }
  }
}
