/// A column whose values are all decimals of one precision: value i is mantissa i · unit / 10^digits, bit for bit.
struct DecimalColumn {
  let digits: Int
  let unit: Int64
  /// In units; 0 where a value is absent.
  let mantissas: [Int64]
  let smallest: Int64
  let largest: Int64

  /// Rounds to a whole number, ties to even, where the magnitude is at most 2^51.
  private static let rounder = 0x1.8p52
  private static let largestMantissa = 0x1p51

  /// Nil where some value is no such decimal: NaN, infinities, -0.0, and numbers with more digits.
  init?(_ values: UnsafeBufferPointer<Double>, present: UnsafeBufferPointer<Bool>?) {
    guard let digits = Self.digits(values, present) else { return nil }
    let power = FrameHeader.powers[digits]
    var common: UInt64 = 0
    var isExact = true
    var mantissas = [Int64](unsafeUninitializedCapacity: values.count) { target, filled in
      for (index, value) in values.enumerated() {
        if let present, !present[index] {
          target[index] = 0
          continue
        }
        let whole = (value * power + Self.rounder) - Self.rounder
        isExact = isExact && Self.isExact(value, whole, power)
        target[index] = isExact ? Int64(whole) : 0
      }
      filled = values.count
    }
    guard isExact else { return nil }
    for mantissa in mantissas where common != 1 { common = Self.divisor(common, mantissa.magnitude) }
    let unit = Int64(max(common, 1))
    var smallest = Int64.max
    var largest = Int64.min
    for index in mantissas.indices {
      if unit > 1 { mantissas[index] /= unit }
      if let present, !present[index] { continue }
      smallest = min(smallest, mantissas[index])
      largest = max(largest, mantissas[index])
    }
    self.digits = digits
    self.unit = unit
    self.mantissas = mantissas
    self.smallest = smallest <= largest ? smallest : 0
    self.largest = smallest <= largest ? largest : 0
  }

  /// The fewest decimals that the values need, nil where 15 are not enough.
  private static func digits(_ values: UnsafeBufferPointer<Double>, _ present: UnsafeBufferPointer<Bool>?) -> Int? {
    var digits = 0
    var power = 1.0
    for (index, value) in values.enumerated() {
      if let present, !present[index] { continue }
      while !isExact(value, (value * power + rounder) - rounder, power) {
        digits += 1
        guard digits <= FrameHeader.mostDigits else { return nil }
        power = FrameHeader.powers[digits]
      }
    }
    return digits
  }

  @inline(__always)
  private static func isExact(_ value: Double, _ whole: Double, _ power: Double) -> Bool {
    // Adding 0 makes a zero positive, so that -0.0 does not pass.
    whole.magnitude <= largestMantissa && ((whole + 0.0) / power).bitPattern == value.bitPattern
  }

  private static func divisor(_ first: UInt64, _ second: UInt64) -> UInt64 {
    var (larger, smaller) = (first, second)
    while smaller != 0 { (larger, smaller) = (smaller, larger % smaller) }
    return larger
  }
}
