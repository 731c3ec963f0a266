import ArgumentParser
import Evaluation

/// How predictors are compared.
struct TrialOptions: ParsableArguments {
  @Option(help: .init("How often everything is drawn anew.", valueName: "count"))
  var trials = PredictorProtocol().trials

  @Option(
    help: .init(
      "Architectures to learn from, such as 20 or 20,100; may be repeated. (default: 5, 8, 14, 24, 42, 71, 121, 205)",
      valueName: "n"), transform: TrialOptions.numbers)
  var trainSize: [[Int]] = []

  @Option(
    help: .init("Architectures to test on, a number or rest. (default: 100)", valueName: "n"),
    transform: TrialOptions.test)
  var test = PredictorProtocol().test

  @Flag(help: "Test on mutants of the best of ten, as a search meets them.")
  var mutated = false

  @Flag(help: "Test no architecture whose network, up to isomorphism, is learnt from.")
  var excludeIsomorphs = false

  @Option(help: .init("What splits and fits follow from.", valueName: "number"))
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

  /// Numbers parted by commas.
  @Sendable static func numbers(_ text: String) throws -> [Int] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      guard let number = Int(part) else { throw ValidationError("\(text) is no list of numbers such as 5,10,25") }
      return number
    }
  }

  @Sendable static func test(_ text: String) throws -> PredictorProtocol.TestSet {
    guard let test = PredictorProtocol.TestSet(text) else {
      throw ValidationError("--test is \(text); allowed: a number, or rest")
    }
    return test
  }
}
