import Foundation
import Records

/// Bearer tokens, of which only SHA-256 is kept, each for ever or until a day.
final class BearerTokens: Sendable {
  private struct Token {
    let digest: Digest256
    /// Seconds since 1970 from which on it is worth nothing.
    let end: Double
  }

  private let path: String
  private let now: @Sendable () -> Date
  private let held: Guarded<[Token]>

  /// Throws ``ServerError/unreadableTokens(path:reason:)``. With an empty path there are no tokens.
  init(path: String, now: @escaping @Sendable () -> Date = { Date() }) throws {
    self.path = path
    self.now = now
    held = Guarded(try Self.read(path))
  }

  /// Reads the file anew and returns how many tokens are in it. Throws like `init`; the old ones stay then.
  func renew() throws -> Int {
    let found = try Self.read(path)
    held.withLock { $0 = found }
    return found.count
  }

  /// Whether there is a token file, whatever is in it: only then may a token be needed.
  var hasFile: Bool { !path.isEmpty }

  /// What whoever runs the server should know of the tokens; nil where all is well.
  var warning: String? {
    let second = now().timeIntervalSince1970
    guard hasFile, !held.withLock({ $0 }).contains(where: { second < $0.end }) else { return nil }
    return "the token file has no valid token: requests that need one will be refused"
  }

  /// Whether the value of an `Authorization` field carries one of the tokens. Takes as long for a wrong one as for a
  /// right one.
  func accept(_ authorization: String?) -> Bool {
    guard let authorization, authorization.utf8.count <= 4_096, authorization.lowercased().hasPrefix("bearer ") else {
      return false
    }
    let token = Digest256(of: String(authorization.dropFirst(7)))
    let second = now().timeIntervalSince1970
    return held.withLock { $0 }.reduce(false) { found, known in
      Self.isSame(known.digest, token) && second < known.end || found
    }
  }

  // MARK: File

  /// A line has a digest in hexadecimal, `until` and a day where it ends, and remarks; lines that begin with `#` are
  /// remarks altogether.
  private static func read(_ path: String) throws -> [Token] {
    guard !path.isEmpty else { return [] }
    let text: String
    do { text = try String(contentsOfFile: path, encoding: .utf8) } catch {
      throw ServerError.unreadableTokens(path: path, reason: "it does not exist, or it is not UTF-8")
    }
    return try text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { index, line in
      let words = line.split { $0 == " " || $0 == "\t" || $0 == "\r" }
      guard let first = words.first, !first.hasPrefix("#") else { return nil }
      guard let digest = Digest256(hex: String(first)) else {
        throw ServerError.unreadableTokens(path: path, reason: "line \(index + 1) does not begin with a SHA-256")
      }
      guard words.count > 1, words[1] == "until" else { return Token(digest: digest, end: .infinity) }
      guard words.count > 2, let end = Self.end(ofDay: String(words[2])) else {
        throw ServerError.unreadableTokens(
          path: path, reason: "line \(index + 1) has no date after until, such as 2027-01-31")
      }
      return Token(digest: digest, end: end)
    }
  }

  /// The end of a day like `2027-01-31`, in UTC.
  private static func end(ofDay text: String) -> Double? {
    let style = Date.ISO8601FormatStyle().year().month().day()
    // A thirtieth of February would be read as a day in March.
    guard let start = try? Date(text, strategy: style), start.formatted(style) == text else { return nil }
    return start.timeIntervalSince1970 + 86_400
  }

  /// Looks at all bytes, wherever the first difference is.
  private static func isSame(_ one: Digest256, _ other: Digest256) -> Bool {
    zip(one.hex.utf8, other.hex.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
