/// A method that reads whatever encodings it is given.
public protocol EncodingAdjustable: PredictorMethod {
  var encodings: [EncodingChoice] { get set }
}

extension EncodingAdjustable {
  /// The same method with more to read, behind what it reads: zero-cost proxies, for example, as
  /// `.measurement("synflow")`. What it reads already is not doubled.
  public func with(extra: [EncodingChoice]) -> Self {
    var wider = self
    for choice in extra where !wider.encodings.contains(choice) { wider.encodings.append(choice) }
    return wider
  }
}

extension RandomForest: EncodingAdjustable {}
extension NearestNeighbours: EncodingAdjustable {}
extension BoostedTrees: EncodingAdjustable {}
