/// What stands before the planes of a frame; `docs/file-format.md` has the layout.
struct FrameHeader {
  enum Kind: UInt8 {
    case decimal = 1
    case single = 2
    case double = 3
  }

  enum Pieces: Equatable {
    case one
    /// Every piece has this many values.
    case equal(Int)
    case listed([Int])
  }

  /// Bits of the first byte above the kind.
  enum Flag {
    static let delta: UInt8 = 1 << 2
    static let absent: UInt8 = 1 << 3
    static let equalPieces: UInt8 = 1 << 4
    static let listedPieces: UInt8 = 1 << 5
    static let rawPresence: UInt8 = 1 << 6
    static let wide: UInt8 = 1 << 7
  }

  static let mostDigits = 15
  /// Powers of ten up to 10^15 are exact.
  static let powers: [Double] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15]

  var kind: Kind
  var count: Int
  var pieces: Pieces = .one
  var isDelta = false
  var hasAbsent = false
  /// Mantissas need 64 bits.
  var isWide = false
  /// Decimals behind the point.
  var digits = 0
  var unit = 1
  /// What residuals are added to, where they are no deltas.
  var base: Int64 = 0
  /// Bits that the largest residual needs.
  var bits: Int
  /// Bit p is set where plane p is not packed.
  var rawPlanes: UInt8 = 0
  var rawPresence = false

  var planes: Int { (bits + 7) / 8 }

  /// Bits a value in the last plane: 1, 2, 4 or 8. Few bits a value, several values a byte: fewer bytes to unpack.
  var lastWidth: Int {
    switch bits - 8 * (planes - 1) {
    case 1: 1
    case 2: 2
    case 3, 4: 4
    default: 8
    }
  }

  func bytes(ofPlane plane: Int) -> Int { plane < planes - 1 ? count : (count * lastWidth + 7) / 8 }

  func isRaw(_ plane: Int) -> Bool { rawPlanes >> UInt8(plane) & 1 == 1 }

  var presenceBytes: Int { hasAbsent ? (count + 7) / 8 : 0 }

  func write(to bytes: inout [UInt8]) {
    var first = kind.rawValue
    if isDelta { first |= Flag.delta }
    if hasAbsent { first |= Flag.absent }
    if rawPresence { first |= Flag.rawPresence }
    if isWide { first |= Flag.wide }
    switch pieces {
    case .one: break
    case .equal: first |= Flag.equalPieces
    case .listed: first |= Flag.listedPieces
    }
    bytes.append(first)
    Self.append(UInt64(count), to: &bytes)
    switch pieces {
    case .one: break
    case .equal(let length): Self.append(UInt64(length), to: &bytes)
    case .listed(let lengths):
      Self.append(UInt64(lengths.count), to: &bytes)
      for length in lengths { Self.append(UInt64(length), to: &bytes) }
    }
    if kind == .decimal {
      bytes.append(UInt8(bits))
      bytes.append(UInt8(digits))
      Self.append(UInt64(unit), to: &bytes)
      if !isDelta { Self.append(Self.zigzag(base), to: &bytes) }
    }
    bytes.append(rawPlanes)
  }

  static func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: (value &<< 1) ^ (value &>> 63)) }
  static func unzigzag(_ value: UInt64) -> Int64 { Int64(bitPattern: (value &>> 1) ^ (0 &- (value & 1))) }

  private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
    var rest = number
    while rest > 0x7f {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
