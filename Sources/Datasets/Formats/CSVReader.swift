package import Foundation
import Records

/// A strict, fast reader of tables with a fixed header and a fixed width.
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
  package struct Row: ~Copyable {
    fileprivate let fields: CSV.Row
    fileprivate let reader: CSVReader

    /// The line on which the row begins, from 1.
    package var line: Int { fields.line }

    /// The field's bytes, valid within `body`.
    package func withBytes<R>(_ column: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R {
      try fields.withBytes(column, body)
    }

    package func text(_ column: Int) -> String { fields.text(column) }

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
    var isHeader = true
    do {
      try data.withUnsafeBytes { raw in
        try CSV.scan(raw.bindMemory(to: UInt8.self), atMost: columns.count) { row in
          if isHeader {
            isHeader = false
            let found = (0..<row.fieldCount).map { row.text($0) }
            guard found == columns else {
              throw malformed(
                1, nil, "the header is \(found.joined(separator: ",")), expected \(columns.joined(separator: ","))")
            }
            return
          }
          guard row.fieldCount == columns.count else {
            throw malformed(row.line, nil, "\(row.fieldCount) fields, expected \(columns.count)")
          }
          try body(Row(fields: copy row, reader: self))
        }
      }
    } catch let fault as CSV.Fault {
      throw malformed(fault.line, fault.column, fault.problem)
    }
  }

  fileprivate func malformed(_ line: Int, _ column: Int?, _ problem: String) -> DatasetError {
    .malformedRow(file: file, line: line, column: column, problem: problem, remedy: remedy)
  }
}
