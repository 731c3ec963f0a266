extension FilterExpression {
  /// What a condition says of one row: Kleene's three values, in this order.
  enum Truth: UInt8, Comparable {
    case fails, unknown, holds

    static func < (left: Truth, right: Truth) -> Bool { left.rawValue < right.rawValue }
  }

  /// Evaluates the filter over `count` rows at once; the same truths as ``truth(_:)`` row by row.
  ///
  /// `column` gives the numbers of a field, NaN where a row has none, and nil for a field that holds texts. Nil where
  /// the filter compares texts or has an unbound parameter, which only ``truth(_:)`` can judge. O(count) for each
  /// condition.
  func truths(_ count: Int, column: (FilterField) throws -> [Double]?) throws -> [Truth]? {
    func each(_ field: FilterField, _ holds: (Double) -> Bool) throws -> [Truth]? {
      try column(field)?.map { $0.isNaN ? .unknown : holds($0) ? .holds : .fails }
    }
    switch self {
    case .comparison(let field, let comparison, let operand):
      guard let other = operand.number else { return nil }
      switch comparison {
      case .equal: return try each(field) { $0 == other }
      case .notEqual: return try each(field) { $0 != other }
      case .less: return try each(field) { $0 < other }
      case .lessOrEqual: return try each(field) { $0 <= other }
      case .greater: return try each(field) { $0 > other }
      case .greaterOrEqual: return try each(field) { $0 >= other }
      }
    case .membership(let field, let operands):
      let others = operands.compactMap(\.number)
      guard others.count == operands.count else { return nil }
      return try each(field) { others.contains($0) }
    case .range(let field, let low, let high):
      guard let low = low.number, let high = high.number else { return nil }
      return try each(field) { $0 >= low && $0 <= high }
    case .isAbsent(let field): return try column(field)?.map { $0.isNaN ? .holds : .fails }
    case .isPresent(let field): return try column(field)?.map { $0.isNaN ? .fails : .holds }
    case .not(let inner):
      return try inner.truths(count, column: column)?.map { $0 == .unknown ? .unknown : $0 == .holds ? .fails : .holds }
    case .and(let parts): return try Self.folded(parts, count, column) { min($0, $1) }
    case .or(let parts): return try Self.folded(parts, count, column) { max($0, $1) }
    }
  }

  private static func folded(
    _ parts: [FilterExpression], _ count: Int, _ column: (FilterField) throws -> [Double]?,
    _ combine: (Truth, Truth) -> Truth
  ) throws -> [Truth]? {
    var whole: [Truth]?
    for part in parts {
      guard let truths = try part.truths(count, column: column) else { return nil }
      whole = whole.map { zip($0, truths).map(combine) } ?? truths
    }
    return whole
  }
}

extension FilterOperand {
  /// The number to compare with; nil for a text and an unbound parameter.
  fileprivate var number: Double? {
    if case .value(.number(let number)) = self { number } else { nil }
  }
}
