package import Foundation
import Records

/// A strict, fast reader of comma-separated tables: RFC 4180 quoting, LF or CRLF, a fixed header, a fixed width.
///
/// Rows are visited in place over the file's bytes; a field is copied only where it holds a doubled quote.
package struct CSVReader {
  package let file: String
  package let columns: [String]
  package let remedy: String

  package init(file: String, columns: [String], remedy: String) {
    self.file = file
    self.columns = columns
    self.remedy = remedy
  }

  /// One row while it is visited.
  package struct Row {
    /// The line on which the row begins, from 1.
    package fileprivate(set) var line = 1
    fileprivate let bytes: UnsafeBufferPointer<UInt8>
    fileprivate var bounds: [Range<Int>]
    /// Column → text, where the bytes of the file are not the text.
    fileprivate var rewritten: [Int: [UInt8]] = [:]
    fileprivate let reader: CSVReader

    /// The field's bytes, valid within `body`.
    package func withBytes<R>(_ column: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R {
      if !rewritten.isEmpty, let text = rewritten[column] { return try text.withUnsafeBufferPointer(body) }
      return try body(UnsafeBufferPointer(rebasing: bytes[bounds[column]]))
    }

    package func text(_ column: Int) -> String { withBytes(column) { String(decoding: $0, as: UTF8.self) } }

    /// A finite decimal number; nil for an empty field.
    package func optionalNumber(_ column: Int) throws -> Double? {
      try withBytes(column) { field in
        if field.isEmpty { return nil }
        guard let value = DecimalNumber.parse(field) else {
          throw malformed(column, "\(String(decoding: field, as: UTF8.self).debugDescription) is not a decimal number")
        }
        return value
      }
    }

    package func number(_ column: Int) throws -> Double {
      guard let value = try optionalNumber(column) else {
        throw malformed(column, "\(reader.columns[column]) is empty; a number is needed")
      }
      return value
    }

    package func malformed(_ column: Int?, _ problem: String) -> DatasetError {
      reader.malformed(line, column.map { $0 + 1 }, problem)
    }
  }

  /// Calls `body` for every row after the header.
  package func forEachRow(in data: Data, _ body: (borrowing Row) throws -> Void) throws {
    try data.withUnsafeBytes { raw in
      try scan(raw.bindMemory(to: UInt8.self), body)
    }
  }

  private func scan(_ bytes: UnsafeBufferPointer<UInt8>, _ body: (borrowing Row) throws -> Void) throws {
    var row = Row(bytes: bytes, bounds: [], reader: self)
    row.bounds.reserveCapacity(columns.count)
    var position = 0
    var line = 1
    var header = true
    while position < bytes.count || header {
      row.line = line
      try readRow(bytes, &position, &line, &row)
      if header {
        let found = (0..<row.bounds.count).map { row.text($0) }
        guard found == columns else {
          throw malformed(
            1, nil, "the header is \(found.joined(separator: ",")), expected \(columns.joined(separator: ","))")
        }
        header = false
        continue
      }
      guard row.bounds.count == columns.count else {
        throw malformed(row.line, nil, "\(row.bounds.count) fields, expected \(columns.count)")
      }
      try body(row)
    }
  }

  private func readRow(
    _ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int, _ line: inout Int, _ row: inout Row
  ) throws {
    row.bounds.removeAll(keepingCapacity: true)
    if !row.rewritten.isEmpty { row.rewritten.removeAll() }
    while true {
      let start = position
      var end: Int
      if position < bytes.count, bytes[position] == Self.quote {
        end = try quotedField(bytes, &position, &line, &row)
        row.bounds.append(start + 1..<end)
      } else {
        while position < bytes.count {
          let byte = bytes[position]
          if byte == Self.comma || byte == Self.lineFeed { break }
          if byte == Self.quote {
            throw malformed(line, row.bounds.count + 1, "a quote inside a field that is not quoted")
          }
          position += 1
        }
        end = position
        let ended = position == bytes.count || bytes[position] == Self.lineFeed
        if ended, end > start, bytes[end - 1] == Self.carriageReturn { end -= 1 }
        if bytes[start..<end].contains(Self.carriageReturn) {
          throw malformed(line, row.bounds.count + 1, "a carriage return inside a field that is not quoted")
        }
        row.bounds.append(start..<end)
      }
      guard row.bounds.count <= columns.count else {
        throw malformed(line, nil, "more than \(columns.count) fields")
      }
      if position == bytes.count { return }
      position += 1
      if bytes[position - 1] == Self.lineFeed {
        line += 1
        return
      }
    }
  }

  /// Leaves `position` at the separator or the end; returns where the text within the quotes ends.
  private func quotedField(
    _ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int, _ line: inout Int, _ row: inout Row
  ) throws -> Int {
    let column = row.bounds.count
    let startLine = line
    position += 1
    let start = position
    var doubled = false
    while position < bytes.count {
      if bytes[position] == Self.quote {
        guard position + 1 < bytes.count, bytes[position + 1] == Self.quote else { break }
        doubled = true
        position += 1
      } else if bytes[position] == Self.lineFeed {
        line += 1
      }
      position += 1
    }
    guard position < bytes.count else { throw malformed(startLine, column + 1, "the quoted field does not end") }
    let end = position
    position += 1
    if position + 1 < bytes.count, bytes[position] == Self.carriageReturn, bytes[position + 1] == Self.lineFeed {
      position += 1
    }
    guard position == bytes.count || bytes[position] == Self.comma || bytes[position] == Self.lineFeed else {
      throw malformed(line, column + 1, "text after the closing quote")
    }
    if doubled {
      var text: [UInt8] = []
      var at = start
      while at < end {
        text.append(bytes[at])
        at += bytes[at] == Self.quote ? 2 : 1
      }
      row.rewritten[column] = text
    }
    return end
  }

  fileprivate func malformed(_ line: Int, _ column: Int?, _ problem: String) -> DatasetError {
    .malformedRow(file: file, line: line, column: column, problem: problem, remedy: remedy)
  }

  private static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")
}
