public import Records

/// What can go wrong with a filter: its text, its parameters, or the values that it meets. Columns count characters
/// (Unicode scalars) from 1.
public enum FilterError: UserFacingError, Equatable {
  case tooLong(bytes: Int, limit: Int)
  /// Parentheses and NOTs are nested deeper than `limit`.
  case tooDeep(column: Int, limit: Int)
  /// `found` stands where only one of `allowed` can.
  case unexpected(column: Int, found: String, allowed: [String])
  /// A quote that opens at `column` is never closed.
  case unterminated(column: Int, quote: String)
  /// A word that begins as a number and is none.
  case notANumber(column: Int, found: String)
  /// A number too large for a double.
  case numberOutOfRange(column: Int, found: String)
  case unknownField(column: Int, found: String, suggestion: String?, known: [String])
  /// The filter has `:name`, and no value was given for it.
  case unboundParameter(name: String, given: [String])
  /// A value was given for a parameter that the filter does not have.
  case unknownParameter(name: String, used: [String])
  /// A parameter was bound to NaN or an infinity.
  case unusableParameter(name: String, found: Double)
  /// A text was compared with a number.
  case kindMismatch(field: String, holds: FilterValue, comparedWith: FilterValue)
  /// A text that the field never is.
  case unknownValue(field: String, found: String, known: [String])
  /// A part that AND does not divide is about runs and about architectures.
  case mixed(part: String, runs: [String], architectures: [String])

  /// Where in the text the fault is; nil where no place in the text is at fault.
  public var column: Int? {
    switch self {
    case .tooDeep(let column, _), .unexpected(let column, _, _), .unterminated(let column, _),
      .notANumber(let column, _), .numberOutOfRange(let column, _), .unknownField(let column, _, _, _):
      column
    case .tooLong, .unboundParameter, .unknownParameter, .unusableParameter, .kindMismatch, .unknownValue, .mixed: nil
    }
  }

  public var code: String {
    switch self {
    case .tooLong: "benchmarks.filter_too_long"
    case .tooDeep: "benchmarks.filter_too_deep"
    case .unexpected: "benchmarks.filter_unexpected"
    case .unterminated: "benchmarks.filter_unterminated"
    case .notANumber: "benchmarks.filter_not_a_number"
    case .numberOutOfRange: "benchmarks.filter_number_range"
    case .unknownField: "benchmarks.filter_unknown_field"
    case .unboundParameter: "benchmarks.filter_unbound_parameter"
    case .unknownParameter: "benchmarks.filter_unknown_parameter"
    case .unusableParameter: "benchmarks.filter_unusable_parameter"
    case .kindMismatch: "benchmarks.filter_kind_mismatch"
    case .unknownValue: "benchmarks.filter_unknown_value"
    case .mixed: "benchmarks.filter_mixed"
    }
  }

  public var message: String {
    switch self {
    case .tooLong(let bytes, let limit):
      "the filter has \(bytes) bytes; allowed: at most \(limit)"
    case .tooDeep(let column, let limit):
      "the filter is nested deeper than \(limit) levels at column \(column)"
    case .unexpected(let column, let found, let allowed):
      "the filter \(found == FilterToken.endWords ? "ends" : "has \(found)") at column \(column); allowed there: "
        + allowed.joined(separator: ", ")
    case .unterminated(let column, let quote):
      "the quote \(quote) at column \(column) of the filter is never closed"
    case .notANumber(let column, let found):
      "the filter has \(found) at column \(column), which begins like a number but is not one"
    case .numberOutOfRange(let column, let found):
      "the filter has the number \(found) at column \(column); allowed: at most 1.7976931348623157e308"
    case .unknownField(let column, let found, let suggestion, let known):
      "unknown field \(found) at column \(column)"
        + (suggestion.map { " (did you mean \($0)?)" } ?? "") + "; known: \(Self.list(known))"
    case .unboundParameter(let name, let given):
      "the filter has the parameter :\(name) without a value; given: \(Self.list(given))"
    case .unknownParameter(let name, let used):
      "the filter has no parameter :\(name); it has: \(Self.list(used))"
    case .unusableParameter(let name, let found):
      "the parameter :\(name) is \(found); allowed: finite numbers and texts"
    case .kindMismatch(let field, let holds, let other):
      "\(field) is \(holds.kindName) (\(holds.filterText)) and cannot be compared with \(other.kindName) "
        + "(\(other.filterText))"
    case .unknownValue(let field, let found, let known):
      "\(field) is never \(FilterValue.text(found).filterText)"
        + (NearestName.of(found, among: known).map { " (did you mean \($0)?)" } ?? "") + "; known: \(Self.list(known))"
    case .mixed(let part, let runs, let architectures):
      "one part of the filter mixes fields of runs (\(Self.list(runs))) with means over runs "
        + "(\(Self.list(architectures))): \(part)"
    }
  }

  public var remedy: String? {
    switch self {
    case .tooLong: "split the filter into several questions"
    case .tooDeep: "remove redundant parentheses"
    case .unexpected: "see docs/filters.md for the grammar"
    case .unterminated: "close the quote; a quote inside a text is doubled: 'it''s'"
    case .notANumber(_, let found): "for a text, put quotes around it: '\(found)'"
    case .numberOutOfRange: "write a smaller number"
    case .unknownField: "choose one of the known fields"
    case .unboundParameter(let name, _): "give a value for \(name)"
    case .unknownParameter(let name, _): "leave out \(name), or correct its name"
    case .unusableParameter: "use `is absent` to ask for missing values"
    case .kindMismatch: "write numbers without quotes and texts as 'text'"
    case .unknownValue: "choose one of the known values"
    case .mixed: "separate the condition on runs and the condition on architectures with AND; see docs/filters.md"
    }
  }

  public var exitStatus: ExitStatus { .usage }

  /// At most sixteen names, and how many more there are.
  private static func list(_ names: [String]) -> String {
    guard !names.isEmpty else { return "none" }
    let shown = names.prefix(16).joined(separator: ", ")
    return names.count > 16 ? "\(shown) and \(names.count - 16) more" : shown
  }
}
