public import Records
import Spaces
public import Store
import Synchronization

// MARK: Architectures

extension Benchmark {
  /// The architecture of the atlas that `text` names: an id of 32 hexadecimal digits, the first digits of one (eight or
  /// more), `place:N`, or any form that a space of the atlas reads.
  ///
  /// Throws `architectureNotInAtlas`, naming the `nearest` that are there, for an architecture of a space without a row,
  /// `ambiguous` for a text that names architectures of two spaces, `unknownPlace` for a place that there is not, and
  /// `bareInteger` for fewer than eight decimal digits where a space has a published index.
  public func architecture(_ text: String, space: String? = nil, nearest: Int = 3) throws -> ArchitectureEntry {
    let lower = text.lowercased()
    if let id = ArchitectureID(hex: lower) {
      guard let entry = try atlas.architecture(id) else {
        throw BenchmarkError.unknownID(id: id.hex, atlas: atlas.path)
      }
      return entry
    }
    if let place = Self.place(in: text) { return try architecture(place: place, space: space) }
    let (found, reasons) = try spellings(of: text, space: space)
    let entries = try found.compactMap { try entry(space: $0, $1) }
    // The published numbers of two tables are both numbers.
    guard entries.count <= 1 else { throw BenchmarkError.ambiguous(what: "space", known: entries.map(\.space)) }
    if let entry = entries.first { return entry }
    let isID = (8..<32).contains(lower.utf8.count) && lower.utf8.allSatisfy { Character(UnicodeScalar($0)).isHexDigit }
    if isID {
      let matches = try atlas.architectures(idPrefix: lower, limit: 6)
      if matches.count == 1 { return matches[0] }
      if matches.count > 1 {
        throw BenchmarkError.ambiguousID(prefix: lower, matches: matches.map { "\($0.id) \($0.canonicalText)" })
      }
    }
    try checkBareInteger(text, space: space)
    guard let (name, canonical) = found.first else {
      if isID { throw BenchmarkError.unknownID(id: lower, atlas: atlas.path) }
      throw BenchmarkError.unreadableArchitecture(text: text, reasons: reasons)
    }
    throw BenchmarkError.architectureNotInAtlas(
      text: canonical, atlas: atlas.path, architectures: try atlas.architectureCount(),
      nearest: try self.nearest(to: canonical, space: name, count: nearest).map(\.canonicalText))
  }

  /// Whether the atlas has the architecture, given by its id, its place or in any form that a space of the atlas reads.
  public func contains(_ text: String, space: String? = nil) throws -> Bool {
    if let id = ArchitectureID(hex: text.lowercased()) { return try atlas.row(of: id) != nil }
    if let place = Self.place(in: text) { return try self.places(of: space).contains { "\($0)" == place } }
    return try spellings(of: text, space: space).found.contains { try entry(space: $0, $1) != nil }
  }

  /// Space and canonical text of the architecture that `text` names, whether the atlas has it or not; an id or a place
  /// must be there.
  ///
  /// Throws like ``architecture(_:space:nearest:)``, but for an architecture that is not in the atlas.
  public func spelling(of text: String, space: String? = nil) throws -> (space: String, canonicalText: String) {
    do {
      let entry = try architecture(text, space: space, nearest: 0)
      return (entry.space, entry.canonicalText)
    } catch let error as BenchmarkError {
      guard case .architectureNotInAtlas = error, let found = try spellings(of: text, space: space).found.first else {
        throw error
      }
      return (found.space, found.canonical)
    }
  }

  /// The entry of a canonical text; nil where the atlas does not have it.
  private func entry(space: String, _ canonicalText: String) throws -> ArchitectureEntry? {
    let id = ArchitectureID(space: space, canonicalText: canonicalText)
    return try atlas.row(of: id).map {
      ArchitectureEntry(row: $0, id: id, space: space, canonicalText: canonicalText)
    }
  }

  // MARK: Places and bare integers

  /// What stands behind `place:`; nil for a text of another form.
  private static func place(in text: String) -> String? {
    let trimmed = text.trimming(while: \.isWhitespace)
    guard trimmed.prefix(6).lowercased() == "place:" else { return nil }
    return String(trimmed.dropFirst(6))
  }

  private func architecture(place text: String, space: String?) throws -> ArchitectureEntry {
    let places = try places(of: space)
    guard let place = Int(text), places.contains(place), "\(place)" == text,
      let entry = try atlas.architecture(row: place + 1)
    else { throw BenchmarkError.unknownPlace(place: text, index: nil, places: places, atlas: atlas.path) }
    return entry
  }

  /// The places of the architectures of a space, or of all.
  private func places(of space: String?) throws -> Range<Int> {
    guard let space else { return 0..<(try atlas.architectureCount()) }
    guard let rows = atlas.spaces.first(where: { $0.name == space })?.rows else {
      throw BenchmarkError.unknown(what: "space", found: space, known: atlas.spaces.map(\.name))
    }
    return rows.lowerBound - 1..<rows.upperBound - 1
  }

  /// Fewer than eight decimal digits are too short for an id and may be a place or a published index.
  private func checkBareInteger(_ text: String, space: String?) throws {
    let digits = text.trimming(while: \.isWhitespace)
    guard (1..<8).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let number = Int(digits)
    else { return }
    var spellings: [String] = []
    for name in atlas.spaces.map(\.name) where space == nil || space == name {
      guard let index = try? spaces.space(name).publishedIndex else { continue }
      let spelling = "\(index):\(number)"
      if !spellings.contains(spelling) { spellings.append(spelling) }
    }
    if !spellings.isEmpty {
      throw BenchmarkError.bareInteger(text: String(digits), spellings: spellings + ["place:\(number)"])
    }
  }

  /// The canonical texts that `text` may stand for, by space, and why other spaces do not read it.
  private func spellings(
    of text: String, space: String?
  ) throws -> (found: [(space: String, canonical: String)], reasons: [String]) {
    let names = atlas.spaces.map(\.name)
    if let space, !names.contains(space) { throw BenchmarkError.unknown(what: "space", found: space, known: names) }
    var found: [(String, String)] = []
    var reasons: [String] = []
    for name in names where space == nil || space == name {
      do {
        found.append((name, try spaces.space(name).canonicalText(of: text)))
      } catch SpacesError.unknownSpace {
        // A table whose space has no rules here still has texts.
        found.append((name, text))
      } catch SpacesError.hashNeedsTable(let hash) {
        found.append((name, try hashes(of: name)[hash.lowercased()] ?? text))
      } catch let error as any UserFacingError {
        reasons.append("\(name): \(error.message)")
      }
    }
    return (found, reasons)
  }

  /// The canonical texts of a space's architectures by their published hash, which cannot be computed backwards.
  private func hashes(of space: String) throws -> [String: String] {
    if let known = hashTable.load() { return known.texts }
    let rules = try spaces.space(space)
    var texts: [String: String] = [:]
    for rows in atlas.spaces.filter({ $0.name == space }).map(\.rows) {
      for entry in try atlas.architectures(rows: rows) {
        let hash = try rules.identifiers(of: entry.canonicalText).first { $0.name == "hash" }
        if let hash { texts[hash.value] = entry.canonicalText }
      }
    }
    return hashTable.storeIfNil(HashTable(texts)).texts
  }

  /// What the architecture is called elsewhere: indexes and hashes of published tables.
  public func identifiers(of entry: ArchitectureEntry) throws -> [(name: String, value: String)] {
    try identifiers(ofText: entry.canonicalText, space: entry.space)
  }

  /// The same of an architecture that the atlas need not have.
  public func identifiers(ofText canonicalText: String, space: String) throws -> [(name: String, value: String)] {
    guard let space = try? spaces.space(space) else { return [] }
    return try space.identifiers(of: canonicalText)
  }

  /// The rows of all architectures that have a run in the setting, ascending.
  public func rows(in setting: Setting) throws -> [Int] {
    try setting.spaceRows.filter { try !setting.runs(ofArchitecture: $0).isEmpty }
  }

  /// Draws an architecture that has a run in the setting, each with the same chance.
  public func randomRow(in setting: Setting, using generator: inout SeededGenerator) throws -> Int {
    guard !setting.spaceRows.isEmpty else { throw BenchmarkError.noRuns(atlas: atlas.path) }
    // Nearly every row of most tables has runs, so drawing again beats listing them.
    for _ in 0..<64 {
      let row = setting.spaceRows.lowerBound + generator.integer(below: setting.spaceRows.count)
      if try !setting.runs(ofArchitecture: row).isEmpty { return row }
    }
    let rows = try rows(in: setting)
    guard !rows.isEmpty else { throw BenchmarkError.noRuns(atlas: atlas.path) }
    return rows[generator.integer(below: rows.count)]
  }
}

extension String {
  /// Without the characters at both ends that `isLeft` names.
  fileprivate func trimming(while isLeft: (Character) -> Bool) -> Substring {
    let start = drop(while: isLeft)
    return start.lastIndex { !isLeft($0) }.map { start[...$0] } ?? ""
  }
}

/// The published hashes of the cells of an atlas.
final class HashTable: Sendable {
  let texts: [String: String]
  init(_ texts: [String: String]) { self.texts = texts }
}
