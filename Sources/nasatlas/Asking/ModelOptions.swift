import ArgumentParser
import Surrogates

/// How a predictor sees architectures and values, where that is not its own choice.
struct ModelOptions: ParsableArguments {
  @Option(
    help: .init(
      "What the predictor sees: slots, summary, paths, sequence, graph, an encoding of the space, or measurement:NAME; "
        + "may be repeated. (default: the predictor's own)", valueName: "name"))
  var encoding: [String] = []

  @Option(
    help: .init(
      "What values go through: \(TargetTransform.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "name"))
  var transform: String?

  /// The method that `spelling` names, with its own settings where it has some, else with these options. Throws for names
  /// that are not known.
  func method(_ spelling: PredictorSpelling) throws -> any PredictorMethod {
    var method = try PredictorCatalogue.method(spelling.name)
    if let transform = spelling.transform ?? transform {
      method = method.learning(try TargetTransform(named: transform))
    }
    let choices = spelling.encodings.isEmpty ? encoding.map { EncodingChoice($0) } : spelling.encodings
    return choices.isEmpty ? method : try method.seeing(choices)
  }
}
