extension FilterExpression {
  /// This filter with every parameter replaced by its value.
  ///
  /// Throws ``FilterError`` where a parameter has no value, where a value has no parameter, and where a value is NaN or
  /// infinite.
  public func binding(_ values: [String: FilterValue]) throws(FilterError) -> FilterExpression {
    let used = parameters
    for name in values.keys.sorted() {
      guard used.contains(name) else { throw .unknownParameter(name: name, used: used) }
      if case .number(let number)? = values[name], !number.isFinite {
        throw .unusableParameter(name: name, found: number)
      }
    }
    for name in used where values[name] == nil {
      throw .unboundParameter(name: name, given: values.keys.sorted())
    }
    return used.isEmpty ? self : replacing(values)
  }

  /// Whether what `value` says of the fields fulfils this filter: true, not false and not unknown.
  ///
  /// `value` gives nil for an absent field; NaN counts as absent. A condition on an absent field is unknown, NOT unknown
  /// is unknown, AND is false where one part is false, OR is true where one part is true. Parts are asked from left to
  /// right until the answer is known. Numbers compare as doubles, texts by their UTF-8 bytes. Throws ``FilterError``
  /// where a text meets a number, but for seeds, or a parameter is unbound, and what `value` throws.
  public func evaluate(_ value: (FilterField) throws -> FilterValue?) throws -> Bool {
    try truth(value) == true
  }

  /// True, false, or nil for unknown.
  public func truth(_ value: (FilterField) throws -> FilterValue?) throws -> Bool? {
    switch self {
    case .comparison(let field, let comparison, let operand):
      guard let held = try Self.held(field, value) else { return nil }
      return comparison.holds(for: try Self.order(field, held, operand))
    case .membership(let field, let operands):
      guard let held = try Self.held(field, value) else { return nil }
      return try operands.reduce(false) { try Self.order(field, held, $1) == .same || $0 }
    case .range(let field, let low, let high):
      guard let held = try Self.held(field, value) else { return nil }
      let toLow = try Self.order(field, held, low)
      let toHigh = try Self.order(field, held, high)
      return toLow != .before && toHigh != .after
    case .isAbsent(let field): return try Self.held(field, value) == nil
    case .isPresent(let field): return try Self.held(field, value) != nil
    case .not(let inner): return try inner.truth(value).map { !$0 }
    case .and(let parts): return try Self.combined(parts, decidedBy: false, value)
    case .or(let parts): return try Self.combined(parts, decidedBy: true, value)
    }
  }

  fileprivate enum Order {
    case before, same, after
  }

  /// One part equal to `decisive` decides; else one unknown part makes the whole unknown.
  private static func combined(
    _ parts: [FilterExpression], decidedBy decisive: Bool, _ value: (FilterField) throws -> FilterValue?
  ) throws -> Bool? {
    var isKnown = true
    for part in parts {
      guard let truth = try part.truth(value) else {
        isKnown = false
        continue
      }
      if truth == decisive { return decisive }
    }
    return isKnown ? !decisive : nil
  }

  private static func held(
    _ field: FilterField, _ value: (FilterField) throws -> FilterValue?
  ) throws -> FilterValue? {
    guard let held = try value(field) else { return nil }
    if case .number(let number) = held, number.isNaN { return nil }
    return held
  }

  /// The one field that may hold numbers and texts: `777`, `unnamed-1`, `mean-of-3`. Numbers come before texts.
  private static let seed = FilterField("seed")

  private static func order(_ field: FilterField, _ held: FilterValue, _ operand: FilterOperand) throws(FilterError)
    -> Order
  {
    switch operand {
    case .parameter(let name): throw .unboundParameter(name: name, given: [])
    case .value(let other):
      switch (held, other) {
      case (.number(let left), .number(let right)):
        return left < right ? .before : left == right ? .same : .after
      case (.text(let left), .text(let right)):
        if left.utf8.elementsEqual(right.utf8) { return .same }
        return left.utf8.lexicographicallyPrecedes(right.utf8) ? .before : .after
      case (.number, .text) where field == seed: return .before
      case (.text, .number) where field == seed: return .after
      case (.number, .text), (.text, .number):
        throw .kindMismatch(field: field.text, holds: held, comparedWith: other)
      }
    }
  }

  private func replacing(_ values: [String: FilterValue]) -> FilterExpression {
    func bound(_ operand: FilterOperand) -> FilterOperand {
      if case .parameter(let name) = operand, let value = values[name] { .value(value) } else { operand }
    }
    switch self {
    case .comparison(let field, let comparison, let operand): return .comparison(field, comparison, bound(operand))
    case .membership(let field, let operands): return .membership(field, operands.map(bound))
    case .range(let field, let low, let high): return .range(field, low: bound(low), high: bound(high))
    case .isAbsent, .isPresent: return self
    case .not(let inner): return .not(inner.replacing(values))
    case .and(let parts): return .and(parts.map { $0.replacing(values) })
    case .or(let parts): return .or(parts.map { $0.replacing(values) })
    }
  }
}

extension FilterComparison {
  fileprivate func holds(for order: FilterExpression.Order) -> Bool {
    switch self {
    case .equal: order == .same
    case .notEqual: order != .same
    case .less: order == .before
    case .lessOrEqual: order != .after
    case .greater: order == .after
    case .greaterOrEqual: order != .before
    }
  }
}
