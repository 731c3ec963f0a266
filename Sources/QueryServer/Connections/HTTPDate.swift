import Foundation
import NIOCore
import Records

/// The time of day as HTTP writes it (RFC 9110 5.6.7), made once a second.
final class HTTPDate: Sendable {
  private let held = Guarded<(second: Int, text: String)>((0, ""))

  func write(to buffer: inout ByteBuffer) {
    let second = time(nil)
    let text = held.withLock { held in
      if held.second != second {
        held = (second, Self.text(second))
      }
      return held.text
    }
    buffer.writeString(text)
  }

  /// Seconds since 1970 as `Sun, 06 Nov 1994 08:49:37 GMT`.
  static func text(_ second: Int) -> String {
    var second = second
    var parts = tm()
    gmtime_r(&second, &parts)
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 30) { text in
      _ = text.baseAddress.map { strftime($0, text.count, "%a, %d %b %Y %H:%M:%S GMT", &parts) }
      return text.baseAddress.map { String(cString: $0) } ?? ""
    }
  }
}
