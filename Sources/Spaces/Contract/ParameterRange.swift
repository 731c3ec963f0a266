import Foundation
public import Records

/// The values of a parameter that is a number between two ends, such as a learning rate.
///
/// Between the ends lies the unit interval: position 0 is the minimum, position 1 the maximum, and equal steps are equal
/// differences, or equal ratios on a logarithmic scale. Numbers that are drawn or moved to have six digits: after the
/// leading one of the width, or of the number itself on a logarithmic scale.
public struct ParameterRange: Hashable, Sendable {
  public enum Scale: String, Hashable, Sendable, Codable {
    case linear
    case log
  }

  public let minimum: Double
  public let maximum: Double
  public let scale: Scale
  /// Whether its values are whole numbers.
  public let isInteger: Bool

  /// Whole numbers up to this size are exact.
  static let largestInteger = 0x1p53

  /// Nil where the ends are not finite or not ascending, where those of integers are not whole or above 2⁵³, and where a
  /// logarithmic scale does not begin above 0.
  public init?(minimum: Double, maximum: Double, scale: Scale = .linear, isInteger: Bool = false) {
    guard minimum < maximum, minimum.isFinite, maximum.isFinite, (maximum - minimum).isFinite,
      scale == .linear || minimum > 0
    else { return nil }
    if isInteger {
      let isExact = [minimum, maximum].allSatisfy { $0.rounded() == $0 && abs($0) <= Self.largestInteger }
      guard isExact else { return nil }
    }
    (self.minimum, self.maximum) = (minimum, maximum)
    (self.scale, self.isInteger) = (scale, isInteger)
  }

  /// What ``init(minimum:maximum:scale:isInteger:)`` takes, for errors.
  static let allowed =
    "finite numbers minimum < maximum; whole numbers up to 2^53 for integers; a minimum above 0 for the scale log"

  /// How many values there are; nil for real numbers.
  public var count: UInt64? { isInteger ? UInt64(maximum - minimum) + 1 : nil }

  public func contains(_ number: Double) -> Bool {
    number >= minimum && number <= maximum && (!isInteger || number.rounded() == number)
  }

  /// The value that is `given`: a number of the range, in one form. Nil for others.
  public func value(equalTo given: JSONValue) -> JSONValue? {
    given.number.flatMap { contains($0) ? value(of: $0) : nil }
  }

  /// The value that `word` spells, in any way in which a number is written; nil for others.
  func value(spelledBy word: String) -> JSONValue? {
    // Double reads hexadecimal digits, infinities and `nan` too.
    guard word.utf8.allSatisfy({ (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }), let number = Double(word),
      contains(number)
    else { return nil }
    return value(of: number)
  }

  /// As JSON reads it: a number without a fraction is an integer, so that a configuration is equal after a round trip.
  func value(of number: Double) -> JSONValue {
    number.rounded() == number && abs(number) <= Self.largestInteger ? .integer(Int64(number)) : .number(number)
  }

  /// `0.0001 to 0.1`.
  public var words: String { "\(value(of: minimum).plainText) to \(value(of: maximum).plainText)" }

  // MARK: The unit interval

  /// The position of a number of the range, 0…1.
  public func position(of number: Double) -> Double {
    if number <= minimum { return 0 }
    if number >= maximum { return 1 }
    switch scale {
    case .linear: return (number - minimum) / (maximum - minimum)
    case .log: return (log(number) - log(minimum)) / (log(maximum) - log(minimum))
    }
  }

  /// The number at a position 0…1, rounded.
  public func number(at position: Double) -> Double {
    if position <= 0 { return minimum }
    if position >= 1 { return maximum }
    let exact =
      switch scale {
      case .linear: minimum + position * (maximum - minimum)
      case .log: exp(log(minimum) + position * (log(maximum) - log(minimum)))
      }
    return min(max(rounded(exact), minimum), maximum)
  }

  private func rounded(_ number: Double) -> Double {
    if isInteger { return (number + 0.5).rounded(.down) }
    let text =
      switch scale {
      case .linear: String(format: "%.*f", max(0, 5 - Int(log10(maximum - minimum).rounded(.down))), number)
      case .log: String(format: "%.5e", number)
      }
    return (Double(text) ?? number) + 0
  }

  // MARK: Draws and moves

  /// A position drawn uniformly; each whole number of a linear range is equally probable.
  public func draw(using generator: inout SeededGenerator) -> Double {
    guard isInteger else { return number(at: generator.uniform()) }
    if scale == .linear { return minimum + Double(generator.integer(below: Int(maximum - minimum) + 1)) }
    let drawn = exp(log(minimum) + generator.uniform() * (log(maximum + 1) - log(minimum))).rounded(.down)
    return min(max(drawn, minimum), maximum)
  }

  /// The numbers a twentieth of the range below and above; whole numbers move by one at least. One is absent at an end.
  func steps(from number: Double) -> [Double] {
    let position = position(of: number)
    return [-1.0, 1.0].compactMap { direction in
      let other = self.number(at: position + direction / 20)
      if (other - number) * direction > 0 { return other }
      guard isInteger, contains(number + direction) else { return nil }
      return number + direction
    }
  }

  /// Another number, drawn uniformly from up to a fifth of the range to either side; an end reflects.
  func mutated(_ number: Double, using generator: inout SeededGenerator) -> Double {
    let position = position(of: number)
    for _ in 0..<16 {
      let drawn = abs(position + (2 * generator.uniform() - 1) / 5)
      let other = self.number(at: drawn > 1 ? 2 - drawn : drawn)
      if other != number { return other }
    }
    // Less than a fifth of few whole numbers is no number.
    return generator.pick(steps(from: number))
  }
}
