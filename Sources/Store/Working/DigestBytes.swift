import Foundation
import Records

extension Digest256 {
  /// The 32 bytes of the digest, as tables hold them.
  var bytes: Data { Data(hexadecimal: hex) }

  /// Nil for anything but 32 bytes.
  init?(bytes: Data) { self.init(hex: bytes.hexadecimal) }
}

extension ArchitectureID {
  /// The 16 bytes of the id, as tables hold them.
  var bytes: Data { Data(hexadecimal: hex) }

  /// Nil for anything but 16 bytes.
  init?(bytes: Data) { self.init(hex: bytes.hexadecimal) }
}

extension Data {
  /// `digits` come from a digest, so they are an even number of hexadecimal digits.
  fileprivate init(hexadecimal digits: String) {
    self.init()
    reserveCapacity(32)
    var high: UInt8?
    for digit in digits.utf8 {
      let value = digit >= UInt8(ascii: "a") ? digit - UInt8(ascii: "a") + 10 : digit - UInt8(ascii: "0")
      if let first = high {
        append(first << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
  }

  fileprivate var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(2 * count)
    for byte in self {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
