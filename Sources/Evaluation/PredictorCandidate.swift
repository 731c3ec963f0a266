public import Surrogates

/// Something to evaluate: a method that is fitted here, or predictions that were made elsewhere.
public struct PredictorCandidate: Sendable {
  enum Source: Sendable {
    case method(any PredictorMethod)
    case table(ImportedPredictions)
  }

  public let name: String
  /// What it sees, as ``EncodingChoice`` spells it; `-` for predictions from elsewhere.
  public let encoding: String
  public let transform: String
  let source: Source

  public init(_ method: any PredictorMethod) {
    name = method.name
    encoding = method.encodings.map(\.description).joined(separator: "+")
    transform = method.transform.rawValue
    source = .method(method)
  }

  public init(_ predictions: ImportedPredictions) {
    name = predictions.name
    encoding = "-"
    transform = "-"
    source = .table(predictions)
  }
}
