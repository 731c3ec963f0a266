/// A method to which features are columns, whatever blocks they come in, so that it can be shown any.
public protocol ColumnMethod: PredictorMethod {
  var encodings: [EncodingChoice] { get set }
}

extension ColumnMethod {
  public func seeing(_ choices: [EncodingChoice]) throws -> any PredictorMethod {
    guard !choices.isEmpty else {
      throw SurrogatesError.badSetting(predictor: name, setting: "encodings", found: "none", allowed: "one or more")
    }
    var method = self
    method.encodings = choices
    return method
  }

  /// The same method that sees `extra` too, such as zero-cost proxies: `measurement:synflow`. Nothing is
  /// read twice.
  public func with(extra: [EncodingChoice]) -> Self {
    var method = self
    for choice in extra where !method.encodings.contains(choice) { method.encodings.append(choice) }
    return method
  }
}
