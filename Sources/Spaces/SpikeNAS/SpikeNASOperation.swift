/// The operations of SpikeNAS-Bench, by the digits of its published numbers.
public enum SpikeNASOperation: UInt8, FourNodeOperation {
  case none
  case skip
  /// A 3×3 convolution of spiking neurons that fire at 0.5.
  case lowThreshold
  /// The same at 1.0.
  case middleThreshold
  /// The same at 1.5.
  case highThreshold

  public var name: String {
    switch self {
    case .none: "none"
    case .skip: "skip"
    case .lowThreshold: "low"
    case .middleThreshold: "mid"
    case .highThreshold: "high"
    }
  }

  public var role: CellOperation.Role {
    switch self {
    case .none: .none
    case .skip: .skip
    case .lowThreshold, .middleThreshold, .highThreshold: .convolution(size: 3)
    }
  }
}
