/// The spelling of names that any source may add: of counts, costs, tasks and axes.
package enum PlainName {
  package static let allowed = "lower-case letters, digits and underscores, a letter first"

  /// One to 64 characters of ``allowed``.
  package static func isWord(_ name: some StringProtocol) -> Bool {
    guard let first = name.utf8.first, isLetter(first), name.utf8.count <= 64 else { return false }
    return name.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_") }
  }

  /// A word, with or without conditions in brackets: `latency_milliseconds[batch=1]`.
  package static func isCost(_ name: String) -> Bool {
    guard let start = name.firstIndex(of: "[") else { return isWord(name) }
    let conditions = name[start...].dropFirst().dropLast()
    return isWord(name[..<start]) && name.last == "]" && !conditions.isEmpty && name.utf8.count <= 200
      && conditions.utf8.allSatisfy { (0x20...0x7e).contains($0) && $0 != UInt8(ascii: "[") && $0 != UInt8(ascii: "]") }
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte) }
}
