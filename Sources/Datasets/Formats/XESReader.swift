package import Foundation
import Records

/// A streaming reader of XES event logs: traces of events with text attributes, as IEEE 1849 has them.
///
/// It understands what a log needs (elements, attributes, comments, character references) and refuses document types,
/// so no entity is ever expanded. Attributes nested in attributes are skipped.
package struct XESReader {
  package struct Trace {
    package var attributes: [String: String] = [:]
    package var events: [[String: String]] = []
  }

  private let file: String
  private let visit: (Trace) throws -> Void
  private var tag: [UInt8] = []
  private var inTag = false
  private var quote: UInt8 = 0
  private var comment = false
  private var line = 1
  private var open: [String] = []
  private var trace = Trace()
  private var event: [String: String] = [:]

  private init(file: String, visit: @escaping (Trace) throws -> Void) {
    self.file = file
    self.visit = visit
  }

  /// Visits every trace of a gzip-compressed log.
  package static func forEachTrace(in file: URL, _ body: (Trace) throws -> Void) throws {
    try withoutActuallyEscaping(body) { visit in
      var reader = XESReader(file: file.path, visit: visit)
      try GzipReader.forEachPiece(of: file) { try reader.feed($0) }
      guard !reader.inTag, reader.open.isEmpty else { throw reader.malformed("the log ends inside an element") }
    }
  }

  private func malformed(_ problem: String) -> DatasetError {
    .malformedRow(
      file: file, line: line, column: nil, problem: problem,
      remedy: "download the log again from its publisher")
  }

  private mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>) throws {
    for byte in bytes {
      if byte == UInt8(ascii: "\n") { line += 1 }
      guard inTag else {
        if byte == UInt8(ascii: "<") {
          inTag = true
          comment = false
          tag.removeAll(keepingCapacity: true)
        }
        continue
      }
      guard tag.count < 1 << 20 else { throw malformed("an element of more than 1 MiB") }
      if tag.count == 3, tag.elementsEqual("!--".utf8) { comment = true }
      if byte == UInt8(ascii: ">"), quote == 0, !comment || (tag.count >= 5 && tag.suffix(2).elementsEqual("--".utf8)) {
        inTag = false
        if !comment { try element() }
        continue
      }
      if !comment {
        if quote != 0 {
          if byte == quote { quote = 0 }
        } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
          quote = byte
        } else if byte == UInt8(ascii: "<") {
          throw malformed("< inside an element")
        }
      }
      tag.append(byte)
    }
  }

  private mutating func element() throws {
    guard let first = tag.first else { throw malformed("an element without a name") }
    if first == UInt8(ascii: "?") { return }
    if first == UInt8(ascii: "!") { throw malformed("document types and CDATA are not read") }
    if first == UInt8(ascii: "/") {
      let name = String(decoding: tag.dropFirst(), as: UTF8.self).trimmingCharacters(in: .whitespaces)
      guard open.popLast() == name else { throw malformed("</\(name)> closes what is not open") }
      if name == "event", open.last == "trace" {
        trace.events.append(event)
      } else if name == "trace" {
        try visit(trace)
      }
      return
    }
    let selfClosing = tag.last == UInt8(ascii: "/")
    let body = selfClosing ? tag.dropLast() : tag[...]
    let nameEnd = body.firstIndex(where: isSpace) ?? body.endIndex
    let name = String(decoding: body[..<nameEnd], as: UTF8.self)
    if name == "trace" {
      trace = Trace()
      if selfClosing { try visit(trace) }
    } else if name == "event" {
      event = [:]
      if selfClosing, open.last == "trace" { trace.events.append(event) }
    } else if open.last == "trace" || open.last == "event", let (key, value) = try keyAndValue(body[nameEnd...]) {
      if open.last == "event" { event[key] = value } else { trace.attributes[key] = value }
    }
    if !selfClosing {
      open.append(name)
      guard open.count <= 64 else { throw malformed("elements nested more than 64 deep") }
    }
  }

  private func keyAndValue(_ text: ArraySlice<UInt8>) throws -> (String, String)? {
    var key: String?
    var value: String?
    var rest = text.drop(while: isSpace)
    while !rest.isEmpty {
      guard let equals = rest.firstIndex(of: UInt8(ascii: "=")) else { throw malformed("an attribute without a value") }
      let name = String(decoding: rest[..<equals], as: UTF8.self).trimmingCharacters(in: .whitespaces)
      rest = rest[(equals + 1)...].drop(while: isSpace)
      guard let mark = rest.first, mark == UInt8(ascii: "\"") || mark == UInt8(ascii: "'"),
        let end = rest.dropFirst().firstIndex(of: mark)
      else { throw malformed("the attribute \(name) is not quoted") }
      let content = rest[(rest.startIndex + 1)..<end]
      if name == "key" { key = try decoded(content) } else if name == "value" { value = try decoded(content) }
      rest = rest[(end + 1)...].drop(while: isSpace)
    }
    guard let key, let value else { return nil }
    return (key, value)
  }

  private func decoded(_ content: ArraySlice<UInt8>) throws -> String {
    let text = String(decoding: content, as: UTF8.self)
    guard content.contains(UInt8(ascii: "&")) else { return text }
    var parts = text.split(separator: "&", omittingEmptySubsequences: false)[...]
    var result = String(parts.removeFirst())
    for part in parts {
      guard let end = part.firstIndex(of: ";"), let character = Self.character(part[..<end]) else {
        throw malformed("the reference &\(part.prefix(12)) is unknown")
      }
      result.append(character)
      result += part[part.index(after: end)...]
    }
    return result
  }

  private static func character(_ name: Substring) -> Character? {
    switch name {
    case "amp": return "&"
    case "lt": return "<"
    case "gt": return ">"
    case "quot": return "\""
    case "apos": return "'"
    default:
      guard name.first == "#" else { return nil }
      let digits = name.dropFirst()
      let number = digits.first == "x" ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
      return number.flatMap(Unicode.Scalar.init).map(Character.init)
    }
  }
}

private func isSpace(_ byte: UInt8) -> Bool {
  byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d
}
