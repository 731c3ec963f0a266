import ArgumentParser
import Surrogates

/// The encoding and the transform of a predictor, instead of its defaults.
struct ModelOptions: ParsableArguments {
  @Option(
    help: .init(
      "Encoding of architectures: slots, summary, paths, sequence, graph, an encoding of the space, or "
        + "measurement:NAME; may be repeated. (default: that of the predictor)", valueName: "name"))
  var encoding: [String] = []

  @Option(
    help: .init(
      "Transform applied to targets before fitting: "
        + "\(TargetTransform.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "name"))
  var transform: String?

  /// The method that `spelling` names, with the settings of `spelling` if it has some, else with these options.
  /// Throws for unknown names.
  func method(_ spelling: PredictorSpelling) throws -> any PredictorMethod {
    var method = try PredictorCatalogue.method(spelling.name)
    if let transform = spelling.transform ?? transform {
      method = method.learning(try TargetTransform(named: transform))
    }
    let choices = spelling.encodings.isEmpty ? encoding.map { EncodingChoice($0) } : spelling.encodings
    return choices.isEmpty ? method : try method.seeing(choices)
  }
}
