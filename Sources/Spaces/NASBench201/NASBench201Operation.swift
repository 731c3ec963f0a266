/// The operations of NAS-Bench-201, by the digits of the tables that list them as none, skip, 1×1, 3×3, pool.
public enum NASBench201Operation: UInt8, FourNodeOperation {
  case none
  case skip
  case convolution1
  case convolution3
  case averagePool

  /// As published.
  public var name: String {
    switch self {
    case .none: "none"
    case .skip: "skip_connect"
    case .convolution1: "nor_conv_1x1"
    case .convolution3: "nor_conv_3x3"
    case .averagePool: "avg_pool_3x3"
    }
  }

  public var role: CellOperation.Role {
    switch self {
    case .none: .none
    case .skip: .skip
    case .convolution1: .convolution(size: 1)
    case .convolution3: .convolution(size: 3)
    case .averagePool: .pooling
    }
  }

  /// NASLib numbers them identity, zero, 3×3, 1×1, pool; the numbering is its own inverse.
  static let naslibIndexes = [1, 0, 3, 2, 4]
}
