/// Numbers of one type in an ``ArrayFile``, little-endian there.
public enum NumberArray: Hashable, Sendable {
  case doubles([Double])
  case floats([Float])
  case integers([Int32])
  case bytes([UInt8])

  /// What the header calls the type.
  var typeName: String {
    switch self {
    case .doubles: "f64"
    case .floats: "f32"
    case .integers: "i32"
    case .bytes: "u8"
    }
  }

  var count: Int {
    switch self {
    case .doubles(let values): values.count
    case .floats(let values): values.count
    case .integers(let values): values.count
    case .bytes(let values): values.count
    }
  }

  /// Little-endian bytes.
  var encoded: [UInt8] {
    switch self {
    case .doubles(let values): Self.bytes(values.map(\.bitPattern.littleEndian))
    case .floats(let values): Self.bytes(values.map(\.bitPattern.littleEndian))
    case .integers(let values): Self.bytes(values.map(\.littleEndian))
    case .bytes(let values): values
    }
  }

  /// Bytes of one number of the type; nil for a name that is none.
  static func width(of typeName: String) -> Int? {
    ["f64": 8, "f32": 4, "i32": 4, "u8": 1][typeName]
  }

  /// Reads `bytes`, a whole number of numbers of the type; nil for a name that is none.
  init?(_ typeName: String, _ bytes: UnsafeRawBufferPointer) {
    switch typeName {
    case "f64":
      self = .doubles(
        stride(from: 0, to: bytes.count, by: 8).map {
          Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt64.self)))
        })
    case "f32":
      self = .floats(
        stride(from: 0, to: bytes.count, by: 4).map {
          Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self)))
        })
    case "i32":
      self = .integers(
        stride(from: 0, to: bytes.count, by: 4).map {
          Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: Int32.self))
        })
    case "u8": self = .bytes(Array(bytes))
    default: return nil
    }
  }

  private static func bytes(_ words: [some FixedWidthInteger]) -> [UInt8] { words.withUnsafeBytes(Array.init) }
}
