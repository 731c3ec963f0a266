/// Comma-separated tables, read and written: RFC 4180 quoting, LF or CRLF.
package enum CSV {
  // MARK: Writing

  /// A field, in quotes where it needs them.
  package static func field(_ text: String) -> String {
    let needsQuotes = text.utf8.contains { $0 == quote || $0 == comma || $0 == lineFeed || $0 == carriageReturn }
    return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }

  /// A line of fields, without its end.
  package static func line(_ fields: [String]) -> String { fields.map(field).joined(separator: ",") }

  // MARK: Reading

  /// Where a table is none.
  package struct Fault: Error {
    /// From 1.
    package let line: Int
    /// From 1; nil where the whole row is meant.
    package let column: Int?
    package let problem: String
  }

  /// One row while it is visited, in place over the bytes; a field is copied only where it holds a doubled quote.
  package struct Row {
    /// The line on which the row begins, from 1.
    package fileprivate(set) var line = 1
    private let bytes: UnsafeBufferPointer<UInt8>
    fileprivate var bounds: [Range<Int>] = []
    /// Column → text, where the bytes of the table are not the text.
    fileprivate var rewritten: [Int: [UInt8]] = [:]

    fileprivate init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    package var fieldCount: Int { bounds.count }
    /// True for a line without a character.
    package var isEmpty: Bool { bounds.count == 1 && bounds[0].isEmpty }

    /// The field's bytes, valid within `body`.
    package func withBytes<R>(_ column: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R {
      if !rewritten.isEmpty, let text = rewritten[column] { return try text.withUnsafeBufferPointer(body) }
      return try body(UnsafeBufferPointer(rebasing: bytes[bounds[column]]))
    }

    package func text(_ column: Int) -> String { withBytes(column) { String(decoding: $0, as: UTF8.self) } }
  }

  /// Calls `body` for every row, the header too; `columns` are the most that a row may have. Throws ``Fault``, and what
  /// `body` throws.
  package static func scan(
    _ bytes: UnsafeBufferPointer<UInt8>, atMost columns: Int, _ body: (borrowing Row) throws -> Void
  ) throws {
    var scanner = Scanner(bytes: bytes, columns: columns)
    var row = Row(bytes)
    repeat {
      try scanner.read(&row)
      try body(row)
    } while scanner.position < bytes.count
  }

  private struct Scanner {
    let bytes: UnsafeBufferPointer<UInt8>
    let columns: Int
    var position = 0
    var line = 1

    mutating func read(_ row: inout Row) throws(Fault) {
      row.line = line
      row.bounds.removeAll(keepingCapacity: true)
      if !row.rewritten.isEmpty { row.rewritten.removeAll() }
      while true {
        let start = position
        var end: Int
        if position < bytes.count, bytes[position] == quote {
          end = try quotedField(&row)
          row.bounds.append(start + 1..<end)
        } else {
          while position < bytes.count {
            let byte = bytes[position]
            if byte == comma || byte == lineFeed { break }
            if byte == quote {
              throw Fault(
                line: line, column: row.bounds.count + 1, problem: "a quote inside a field that is not quoted")
            }
            position += 1
          }
          end = position
          let ended = position == bytes.count || bytes[position] == lineFeed
          if ended, end > start, bytes[end - 1] == carriageReturn { end -= 1 }
          if bytes[start..<end].contains(carriageReturn) {
            throw Fault(
              line: line, column: row.bounds.count + 1, problem: "a carriage return inside a field that is not quoted")
          }
          row.bounds.append(start..<end)
        }
        guard row.bounds.count <= columns else {
          throw Fault(line: line, column: nil, problem: "more than \(columns) fields")
        }
        if position == bytes.count { return }
        position += 1
        if bytes[position - 1] == lineFeed {
          line += 1
          return
        }
      }
    }

    /// Leaves `position` at the separator or the end; returns where the text within the quotes ends.
    private mutating func quotedField(_ row: inout Row) throws(Fault) -> Int {
      let column = row.bounds.count
      let startLine = line
      position += 1
      let start = position
      var doubled = false
      while position < bytes.count {
        if bytes[position] == quote {
          guard position + 1 < bytes.count, bytes[position + 1] == quote else { break }
          doubled = true
          position += 1
        } else if bytes[position] == lineFeed {
          line += 1
        }
        position += 1
      }
      guard position < bytes.count else {
        throw Fault(line: startLine, column: column + 1, problem: "the quoted field does not end")
      }
      let end = position
      position += 1
      if position + 1 < bytes.count, bytes[position] == carriageReturn, bytes[position + 1] == lineFeed {
        position += 1
      }
      guard position == bytes.count || bytes[position] == comma || bytes[position] == lineFeed else {
        throw Fault(line: line, column: column + 1, problem: "text after the closing quote")
      }
      if doubled {
        var text: [UInt8] = []
        var at = start
        while at < end {
          text.append(bytes[at])
          at += bytes[at] == quote ? 2 : 1
        }
        row.rewritten[column] = text
      }
      return end
    }
  }

  private static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")
}
