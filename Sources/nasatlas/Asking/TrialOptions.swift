import ArgumentParser
import Evaluation

/// How predictors are compared.
struct TrialOptions: ParsableArguments {
  @Option(help: .init("Number of random splits.", valueName: "count"))
  var trials = PredictorProtocol().trials

  @Option(
    help: .init(
      "Number of training architectures, such as 20 or 20,100; may be repeated. "
        + "(default: 5, 8, 14, 24, 42, 71, 121, 205)",
      valueName: "n"), transform: TrialOptions.numbers)
  var trainSize: [[Int]] = []

  @Option(
    help: .init("Number of test architectures, or rest for all others. (default: 100)", valueName: "n"),
    transform: TrialOptions.test)
  var test = PredictorProtocol().test

  @Flag(help: "Test on mutations of the best of ten random architectures, as in a search.")
  var mutated = false

  @Flag(help: "Exclude test architectures whose network is isomorphic to a training architecture.")
  var excludeIsomorphs = false

  @Option(help: .init("Random seed of splits and fits.", valueName: "number"))
  var seed = PredictorProtocol().seed

  var rules: PredictorProtocol {
    var rules = PredictorProtocol()
    rules.trials = trials
    rules.seed = seed
    if !trainSize.isEmpty { rules.trainSizes = trainSize.flatMap { $0 } }
    rules.test = test
    rules.mutated = mutated
    rules.excludesIsomorphs = excludeIsomorphs
    return rules
  }

  /// Numbers separated by commas.
  @Sendable static func numbers(_ text: String) throws -> [Int] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      guard let number = Int(part) else {
        throw ValidationError("\(text) is not a list of numbers; write it like 5,10,25")
      }
      return number
    }
  }

  @Sendable static func test(_ text: String) throws -> PredictorProtocol.TestSet {
    guard let test = PredictorProtocol.TestSet(text) else {
      throw ValidationError("--test is \(text); allowed: a number or rest")
    }
    return test
  }
}
