/// From planes to values: the inner loops of unpacking. All sums wrap around, so that damaged residuals give some number
/// and not a trap.
struct PlaneMerging {
  let header: FrameHeader
  let planes: FramePlanes

  func singles(in range: Range<Int>) -> [Float] {
    [Float](unsafeUninitializedCapacity: range.count) { target, filled in
      merge(range, into: UnsafeMutableRawBufferPointer(target).bindMemory(to: UInt32.self))
      filled = range.count
    }
  }

  func doubles(in range: Range<Int>) -> [Double] {
    [Double](unsafeUninitializedCapacity: range.count) { target, filled in
      merge(range, into: UnsafeMutableRawBufferPointer(target).bindMemory(to: UInt64.self))
      filled = range.count
    }
  }

  /// Mantissas as signed numbers as wide as `Residual`.
  @inline(__always)
  func mantissas<Residual: UnsignedInteger & FixedWidthInteger, Mantissa: SignedInteger & FixedWidthInteger>(
    _: Residual.Type, in range: Range<Int>
  ) -> [Mantissa] {
    [Mantissa](unsafeUninitializedCapacity: range.count) { target, filled in
      let words = UnsafeMutableRawBufferPointer(target).bindMemory(to: Residual.self)
      if header.isDelta {
        sum(range, into: words)
      } else {
        merge(range, into: words)
        let base = Residual(truncatingIfNeeded: header.base)
        for index in 0..<range.count { words[index] = words[index] &+ base }
      }
      filled = range.count
    }
  }

  /// Undoes the steps of the pieces that meet `range`.
  @inline(__always)
  private func sum<Residual: UnsignedInteger & FixedWidthInteger>(
    _ range: Range<Int>, into target: UnsafeMutableBufferPointer<Residual>
  ) {
    guard !range.isEmpty else { return }
    merge(range, into: target)
    var first: Residual = 0
    header.forEachPiece { piece in
      guard piece.lowerBound < range.upperBound else { return false }
      first = first &+ Self.unzigzag(residual(at: piece.lowerBound))
      var value = first
      if piece.lowerBound >= range.lowerBound { target[piece.lowerBound - range.lowerBound] = value }
      guard piece.upperBound > range.lowerBound else { return true }
      let unseen = piece.lowerBound + 1..<max(piece.lowerBound + 1, min(piece.upperBound, range.lowerBound))
      for index in unseen { value = value &+ Self.unzigzag(residual(at: index)) }
      for index in unseen.upperBound &- range.lowerBound..<min(piece.upperBound, range.upperBound) &- range.lowerBound {
        value = value &+ Self.unzigzag(target[index])
        target[index] = value
      }
      return true
    }
  }

  @inline(__always)
  private static func unzigzag<Residual: UnsignedInteger & FixedWidthInteger>(_ value: Residual) -> Residual {
    (value &>> 1) ^ (0 &- (value & 1))
  }

  @inline(__always)
  private func residual<Residual: UnsignedInteger & FixedWidthInteger>(at index: Int) -> Residual {
    var residual: Residual = 0
    for plane in 0..<fullPlanes {
      guard let bytes = planes[plane] else { break }
      residual |= Residual(truncatingIfNeeded: bytes[index]) &<< Residual(truncatingIfNeeded: 8 * plane)
    }
    if fullPlanes < header.planes, let bytes = planes[fullPlanes] {
      residual |=
        Residual(truncatingIfNeeded: part(of: bytes, at: index)) &<< Residual(truncatingIfNeeded: 8 * fullPlanes)
    }
    return residual
  }

  /// Planes of one byte a value.
  private var fullPlanes: Int { header.lastWidth == 8 ? header.planes : header.planes - 1 }

  /// What the last plane holds of one value, where it holds several values a byte.
  @inline(__always)
  private func part(of bytes: UnsafePointer<UInt8>, at index: Int) -> UInt8 {
    let width = header.lastWidth
    let place = index &* width
    return bytes[place &>> 3] &>> UInt8(truncatingIfNeeded: place & 7) & UInt8(truncatingIfNeeded: 1 &<< width &- 1)
  }

  /// Joins byte p of every word from plane p.
  @inline(__always)
  private func merge<Word: UnsignedInteger & FixedWidthInteger>(
    _ range: Range<Int>, into target: UnsafeMutableBufferPointer<Word>
  ) {
    guard let words = target.baseAddress, !range.isEmpty else { return }
    let count = range.count
    var merged = 0
    let full = fullPlanes
    if full > 1, let low = planes[0], let high = planes[1] {
      let low = low + range.lowerBound
      let high = high + range.lowerBound
      for index in 0..<count {
        words[index] = Word(truncatingIfNeeded: low[index]) | Word(truncatingIfNeeded: high[index]) &<< 8
      }
      merged = 2
    } else if full > 0, let only = planes[0] {
      let only = only + range.lowerBound
      for index in 0..<count { words[index] = Word(truncatingIfNeeded: only[index]) }
      merged = 1
    } else {
      for index in 0..<count { words[index] = 0 }
    }
    while merged < full, let bytes = planes[merged] {
      let bytes = bytes + range.lowerBound
      let shift = Word(truncatingIfNeeded: 8 * merged)
      for index in 0..<count { words[index] |= Word(truncatingIfNeeded: bytes[index]) &<< shift }
      merged += 1
    }
    guard full < header.planes, let bytes = planes[full] else { return }
    let width = header.lastWidth
    let mask = Word(1) &<< Word(truncatingIfNeeded: width) &- 1
    let shift = Word(truncatingIfNeeded: 8 * full)
    var place = range.lowerBound * width
    for index in 0..<count {
      let part = Word(truncatingIfNeeded: bytes[place &>> 3]) &>> Word(truncatingIfNeeded: place & 7) & mask
      words[index] |= part &<< shift
      place = place &+ width
    }
  }
}
