extension FrameHeader {
  /// Reads the header of `frame` and gives where the planes start. Total: any bytes give a header that holds together or
  /// a failure, and nothing is allocated beyond a list as long as the frame.
  static func read(_ frame: UnsafeRawBufferPointer) throws(FrameFailure) -> (header: FrameHeader, end: Int) {
    var cursor = Cursor(bytes: frame)
    let first = try cursor.byte()
    guard let kind = Kind(rawValue: first & 3) else { throw FrameFailure(reason: "there is no kind 0 of frame") }
    let count = try cursor.number(atMost: AtlasFormat.longestFrame, "values")
    let bits: Int = kind == .double ? 64 : kind == .single ? 32 : 0
    var header = FrameHeader(kind: kind, count: count, bits: bits)
    header.isDelta = first & Flag.delta != 0
    header.hasAbsent = first & Flag.absent != 0
    header.rawPresence = first & Flag.rawPresence != 0
    header.isWide = first & Flag.wide != 0
    header.pieces = try pieces(first, count, &cursor)
    guard header.hasAbsent || !header.rawPresence else { throw FrameFailure(reason: "its flags contradict each other") }
    if kind == .decimal {
      header.bits = Int(try cursor.byte())
      header.digits = Int(try cursor.byte())
      header.unit = try cursor.number(atMost: 1 << 53, "units")
      if !header.isDelta { header.base = unzigzag(try cursor.varint()) }
      guard header.bits <= (header.isWide ? 64 : 32), header.digits <= mostDigits, header.unit > 0 else {
        throw FrameFailure(
          reason: "\(header.bits) bits, \(header.digits) decimals, a unit of \(header.unit) are not allowed")
      }
      guard header.isWide || Int32(exactly: header.base) != nil else {
        throw FrameFailure(reason: "the base \(header.base) is too far from 0")
      }
    } else if header.isDelta || header.isWide {
      throw FrameFailure(reason: "its flags contradict each other")
    }
    header.rawPlanes = try cursor.byte()
    guard Int(header.rawPlanes) >> header.planes == 0 else {
      throw FrameFailure(reason: "it names planes that it does not have")
    }
    return (header, cursor.position)
  }

  private static func pieces(_ first: UInt8, _ count: Int, _ cursor: inout Cursor) throws(FrameFailure) -> Pieces {
    switch (first & Flag.equalPieces != 0, first & Flag.listedPieces != 0) {
    case (false, false): return .one
    case (true, true): throw FrameFailure(reason: "its flags contradict each other")
    case (true, false):
      let length = try cursor.number(atMost: count, "values of a piece")
      guard length > 0, count.isMultiple(of: length) else {
        throw FrameFailure(reason: "\(count) values are not pieces of \(length)")
      }
      return .equal(length)
    case (false, true):
      var lengths: [Int] = []
      let number = try cursor.number(atMost: cursor.remaining, "pieces")
      lengths.reserveCapacity(number)
      var left = count
      for _ in 0..<number {
        let length = try cursor.number(atMost: left, "values of a piece")
        left -= length
        lengths.append(length)
      }
      guard left == 0 else { throw FrameFailure(reason: "its pieces have \(count - left) values of \(count)") }
      return .listed(lengths)
    }
  }

  private struct Cursor {
    let bytes: UnsafeRawBufferPointer
    var position = 0

    init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var remaining: Int { bytes.count - position }

    mutating func byte() throws(FrameFailure) -> UInt8 {
      guard position < bytes.count else { throw FrameFailure(reason: "it ends in its header") }
      defer { position += 1 }
      return bytes[position]
    }

    mutating func varint() throws(FrameFailure) -> UInt64 {
      var value: UInt64 = 0
      for shift in stride(from: UInt64(0), to: 64, by: 7) {
        let next = try byte()
        guard shift < 63 || next <= 1 else { break }
        value |= UInt64(next & 0x7f) << shift
        if next < 0x80 { return value }
      }
      throw FrameFailure(reason: "a number has more than 64 bits")
    }

    mutating func number(atMost limit: Int, _ what: String) throws(FrameFailure) -> Int {
      let value = try varint()
      guard value <= UInt64(limit) else { throw FrameFailure(reason: "\(value) \(what) are not allowed") }
      return Int(value)
    }
  }
}
