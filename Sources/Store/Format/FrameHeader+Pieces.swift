extension FrameHeader {
  var lengths: [Int] {
    switch pieces {
    case .one: [count]
    case .equal(let length): [Int](repeating: length, count: count / length)
    case .listed(let lengths): lengths
    }
  }

  /// Where a piece lies among the values; nil where there is no such piece.
  func range(ofPiece piece: Int) -> Range<Int>? {
    guard piece >= 0 else { return nil }
    switch pieces {
    case .one: return piece == 0 ? 0..<count : nil
    case .equal(let length):
      guard piece < count / length else { return nil }
      return piece * length..<(piece + 1) * length
    case .listed(let lengths):
      guard piece < lengths.count else { return nil }
      let start = lengths[..<piece].reduce(0, +)
      return start..<start + lengths[piece]
    }
  }

  /// Visits the pieces that have values, in order, until `body` gives false.
  @inline(__always)
  func forEachPiece(_ body: (Range<Int>) -> Bool) {
    var start = 0
    switch pieces {
    case .one:
      if count > 0 { _ = body(0..<count) }
    case .equal(let length):
      while start < count, body(start..<start + length) { start += length }
    case .listed(let lengths):
      for length in lengths where length > 0 {
        guard body(start..<start + length) else { return }
        start += length
      }
    }
  }
}
