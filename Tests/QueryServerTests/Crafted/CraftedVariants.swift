import Foundation
import Records
import Store

/// Changes of an atlas, one at a time, in the same order in every process.
struct CraftedVariants: Sendable {
  struct Variant: Sendable {
    let name: String
    /// The first that SQLite takes is used: the declared constraints first, then without them.
    let statements: [String]
    var members: [String: JSONValue] = [:]
  }

  let raw: RawAtlas

  func all() throws -> [Variant] {
    try values() + rows() + numbers() + jsons() + manifests()
  }

  /// NULL, every type, numbers at the ends, blobs and texts that are no use.
  private static let values = [
    "NULL", "'x'", "''", "CAST(x'61006200' AS TEXT)", "CAST(x'ff61' AS TEXT)", "9223372036854775807",
    "-9223372036854775807 - 1", "4294967296", "2147483647", "-1", "0", "1.5", "9e999", "x''", "zeroblob(7)",
    "zeroblob(16)", "zeroblob(32)",
  ]

  /// The table without declared types and constraints.
  private static func loosened(_ table: String) -> String {
    "CREATE TABLE loose AS SELECT * FROM \(table); DROP TABLE \(table); ALTER TABLE loose RENAME TO \(table);"
  }

  private func changed(_ table: String, _ name: String, _ sql: String) -> Variant {
    Variant(name: "\(table): \(name)", statements: [sql, Self.loosened(table) + sql])
  }

  private func values() throws -> [Variant] {
    try (AtlasSchema.digestedTables + ["contents"]).flatMap { table in
      try raw.columns(of: table).flatMap { column in
        Self.values.flatMap { value in
          let one = "(SELECT \(column) FROM \(table) ORDER BY random_of LIMIT 1)"
            .replacing("random_of", with: "hex(\(column)) DESC")
          return [
            changed(table, "\(column) = \(value)", "UPDATE \(table) SET \(column) = \(value)"),
            changed(
              table, "one \(column) = \(value)", "UPDATE \(table) SET \(column) = \(value) WHERE \(column) = \(one)"),
          ]
        }
      }
    }
  }

  private func rows() throws -> [Variant] {
    try (AtlasSchema.digestedTables + ["contents"]).flatMap { table -> [Variant] in
      let columns = try raw.columns(of: table)
      let key = columns[0]
      var variants = [
        changed(table, "empty", "DELETE FROM \(table)"),
        changed(table, "first row gone", "DELETE FROM \(table) WHERE \(key) = (SELECT min(\(key)) FROM \(table))"),
        changed(table, "last row gone", "DELETE FROM \(table) WHERE \(key) = (SELECT max(\(key)) FROM \(table))"),
        Variant(name: "\(table): gone", statements: ["DROP TABLE \(table)"]),
        Variant(
          name: "\(table): twice", statements: [Self.loosened(table) + "INSERT INTO \(table) SELECT * FROM \(table)"]),
        Variant(
          name: "\(table): reversed",
          statements: [
            Self.loosened(table) + "UPDATE \(table) SET \(key) = (SELECT max(\(key)) FROM \(table)) + 1 - \(key)"
          ]),
        changed(table, "ids + 1000", "UPDATE \(table) SET \(key) = \(key) + 1000"),
        changed(table, "ids + 10^12", "UPDATE \(table) SET \(key) = \(key) + 1000000000000"),
        Variant(
          name: "\(table): columns as texts",
          statements: [
            "CREATE TABLE loose AS SELECT "
              + columns.map { "CAST(\($0) AS TEXT) AS \($0)" }.joined(separator: ", ")
              + " FROM \(table); DROP TABLE \(table); ALTER TABLE loose RENAME TO \(table)"
          ]),
        Variant(
          name: "\(table): view",
          statements: ["ALTER TABLE \(table) RENAME TO hidden; CREATE VIEW \(table) AS SELECT * FROM hidden"]),
      ]
      variants += columns.map { column in
        Variant(
          name: "\(table): no \(column)",
          statements: [Self.loosened(table) + "ALTER TABLE \(table) DROP COLUMN \(column)"])
      }
      return variants
    }
  }

  /// Frames that are whole and hold numbers that no column should.
  private func numbers() throws -> [Variant] {
    let hostile: [Double?] = [
      .nan, .infinity, -.infinity, -1, 0, 0.5, 1e300, 4_294_967_295, 4_294_967_296, -9_223_372_036_854_775_808,
      9_223_372_036_854_774_784, nil,
    ]
    let columns = try raw.texts("SELECT kind || ' ' || name || ' ' || first_block FROM columns WHERE blocks = 1")
    var variants: [Variant] = []
    for column in columns {
      let words = column.split(separator: " ")
      guard let block = words.last, let frame = try raw.texts("SELECT hex(data) FROM blocks WHERE id = \(block)").first,
        let data = Self.bytes(frame), let known = try? FrameDecoder().decode(data),
        let lengths = try? FrameDecoder.lengths(data)
      else { continue }
      for number in hostile {
        let all = [Double?](repeating: number, count: known.count)
        let last = known.doubles().dropLast() + [number]
        for (name, values) in [("all", all), ("last", Array(last))] where !values.isEmpty {
          let packed = try FrameEncoder().pack(values, lengths: lengths.count > 1 ? lengths : nil)
          variants.append(block: String(block), packed, "\(column): \(name) \(number.map { "\($0)" } ?? "absent")")
        }
      }
      // Pieces of other lengths: one short, none, and all in the first.
      for lengths in [[known.count], Array(repeating: 1, count: known.count), [0, known.count], []] {
        let values = known.doubles().prefix(lengths.reduce(0, +))
        let packed = try FrameEncoder().pack(Array(values), lengths: lengths)
        variants.append(block: String(block), packed, "\(column): pieces \(lengths)")
      }
    }
    return variants
  }

  /// Texts that are whole and say what no card, list or detail should.
  private func jsons() throws -> [Variant] {
    let texts = [
      "null", "{}", "[]", "[[]]", "[null]", "[{}]", "1", "\"x\"", "{", "[0]", "[-1]", "[1,1]", "[2147483647]",
      "[9223372036854775807]", "[1e3]", String(repeating: "[", count: 600) + String(repeating: "]", count: 600),
    ]
    var variants: [Variant] = []
    let places = [("spaces", "card"), ("sources", "card"), ("datasets", "card"), ("protocols", "card")]
    for (table, column) in places + [("position_lists", "positions"), ("quantities", "conditions")] {
      for text in texts {
        variants.append(changed(table, "\(column) = \(text.prefix(30))", "UPDATE \(table) SET \(column) = '\(text)'"))
      }
      for (member, number) in [("1", "9223372036854775807"), ("2", "-9223372036854775808"), ("60", "-1")] {
        // Every count of a card becomes a number at the end of its type.
        variants.append(
          changed(
            table, "\(column): \(member) becomes \(number)",
            "UPDATE \(table) SET \(column) = replace(replace(\(column), '[\(member)', '[\(number)'), ':\(member)', ':\(number)')"
          ))
      }
    }
    for text in texts + ["[{\"step\":9223372036854775807,\"arm\":\"x\"}]", "[{\"attributes\":{\"a\":{}}}]"] {
      let packed = try Deflate.pack(Array(text.utf8))
      let checksum = packed.withUnsafeBytes { Checksum.crc32($0) }
      variants.append(
        Variant(
          name: "details: \(text.prefix(30))",
          statements: [
            "UPDATE details SET data = x'\(Self.hex(packed))', bytes = \(text.utf8.count), checksum = \(checksum)"
          ]))
    }
    return variants
  }

  private func manifests() -> [Variant] {
    let counts: [Int64] = [-1, 0, 1, 1_000_000, 4_294_967_296, .max, .min]
    return counts.flatMap { count in
      let tables = AtlasSchema.digestedTables.map { name in
        JSONValue.object(["name": .string(name), "rows": .integer(count), "digest": .string(Digest256(of: "").hex)])
      }
      // The file lists the same numbers, so that the two fit.
      let listed = "UPDATE contents SET rows = \(count), digest = '\(Digest256(of: "").hex)'"
      return [Variant(name: "manifest: \(count) rows", statements: [listed], members: ["tables": .array(tables)])]
    }
  }

  // MARK: Bytes

  fileprivate static func hex(_ data: Data) -> String {
    data.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private static func bytes(_ hex: String) -> Data? {
    let digits = Array(hex.utf8).map { UInt8(String(UnicodeScalar($0)), radix: 16) ?? 0 }
    guard digits.count.isMultiple(of: 2) else { return nil }
    return Data(stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] })
  }
}

extension [CraftedVariants.Variant] {
  /// Adds the change of one block and of its checksum.
  fileprivate mutating func append(block: String, _ packed: Data, _ name: String) {
    let checksum = packed.withUnsafeBytes { Checksum.crc32($0) }
    let data = CraftedVariants.hex(packed)
    append(
      CraftedVariants.Variant(
        name: name, statements: ["UPDATE blocks SET data = x'\(data)', checksum = \(checksum) WHERE id = \(block)"]))
  }
}
