extension NASBench101Cell {
  /// The one spelling of the cell: the number of vertices, for each vertex but the output the vertices that its edges lead
  /// to, and the operations of the inner vertices: `v5:1.2.4/2/3/4:conv3x3,conv1x1,maxpool`. The cell without inner
  /// vertices is `v2:1`.
  public var canonicalText: String {
    let rows = (0..<(vertexCount - 1)).map { source in
      successors(of: source).map { "\($0)" }.joined(separator: ".")
    }
    let names = operations.map(\.shortName)
    return (["v\(vertexCount)", rows.joined(separator: "/")] + (names.isEmpty ? [] : [names.joined(separator: ",")]))
      .joined(separator: ":")
  }

  /// Reads ``canonicalText`` and, in the same form, any other numbering of the vertices; or a published row:
  /// `matrix:` with the V² entries of the matrix row by row as 0 and 1, a colon, and the operations between commas, of the
  /// inner vertices or of all with `input` and `output`. In any case, with white space around it. The result is pruned
  /// and canonical.
  ///
  /// Throws ``SpacesError/text(section:column:found:allowed:suggestion:)`` for other spellings,
  /// ``SpacesError/hashNeedsTable(hash:)`` for `hash:` (see ``NASBench101Space/parse(_:)``), and what
  /// ``init(matrix:operations:)`` throws.
  public init(text: String) throws {
    let whole = try TextField(text, maximumLength: 512).lowercased
    let parts = whole.split(at: ":")
    switch parts[0].text {
    case "hash" where parts.count == 2: throw SpacesError.hashNeedsTable(hash: parts[1].text)
    case "matrix" where parts.count == 2 || parts.count == 3:
      try self.init(publishedMatrix: parts[1], operations: parts.count == 3 ? parts[2] : nil)
    case let head where head.first == "v" && (parts.count == 2 || parts.count == 3):
      try self.init(vertices: parts[0], rows: parts[1], operations: parts.count == 3 ? parts[2] : nil)
    default: throw whole.error("cell", allowed: Self.forms)
    }
  }

  static let forms = [
    "v5:1.2.4/2/3/4:conv3x3,conv1x1,maxpool", "matrix:011001010:input,conv3x3-bn-relu,output", "hash: and 32 digits",
  ]

  /// Every operation by its short and its published name.
  private static let spellings: [(String, NASBench101Operation)] =
    NASBench101Operation.allCases.map { ($0.shortName, $0) }
    + NASBench101Operation.allCases.filter { $0.publishedName != $0.shortName }.map { ($0.publishedName, $0) }

  private init(vertices: TextField, rows: TextField, operations: TextField?) throws {
    let counts = Self.vertexCounts.map { ("v\($0)", $0) }
    let count = try vertices.value("vertices", of: counts)
    let lists = rows.split(at: "/")
    guard lists.count == count - 1 else {
      throw rows.error("edges", allowed: ["\(count - 1) lists of vertices between /"])
    }
    var matrix = [[Bool]](repeating: [Bool](repeating: false, count: count), count: count)
    for (source, list) in lists.enumerated() {
      for field in list.split(at: ".") {
        let target = try field.integer("edges of vertex \(source)", in: (source + 1)...(count - 1))
        guard !matrix[source][target] else {
          throw field.error("edges of vertex \(source)", allowed: ["each vertex once"])
        }
        matrix[source][target] = true
      }
    }
    try self.init(matrix: matrix, operations: Self.read(operations, inner: count - 2, after: rows, withEnds: false))
  }

  private init(publishedMatrix entries: TextField, operations: TextField?) throws {
    let count = Self.vertexCounts.first { $0 * $0 == entries.bytes.count }
    guard let count, entries.bytes.allSatisfy({ $0 == 0x30 || $0 == 0x31 }) else {
      throw entries.error("matrix", allowed: Self.vertexCounts.map { "\($0 * $0) digits of 0 and 1" })
    }
    let digits = entries.bytes.map { $0 == 0x31 }
    let matrix = (0..<count).map { row in Array(digits[(row * count)..<((row + 1) * count)]) }
    try self.init(matrix: matrix, operations: Self.read(operations, inner: count - 2, after: entries, withEnds: true))
  }

  private static func read(
    _ list: TextField?, inner count: Int, after last: TextField, withEnds: Bool
  ) throws -> [NASBench101Operation] {
    guard let list else {
      if count == 0 { return [] }
      throw last.error("operations", allowed: ["\(count) operations after a colon"])
    }
    var fields = list.split(at: ",")
    if withEnds, fields.count == count + 2, fields[0].text == "input", fields[count + 1].text == "output" {
      fields = Array(fields[1...count])
    }
    guard fields.count == count else {
      throw list.error("operations", allowed: ["\(count) operations between commas"])
    }
    return try fields.map { try $0.value("operations", of: spellings) }
  }
}

extension NASBench101Cell: CustomStringConvertible {
  public var description: String { canonicalText }
}
