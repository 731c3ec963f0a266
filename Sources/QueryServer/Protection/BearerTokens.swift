import Foundation
import Records

/// Bearer tokens, of which only SHA-256 is kept.
struct BearerTokens: Sendable {
  private let digests: [Digest256]

  /// Reads one digest in hexadecimal a line; what follows it, and lines that begin with `#`, are remarks.
  init(path: String) throws {
    guard !path.isEmpty else {
      digests = []
      return
    }
    let text: String
    do { text = try String(contentsOfFile: path, encoding: .utf8) } catch {
      throw ServerError.unreadableSettings(path: path, reason: "it is not there, or it is not UTF-8")
    }
    digests = try text.split(separator: "\n").enumerated().compactMap { index, line in
      guard let word = line.split(separator: " ").first, !word.hasPrefix("#") else { return nil }
      guard let digest = Digest256(hex: String(word)) else {
        throw ServerError.unreadableSettings(path: path, reason: "line \(index + 1) does not begin with a SHA-256")
      }
      return digest
    }
  }

  var isEmpty: Bool { digests.isEmpty }

  /// Whether the value of an `Authorization` field carries one of the tokens. Takes as long for a wrong one as for a
  /// right one.
  func accept(_ authorization: String?) -> Bool {
    guard let authorization, authorization.utf8.count <= 4_096, authorization.lowercased().hasPrefix("bearer ") else {
      return false
    }
    let token = Digest256(of: String(authorization.dropFirst(7)))
    return digests.reduce(false) { found, digest in Self.isSame(digest, token) || found }
  }

  /// Looks at all bytes, wherever the first difference is.
  private static func isSame(_ one: Digest256, _ other: Digest256) -> Bool {
    zip(one.hex.utf8, other.hex.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
