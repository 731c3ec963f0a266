import ArgumentParser
import Surrogates

/// A predictor as users type it: its name and, behind colons, perhaps `encoding=A+B`, `transform=NAME` and `as=LABEL`.
struct PredictorSpelling {
  let name: String
  let encodings: [EncodingChoice]
  let transform: String?
  /// What it is called in a comparison.
  let label: String?

  private static let settings = ["encoding", "transform", "as"]

  /// Throws for settings that there are not and for those that are there twice or empty.
  init(_ text: String) throws {
    // Names of encodings may have colons too: `measurement:synflow`.
    var parts: [Substring] = []
    for part in text.split(separator: ":", omittingEmptySubsequences: false) {
      if let last = parts.last, !part.contains(/^[a-z]+=/) {
        parts[parts.count - 1] = text[last.startIndex..<part.endIndex]
      } else {
        parts.append(part)
      }
    }
    var found: [String: String] = [:]
    for part in parts.dropFirst() {
      let words = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard words.count == 2, Self.settings.contains(String(words[0])) else {
        throw ValidationError("unknown setting \(words[0]) in \(text); allowed: encoding=, transform=, as=")
      }
      guard !words[1].isEmpty, found.updateValue(String(words[1]), forKey: String(words[0])) == nil else {
        throw ValidationError("\(words[0]) in \(text) is empty or repeated; give it once, with a value")
      }
    }
    name = String(parts.first ?? "")
    encodings = (found["encoding"] ?? "").split(separator: "+").map { EncodingChoice(String($0)) }
    transform = found["transform"]
    label = found["as"] ?? (found.isEmpty ? nil : text)
  }

  /// The entries of a list, parted by commas that stand in no brackets.
  static func list(_ text: String) -> [String] {
    var depth = 0
    var entries = [""]
    for character in text {
      if character == "[" { depth += 1 }
      if character == "]" { depth -= 1 }
      if character == ",", depth <= 0 { entries.append("") } else { entries[entries.count - 1].append(character) }
    }
    return entries
  }
}
