import Foundation

/// The learning rate as a function of the epoch, which may be fractional.
public enum Schedule: Hashable, Sendable, Codable {
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
