import Foundation

/// What a JSON decoder passes over or explains badly: members that an object has twice, and NaN without quotes.
struct JSONText {
  /// Names of the objects that are open, each object's one after another.
  private var names: [Name] = []
  /// For every open object the number of names before it, for every open array -1.
  private var openings: [Int] = []

  private struct Name {
    let start: Int
    let end: Int
    /// True where equal names may have different bytes: one has an escape or a character beyond ASCII.
    let isComplex: Bool
  }

  /// Up to this many names of an object are compared pair by pair.
  private static let fewNames = 24

  /// The first member that an object of `text` has twice; `text` is valid JSON. O(n log n) in its length.
  mutating func doubledMember(in text: UnsafeBufferPointer<UInt8>) -> String? {
    names.removeAll(keepingCapacity: true)
    openings.removeAll(keepingCapacity: true)
    var isName = false
    var place = 0
    while place < text.count {
      switch text[place] {
      case UInt8(ascii: "\""):
        let string = Self.string(in: text, from: place)
        if isName { names.append(string) }
        isName = false
        place = string.end
      case UInt8(ascii: "{"):
        openings.append(names.count)
        isName = true
      case UInt8(ascii: "["):
        openings.append(-1)
        isName = false
      case UInt8(ascii: ","): isName = openings.last ?? -1 >= 0
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        isName = false
        guard let first = openings.popLast(), first >= 0 else { break }
        if let found = doubled(from: first, in: text) { return found }
        names.removeSubrange(first...)
      default: break
      }
      place += 1
    }
    return nil
  }

  /// The string whose quote is at `start`; its end is the place of the other quote.
  private static func string(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Name {
    var place = start + 1
    var isComplex = false
    while place < text.count, text[place] != UInt8(ascii: "\"") {
      if text[place] == UInt8(ascii: "\\") {
        isComplex = true
        place += 1
      } else if text[place] >= 0x80 {
        isComplex = true
      }
      place += 1
    }
    return Name(start: start + 1, end: min(place, text.count), isComplex: isComplex)
  }

  private func doubled(from first: Int, in text: UnsafeBufferPointer<UInt8>) -> String? {
    let own = names[first...]
    guard own.count > 1 else { return nil }
    if own.count > Self.fewNames || own.contains(where: \.isComplex) {
      // Equal as the decoder's dictionaries compare texts: by characters.
      var seen: Set<String> = []
      return own.lazy.map { Self.decoded($0, in: text) }.first { !seen.insert($0).inserted }
    }
    for index in own.indices.dropFirst() {
      let name = own[index]
      let length = name.end - name.start
      for other in own[..<index] where other.end - other.start == length {
        if text[name.start..<name.end].elementsEqual(text[other.start..<other.end]) {
          return Self.decoded(name, in: text)
        }
      }
    }
    return nil
  }

  private static func decoded(_ name: Name, in text: UnsafeBufferPointer<UInt8>) -> String {
    let raw = UnsafeBufferPointer(rebasing: text[name.start..<name.end])
    let plain = String(decoding: raw, as: UTF8.self)
    guard name.isComplex else { return plain }
    return (try? JSONDecoder().decode([String].self, from: Data("[\"".utf8) + Data(raw) + Data("\"]".utf8)))?.first
      ?? plain
  }

  /// The first number that is not finite and is written without quotes, as many programs write it: `NaN`, `-Infinity`.
  static func bareNonFinite(in text: UnsafeBufferPointer<UInt8>) -> (found: String, written: String)? {
    var place = 0
    while place < text.count {
      if text[place] == UInt8(ascii: "\"") {
        place = string(in: text, from: place).end + 1
        continue
      }
      let start = place
      while place < text.count, isLetterOrSign(text[place]) { place += 1 }
      if place == start {
        place += 1
        continue
      }
      let word = String(decoding: text[start..<place], as: UTF8.self)
      let isNegative = word.hasPrefix("-")
      switch word.lowercased().drop(while: { $0 == "-" || $0 == "+" }) {
      case "nan": return (word, "nan")
      case "inf", "infinity": return (word, isNegative ? "-inf" : "inf")
      default: break
      }
    }
    return nil
  }

  private static func isLetterOrSign(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: "+")
  }
}
