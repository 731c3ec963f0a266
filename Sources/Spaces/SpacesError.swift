public import Records

/// What can be wrong with an architecture, its spelling, its encoding or the sizes it is built for.
public enum SpacesError: UserFacingError, Hashable {
  /// A stack has a number of layers that the space does not have.
  case layerCount(part: String, found: Int, allowed: [Int])
  /// An attention has a number of heads that the space does not have; `found` is nil where heads are missing.
  case headCount(part: String, found: Int?, allowed: [Int])
  /// Heads are given to a layer without attention.
  case headsWithoutAttention(heads: Int, operations: String)
  /// A size of the data or of the network is out of range.
  case dimension(name: String, found: Int, allowed: ClosedRange<Int>)
  /// The channels cannot be split into one, two and three parts that are not empty.
  case channels(found: Int)
  /// An automatic numeric width is the mean of the categorical widths, and there is none.
  case automaticNumericWidth
  /// The architecture has a stem and the data no numeric feature, or the other way round.
  case numericFeatures(architectureHasStem: Bool, dataHasNumericFeatures: Bool)

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
  /// A bit behind the last slot of a packed vector is set.
  case vectorPadding(lastByte: UInt8, paddingBits: Int)

  /// The matrix of a cell has no path from the input to the output.
  case cellWithoutPath(space: String)
  /// A cell has too many or too few vertices, edges, operations or entries.
  case cellSize(space: String, quantity: String, found: Int, allowed: ClosedRange<Int>)
  /// An edge of a matrix does not lead to a later vertex.
  case cellEdge(space: String, from: Int, to: Int)
  /// All operations of a cell are skips.
  case cellOfSkips(space: String)
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

  /// A released record is larger than any can be.
  case releaseSize(found: Int, maximum: Int)
  /// A key of a released record is missing, unknown or holds something else.
  case release(key: String, found: String, allowed: String)
  /// The vector of a released record is not that of its architecture.
  case releaseVector(slot: Int, stated: UInt8?, derived: UInt8?)
  /// A file name is not that of a released record.
  case releaseFileName(found: String)

  public var code: String {
    switch self {
    case .layerCount: "spaces.layer_count"
    case .headCount: "spaces.head_count"
    case .headsWithoutAttention: "spaces.heads_without_attention"
    case .dimension: "spaces.dimension"
    case .channels: "spaces.channels"
    case .automaticNumericWidth: "spaces.automatic_numeric_width"
    case .numericFeatures: "spaces.numeric_features"
    case .textLength: "spaces.text_length"
    case .text: "spaces.text"
    case .form: "spaces.form"
    case .identifier: "spaces.identifier"
    case .vectorLength: "spaces.vector_length"
    case .vectorValue: "spaces.vector_value"
    case .vectorSlots: "spaces.vector_slots"
    case .vectorPadding: "spaces.vector_padding"
    case .cellWithoutPath: "spaces.cell_without_path"
    case .cellSize: "spaces.cell_size"
    case .cellEdge: "spaces.cell_edge"
    case .cellOfSkips: "spaces.cell_of_skips"
    case .hashNeedsTable: "spaces.hash_needs_table"
    case .unknownIdentifier: "spaces.unknown_identifier"
    case .encoding: "spaces.encoding"
    case .definition: "spaces.definition"
    case .definitionConflict: "spaces.definition_conflict"
    case .unknownSpace: "spaces.unknown_space"
    case .unknownEncoding: "spaces.unknown_encoding"
    case .noRules: "spaces.no_rules"
    case .releaseSize: "spaces.release_size"
    case .release: "spaces.release"
    case .releaseVector: "spaces.release_vector"
    case .releaseFileName: "spaces.release_file_name"
    }
  }

  public var message: String {
    switch self {
    case .layerCount(let part, let found, let allowed):
      "the \(part) has \(found) layers; allowed: \(list(allowed))"
    case .headCount(let part, let found, let allowed):
      "the \(part) has \(found.map { "\($0)" } ?? "an unknown number of") heads; allowed: \(list(allowed))"
    case .headsWithoutAttention(let heads, let operations):
      "a layer of \(operations) has no attention and cannot have \(heads) heads"
    case .dimension(let name, let found, let allowed):
      "\(name) is \(found); allowed: \(allowed.lowerBound) to \(allowed.upperBound)"
    case .channels(let found):
      "the features make \(found) channels, which a layer cannot split among three operations; "
        + "allowed: 3, or 5 to \(EventSequenceDimensions.maximumChannels)"
    case .automaticNumericWidth:
      "the automatic numeric width is the mean of the categorical widths, but the data has no categorical feature"
    case .numericFeatures(true, _):
      "the architecture has a stem for numeric features, but the data has no numeric feature"
    case .numericFeatures(false, _):
      "the architecture has no stem (stem:none), but the data has numeric features"
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
    case .vectorPadding(let lastByte, let paddingBits):
      "the last byte of the packed vector is \(lastByte); its last \(paddingBits) bits must be 0"
    case .cellWithoutPath(let space):
      "the \(space) cell has no path from its input to its output"
    case .cellSize(let space, let quantity, let found, let allowed):
      "the \(space) cell has \(found) \(quantity); allowed: \(range(allowed))"
    case .cellEdge(let space, let from, let to):
      "the \(space) cell has an edge from vertex \(from) to vertex \(to); allowed: edges to a later vertex"
    case .cellOfSkips(let space):
      "all operations of the \(space) cell are skip; allowed: at least one other"
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
    case .releaseSize(let found, let maximum):
      "the released record has \(found) bytes; allowed: at most \(maximum)"
    case .release(let key, let found, let allowed):
      "\(quoted(key)) of the released record: found \(found); allowed: \(allowed)"
    case .releaseVector(let slot, let stated, let derived):
      "slot \(slot) of arch_code is \(name(stated)); the architecture of the same record needs \(name(derived))"
    case .releaseFileName(let found):
      "\(quoted(found)) is not named "
        + "epoch_EPOCHS_arch_FlexibleTransformer_COUNT_params_DIGEST.json, with a digest of 64 hex digits"
    }
  }

  public var remedy: String? {
    switch self {
    case .channels, .automaticNumericWidth: "set a fixed width for the embeddings"
    case .text(_, _, _, _, .some(let suggestion)): "did you mean \(suggestion)?"
    case .numericFeatures: "sample the architecture from the space of this data set"
    case .hashNeedsTable: "write the cell as matrix: or v…, or build NASBench101HashTable() and pass it to the space"
    case .definitionConflict: "give the second space another name"
    case .unknownSpace: "define it with a line {\"space\": {\"name\": …, \"kind\": \"grid\" or \"opaque\", …}}"
    default: nil
    }
  }

  public var exitStatus: ExitStatus { .dataError }
}

private func quoted(_ text: String) -> String {
  text.isEmpty ? "an empty text" : text.debugDescription
}

private func name(_ slot: UInt8?) -> String {
  slot.map { "\($0)" } ?? "absent"
}

private func range(_ allowed: ClosedRange<Int>) -> String {
  allowed.count == 1 ? "\(allowed.lowerBound)" : "\(allowed.lowerBound) to \(allowed.upperBound)"
}

private func list(_ values: [some Any]) -> String {
  values.map { "\($0)" }.joined(separator: ", ")
}
