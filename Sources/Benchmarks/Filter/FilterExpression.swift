/// A filter: a condition over the fields of a run or an architecture.
///
/// Written as ``init(parsing:vocabulary:limits:)`` reads it (see `docs/filters.md`), with NOT before AND before OR.
/// Values that come from elsewhere are bound as parameters, never put into the text. A field may be absent, so a
/// condition is true, false or unknown (Kleene's three-valued logic, as in SQL).
public indirect enum FilterExpression: Hashable, Sendable {
  case comparison(FilterField, FilterComparison, FilterOperand)
  /// Equal to one of at least one operand.
  case membership(FilterField, [FilterOperand])
  /// From `low` to `high`, both included.
  case range(FilterField, low: FilterOperand, high: FilterOperand)
  case isAbsent(FilterField)
  case isPresent(FilterField)
  case not(FilterExpression)
  /// Two or more conditions that must all hold.
  case and([FilterExpression])
  /// Two or more conditions of which one must hold.
  case or([FilterExpression])

  /// The fields used, each once, in the order in which they first occur.
  public var fields: [FilterField] {
    var seen: Set<FilterField> = []
    var ordered: [FilterField] = []
    visitConditions { field, _ in
      if seen.insert(field).inserted { ordered.append(field) }
    }
    return ordered
  }

  /// The names of the parameters used, each once, in the order in which they first occur.
  public var parameters: [String] {
    var seen: Set<String> = []
    var ordered: [String] = []
    visitConditions { _, operands in
      for case .parameter(let name) in operands where seen.insert(name).inserted { ordered.append(name) }
    }
    return ordered
  }

  /// Calls `body` for each condition on a field, from left to right.
  private func visitConditions(_ body: (FilterField, [FilterOperand]) -> Void) {
    switch self {
    case .comparison(let field, _, let operand): body(field, [operand])
    case .membership(let field, let operands): body(field, operands)
    case .range(let field, let low, let high): body(field, [low, high])
    case .isAbsent(let field), .isPresent(let field): body(field, [])
    case .not(let inner): inner.visitConditions(body)
    case .and(let parts), .or(let parts): parts.forEach { $0.visitConditions(body) }
    }
  }
}

extension FilterExpression {
  /// Reads a filter. `vocabulary` says which fields there are; nil allows any.
  ///
  /// Total: any text gives a filter or throws ``FilterError`` with the column, what stands there and what is allowed.
  /// Linear in the length of the text.
  public init(
    parsing text: String, vocabulary: FilterVocabulary? = nil, limits: FilterLimits = .standard
  ) throws(FilterError) {
    guard text.utf8.count <= limits.bytes else { throw .tooLong(bytes: text.utf8.count, limit: limits.bytes) }
    var parser = FilterParser(text, vocabulary: vocabulary, depthLimit: limits.depth)
    self = try parser.filter()
  }
}
