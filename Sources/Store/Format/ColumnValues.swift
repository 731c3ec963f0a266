/// The values of a column or a part of one, unpacked and still small: a decimal column stays integer mantissas.
package struct ColumnValues: Sendable {
  package enum Storage: Sendable {
    /// Values are mantissa · unit / power.
    /// All have the same one.
    case constant(Int64, count: Int)
    case narrow([Int32])
    case wide([Int64])
    case single([Float])
    case double([Double])
  }

  package let storage: Storage
  /// Whole number that every mantissa is counted in; 1 where values are no decimals.
  package let unit: Double
  /// Power of ten that values are divided by; 1 where values are no decimals.
  package let power: Double
  /// Bit i & 7 of byte i >> 3 is set where value i is present; nil where all are.
  package let presence: [UInt8]?
  package let count: Int

  init(storage: Storage, unit: Double = 1, power: Double = 1, presence: [UInt8]? = nil) {
    self.storage = storage
    self.unit = unit
    self.power = power
    self.presence = presence
    count =
      switch storage {
      case .constant(_, let count): count
      case .narrow(let mantissas): mantissas.count
      case .wide(let mantissas): mantissas.count
      case .single(let values): values.count
      case .double(let values): values.count
      }
  }

  package func isPresent(_ index: Int) -> Bool {
    precondition(index >= 0 && index < count, "there is no value \(index)")
    guard let presence else { return true }
    return presence[index >> 3] >> UInt8(index & 7) & 1 == 1
  }

  /// The value at `index`, bit for bit as it was packed; nil where it is absent.
  package subscript(index: Int) -> Double? {
    guard isPresent(index) else { return nil }
    // The product is exact, so that the quotient is rounded once, as the decimal text would be.
    switch storage {
    case .constant(let mantissa, _): return Double(mantissa) * unit / power
    case .narrow(let mantissas): return Double(mantissas[index]) * unit / power
    case .wide(let mantissas): return Double(mantissas[index]) * unit / power
    case .single(let values): return Self.widened(values[index])
    case .double(let values): return values[index]
    }
  }

  /// All values; absent ones are NaN.
  package func doubles() -> [Double] { doubles(in: 0..<count) }

  /// The values in `range`; absent ones are NaN.
  package func doubles(in range: Range<Int>) -> [Double] {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "there are \(count) values, not \(range)")
    let unit = unit
    let power = power
    let lower = range.lowerBound
    var values = [Double](unsafeUninitializedCapacity: range.count) { target, filled in
      switch storage {
      case .constant(let mantissa, _):
        for index in 0..<range.count { target[index] = Double(mantissa) * unit / power }
      case .narrow(let mantissas):
        mantissas.withUnsafeBufferPointer { source in
          for index in 0..<range.count { target[index] = Double(source[lower &+ index]) * unit / power }
        }
      case .wide(let mantissas):
        mantissas.withUnsafeBufferPointer { source in
          for index in 0..<range.count { target[index] = Double(source[lower &+ index]) * unit / power }
        }
      case .single(let floats):
        for index in 0..<range.count { target[index] = Self.widened(floats[lower + index]) }
      case .double(let values):
        for index in 0..<range.count { target[index] = values[lower + index] }
      }
      filled = range.count
    }
    if presence != nil {
      for index in range where !isPresent(index) { values[index - lower] = .nan }
    }
    return values
  }

  /// The processor's conversion makes a signalling NaN quiet; here its bits are moved as they are.
  package static func widened(_ value: Float) -> Double {
    guard value.isNaN else { return Double(value) }
    let bits = UInt64(value.bitPattern)
    return Double(bitPattern: (bits >> 31) << 63 | 0x7ff0_0000_0000_0000 | (bits & 0x007f_ffff) << 29)
  }

  /// The Float that `widened` turns into exactly this value, if there is one.
  static func narrowed(_ value: Double) -> Float? {
    let bits = value.bitPattern
    let narrow =
      value.isNaN
      ? Float(bitPattern: UInt32(bits >> 63) << 31 | 0x7f80_0000 | UInt32(truncatingIfNeeded: bits >> 29) & 0x007f_ffff)
      : Float(value)
    return widened(narrow).bitPattern == bits ? narrow : nil
  }
}
