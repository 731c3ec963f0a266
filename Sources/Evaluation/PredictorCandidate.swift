public import Surrogates

/// Something to evaluate: a method that is fitted here, or predictions that were made elsewhere.
public struct PredictorCandidate: Sendable {
  enum Source: Sendable {
    case method(any PredictorMethod)
    case curves(any CurvePredictorMethod)
    case table(ImportedPredictions)
  }

  public let name: String
  /// What it sees, as ``EncodingChoice`` spells it, behind `curve` where it sees one; `-` for predictions from elsewhere.
  public let encoding: String
  public let transform: String
  let source: Source

  /// `name` stands in for the method's own, where one method is compared with itself.
  public init(_ method: any PredictorMethod, name: String? = nil) {
    self.name = name ?? method.name
    encoding = method.encodings.map(\.description).joined(separator: "+")
    transform = method.transform.rawValue
    source = .method(method)
  }

  /// Sees beginnings of curves.
  public init(_ method: any CurvePredictorMethod, name: String? = nil) {
    self.name = name ?? method.name
    encoding = (["curve"] + method.encodings.map(\.description)).joined(separator: "+")
    transform = "-"
    source = .curves(method)
  }

  public init(_ predictions: ImportedPredictions) {
    name = predictions.name
    encoding = "-"
    transform = "-"
    source = .table(predictions)
  }

  /// What it asks a space or an atlas for.
  var encodings: [EncodingChoice] {
    switch source {
    case .method(let method): method.encodings
    case .curves(let method): method.encodings
    case .table: []
    }
  }
}
