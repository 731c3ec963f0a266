import Foundation

/// The learning rate as a function of the epoch, which may be fractional.
public enum Schedule: Hashable, Sendable {
  case constant
  /// SGDR (Loshchilov and Hutter, 2017), as `CosineAnnealingWarmRestarts`: falls from the base rate to `minimum` over
  /// `period` epochs, then again over `period·multiplier` epochs, and so on.
  case cosineRestarts(period: Int, multiplier: Int, minimum: Float)

  /// The rate at `epoch` (0 is the start of the first).
  public func learningRate(base: Float, epoch: Double) -> Float {
    guard case .cosineRestarts(let period, let multiplier, let minimum) = self else { return base }
    var length = Double(period)
    var position = epoch
    while position >= length {
      position -= length
      length *= Double(multiplier)
    }
    return minimum + (base - minimum) * Float((1 + cos(.pi * position / length)) / 2)
  }
}

/// In JSON an object with the `kind` (`constant`, `cosine_restarts`) and its numbers.
extension Schedule: Codable {
  private enum CodingKeys: String, CodingKey { case kind, period, multiplier, minimum }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    switch try container.decode(String.self, forKey: .kind) {
    case "constant": self = .constant
    case "cosine_restarts":
      self = .cosineRestarts(
        period: try container.decode(Int.self, forKey: .period),
        multiplier: try container.decode(Int.self, forKey: .multiplier),
        minimum: try container.decode(Float.self, forKey: .minimum))
    default:
      throw DecodingError.dataCorruptedError(
        forKey: .kind, in: container, debugDescription: "a schedule is constant or cosine_restarts")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .constant: try container.encode("constant", forKey: .kind)
    case .cosineRestarts(let period, let multiplier, let minimum):
      try container.encode("cosine_restarts", forKey: .kind)
      try container.encode(period, forKey: .period)
      try container.encode(multiplier, forKey: .multiplier)
      try container.encode(minimum, forKey: .minimum)
    }
  }
}
