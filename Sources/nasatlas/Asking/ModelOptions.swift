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

  /// The method of that name with these options. Throws for names that are not known.
  func method(named name: String) throws -> any PredictorMethod {
    var method = try PredictorCatalogue.method(name)
    if let transform { method = method.learning(try TargetTransform(named: transform)) }
    if !encoding.isEmpty { method = try method.seeing(encoding.map { EncodingChoice($0) }) }
    return method
  }
}
