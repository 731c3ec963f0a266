import Foundation

/// Text as HTML and as parts of links.
public enum HTML {
  /// Without what HTML would read as markup.
  public static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text.unicodeScalars {
      switch character {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }

  /// What stands unchanged in a path segment or in a query's name or value.
  private static let plain = CharacterSet(
    charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")

  static func percentEncoded(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
  }

  /// `path?name=value&…`, empty values left out.
  static func link(_ path: String, _ query: [(String, String)] = []) -> String {
    let parts = query.filter { !$0.1.isEmpty }.map { "\(percentEncoded($0.0))=\(percentEncoded($0.1))" }
    return parts.isEmpty ? path : path + "?" + parts.joined(separator: "&")
  }
}
