import HTTPTypes
import Synchronization

/// The id of a request, in its answer and in the log: the client's own where that is short and plain.
struct RequestName {
  static let field: HTTPField.Name = {
    guard let field = HTTPField.Name("X-Request-ID") else { preconditionFailure("X-Request-ID is a name of a field") }
    return field
  }()

  let text: String

  /// Nil for an id that is absent, longer than 64 bytes, or holds other than letters, digits, `-`, `_` and `.`.
  init?(_ given: String?) {
    guard let given, (1...64).contains(given.utf8.count),
      given.utf8.allSatisfy({ byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
        default: false
        }
      })
    else { return nil }
    text = given
  }

  /// One that this process has not given before, and hardly any other.
  static func fresh() -> RequestName {
    let number = count.wrappingAdd(1, ordering: .relaxed).newValue
    return RequestName(own: process + String(number, radix: 16))
  }

  private init(own text: String) { self.text = text }

  private static let process = String(UInt64.random(in: .min ... .max), radix: 16) + "-"
  private static let count = Atomic<UInt64>(0)
}
