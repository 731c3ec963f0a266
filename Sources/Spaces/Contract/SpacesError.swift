import Records

/// What can be wrong with a spelling, an encoding or a definition in any space.
public enum SpacesError: SpaceError, Hashable {
  /// A canonical text is longer than any architecture's.
  case textLength(found: Int, maximum: Int)
  /// A part of a canonical text is misspelled; `column` counts bytes from 1.
  case text(section: String, column: Int, found: String, allowed: [String], suggestion: String?)
  /// A text is in none of the forms that the space reads.
  case form(space: String, found: String, allowed: [String])
  /// What stands behind `form:` names no architecture.
  case identifier(form: String, found: String, allowed: String)

  /// An architecture vector has the wrong number of slots, or of bytes when packed.
  case vectorLength(found: Int, allowed: [Int], unit: String)
  /// A slot of an architecture vector is neither 0 nor 1.
  case vectorValue(slot: Int, found: UInt8)
  /// The slots of one choice hold a pattern that stands for nothing.
  case vectorSlots(choice: String, slots: ClosedRange<Int>, found: String, allowed: [String])

  /// A published hash cannot be computed backwards, and no table of them is at hand.
  case hashNeedsTable(hash: String)
  /// No architecture of the space has this published id.
  case unknownIdentifier(space: String, name: String, found: String, allowed: String)
  /// Slots that a space never makes: they spell nothing, or something that has another spelling.
  case encoding(space: String, encoding: String, problem: String)

  /// The definition of a space is not one.
  case definition(space: String, problem: String, allowed: String)
  /// A space is defined twice, differently.
  case definitionConflict(space: String)
  /// A name is not that of a space.
  case unknownSpace(name: String, known: [String])
  /// A name is not that of an encoding of the space.
  case unknownEncoding(space: String, name: String, known: [String])
  /// The space has no rules to do this by.
  case noRules(space: String, operation: String)

  public var code: String {
    switch self {
    case .textLength: "spaces.text_length"
    case .text: "spaces.text"
    case .form: "spaces.form"
    case .identifier: "spaces.identifier"
    case .vectorLength: "spaces.vector_length"
    case .vectorValue: "spaces.vector_value"
    case .vectorSlots: "spaces.vector_slots"
    case .hashNeedsTable: "spaces.hash_needs_table"
    case .unknownIdentifier: "spaces.unknown_identifier"
    case .encoding: "spaces.encoding"
    case .definition: "spaces.definition"
    case .definitionConflict: "spaces.definition_conflict"
    case .unknownSpace: "spaces.unknown_space"
    case .unknownEncoding: "spaces.unknown_encoding"
    case .noRules: "spaces.no_rules"
    }
  }

  public var message: String {
    switch self {
    case .textLength(let found, let maximum):
      "the architecture's text has \(found) bytes; allowed: at most \(maximum)"
    case .text(let section, let column, let found, let allowed, _):
      "\(section), column \(column): found \(quoted(found)); allowed: \(list(allowed))"
    case .form(let space, let found, let allowed):
      "\(quoted(found)) is not an architecture of \(space); allowed: \(list(allowed))"
    case .identifier(let form, let found, let allowed):
      "\(form): found \(quoted(found)); allowed: \(allowed)"
    case .vectorLength(let found, let allowed, let unit):
      "the architecture vector has \(found) \(unit); allowed: \(list(allowed))"
    case .vectorValue(let slot, let found):
      "slot \(slot) of the architecture vector is \(found); allowed: 0, 1"
    case .vectorSlots(let choice, let slots, let found, let allowed):
      "slots \(slots.lowerBound) to \(slots.upperBound) (\(choice)) of the architecture vector are \(found); "
        + "allowed: \(list(allowed))"
    case .hashNeedsTable(let hash):
      "the cell behind the NAS-Bench-101 hash \(quoted(hash)) is known only to a table of all cells"
    case .unknownIdentifier(let space, let name, let found, let allowed):
      "no architecture of \(space) has the \(name) \(quoted(found)); allowed: \(allowed)"
    case .encoding(let space, let encoding, let problem):
      "invalid \(encoding) encoding of \(space): \(problem)"
    case .definition(let space, let problem, let allowed):
      "invalid definition of the space \(quoted(space)): \(problem); allowed: \(allowed)"
    case .definitionConflict(let space):
      "the space \(quoted(space)) is already defined differently"
    case .unknownSpace(let name, let known):
      "unknown space \(quoted(name)); known: \(list(known))"
    case .unknownEncoding(let space, let name, let known):
      "\(space) has no encoding \(quoted(name)); known: \(list(known))"
    case .noRules(let space, let operation):
      "\(space) is an opaque space: it has no rules for \(operation)"
    }
  }

  public var remedy: String? {
    switch self {
    case .text(_, _, _, _, .some(let suggestion)): "did you mean \(suggestion)?"
    case .hashNeedsTable: "write the cell as matrix: or v…, or build NASBench101HashTable() and pass it to the space"
    case .definitionConflict: "give the second space another name"
    case .unknownSpace: "define it with a line {\"space\": {\"name\": …, \"kind\": \"grid\" or \"opaque\", …}}"
    default: nil
    }
  }
}
