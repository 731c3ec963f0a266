/// What an inner vertex of a NAS-Bench-101 cell computes; raw values are the labels of the published graph hash.
public enum NASBench101Operation: Int, CaseIterable, Hashable, Sendable {
  case convolution3x3 = 0
  case convolution1x1 = 1
  case maximumPooling3x3 = 2

  /// As in published matrices and rows, for example `conv3x3-bn-relu`.
  public var publishedName: String {
    switch self {
    case .convolution3x3: "conv3x3-bn-relu"
    case .convolution1x1: "conv1x1-bn-relu"
    case .maximumPooling3x3: "maxpool3x3"
    }
  }

  /// As in our canonical text, for example `conv3x3`.
  var shortName: String {
    switch self {
    case .convolution3x3: "conv3x3"
    case .convolution1x1: "conv1x1"
    case .maximumPooling3x3: "maxpool"
    }
  }
}
