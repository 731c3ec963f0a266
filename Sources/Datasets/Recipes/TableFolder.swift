import Foundation
import Records

/// The tables of one data set in a folder, as tools/setup leaves them.
struct TableFolder {
  let folder: URL

  func forEachRow(_ file: String, _ columns: [String], _ body: (borrowing CSVReader.Row) throws -> Void) throws {
    let place = folder.appendingPathComponent(file)
    let remedy = "remove \(place.path) and run tools/setup"
    let data = try SourceFile.bytes(of: place, remedy: "run tools/setup")
    try CSVReader(file: place.path, columns: columns, remedy: remedy).forEachRow(in: data, body)
  }

  /// Reads an event table with the columns sequence, time, then categories, then numbers. The rows of a sequence stand
  /// together in order of time. `change` returns false for an event to leave out; it may change the numbers.
  func events(
    _ file: String, time: String, categories: [String], numbers: [String],
    change: (_ time: Double, _ categories: [UInt32], _ numbers: inout [Float], _ table: EventTable) -> Bool
  ) throws -> EventTable {
    var table = EventTable(categoricalCount: categories.count, numericCount: numbers.count)
    var finished: Set<String> = []
    var current: String?
    var last = -Double.infinity
    var codes = [UInt32](repeating: 0, count: categories.count)
    var values = [Float](repeating: 0, count: numbers.count)
    try forEachRow(file, ["sequence", time] + categories + numbers) { row in
      let name = row.text(0)
      if name != current {
        guard !name.isEmpty, finished.insert(name).inserted else {
          throw row.malformed(0, "the events of sequence \(name) are not contiguous")
        }
        current = name
        last = -.infinity
        table.beginSequence(name)
      }
      let at = try row.number(1)
      guard at >= last else { throw row.malformed(1, "\(at) comes after \(last): events must be in order of time") }
      last = at
      for feature in codes.indices { codes[feature] = table.code(feature, row.text(2 + feature)) }
      for feature in values.indices {
        values[feature] = try row.optionalNumber(2 + codes.count + feature).map { Float($0) } ?? .nan
      }
      if change(at, codes, &values, table) { table.append(time: at, codes: codes, numbers: values) }
    }
    return table
  }

  /// One number a sequence, from a table with `columns`; absent where the field is empty.
  func numbers(_ file: String, _ columns: [String], column: Int) throws -> [String: Double] {
    var values: [String: Double] = [:]
    var seen: Set<String> = []
    try forEachRow(file, columns) { row in
      let name = row.text(0)
      guard seen.insert(name).inserted else { throw row.malformed(0, "sequence \(name) comes twice") }
      values[name] = try row.optionalNumber(column)
    }
    return values
  }
}
