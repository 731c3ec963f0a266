/// A parser by recursive descent over one token of look-ahead.
struct FilterParser {
  private var lexer: FilterLexer
  private var token = FilterToken(kind: .end, offset: 0)
  private let vocabulary: FilterVocabulary?
  private let depthLimit: Int
  private var depth = 0

  init(_ text: String, vocabulary: FilterVocabulary?, depthLimit: Int) {
    lexer = FilterLexer(text)
    self.vocabulary = vocabulary
    self.depthLimit = depthLimit
  }

  mutating func filter() throws(FilterError) -> FilterExpression {
    try advance()
    let expression = try disjunction()
    guard token.kind == .end else { throw unexpected("AND", "OR", "the end") }
    return expression
  }

  mutating func onlyField() throws(FilterError) -> FilterField {
    try advance()
    let field = try self.field()
    guard token.kind == .end else { throw unexpected("the end") }
    return field
  }

  // MARK: Conditions

  private mutating func disjunction() throws(FilterError) -> FilterExpression {
    var parts = [try conjunction()]
    while token.keyword == "or" {
      try advance()
      parts.append(try conjunction())
    }
    return parts.count == 1 ? parts[0] : .or(parts)
  }

  private mutating func conjunction() throws(FilterError) -> FilterExpression {
    var parts = [try negation()]
    while token.keyword == "and" {
      try advance()
      parts.append(try negation())
    }
    return parts.count == 1 ? parts[0] : .and(parts)
  }

  private mutating func negation() throws(FilterError) -> FilterExpression {
    let isNegated = token.keyword == "not"
    guard isNegated || token.kind == .mark("(") else { return try condition() }
    guard depth < depthLimit else { throw .tooDeep(column: lexer.column(at: token.offset), limit: depthLimit) }
    depth += 1
    defer { depth -= 1 }
    try advance()
    if isNegated { return .not(try negation()) }
    let inner = try disjunction()
    guard token.kind == .mark(")") else { throw unexpected("AND", "OR", ")") }
    try advance()
    return inner
  }

  private mutating func condition() throws(FilterError) -> FilterExpression {
    let start = token.offset
    let field = try self.field()
    if let vocabulary, !vocabulary.contains(field) {
      throw .unknownField(
        column: lexer.column(at: start), found: FilterToken.cut(field.text),
        suggestion: vocabulary.suggestion(for: field),
        known: vocabulary.names)
    }
    if case .comparison(let spelling) = token.kind {
      guard let comparison = FilterComparison(rawValue: spelling) else {
        throw unexpected(FilterComparison.allCases.map(\.rawValue))
      }
      try advance()
      return .comparison(field, comparison, try operand())
    }
    if token.keyword == "is" { return try presence(of: field) }
    let isNegated = token.keyword == "not"
    if isNegated { try advance() }
    let condition: FilterExpression
    switch token.keyword {
    case "in": condition = .membership(field, try list())
    case "between": condition = try range(of: field)
    default:
      let words = ["IN", "BETWEEN"]
      throw unexpected(isNegated ? words : FilterComparison.allCases.map(\.rawValue) + ["IS", "NOT"] + words)
    }
    return isNegated ? .not(condition) : condition
  }

  /// Behind a field, from `is` on.
  private mutating func presence(of field: FilterField) throws(FilterError) -> FilterExpression {
    try advance()
    let isNegated = token.keyword == "not"
    if isNegated { try advance() }
    guard let word = token.keyword, word == "absent" || word == "present" else {
      throw unexpected(isNegated ? ["ABSENT", "PRESENT"] : ["ABSENT", "PRESENT", "NOT"])
    }
    try advance()
    return (word == "absent") != isNegated ? .isAbsent(field) : .isPresent(field)
  }

  /// Behind a field, from `between` on.
  private mutating func range(of field: FilterField) throws(FilterError) -> FilterExpression {
    try advance()
    let low = try operand()
    guard token.keyword == "and" else { throw unexpected("AND") }
    try advance()
    return .range(field, low: low, high: try operand())
  }

  /// Behind a field, from `in` on.
  private mutating func list() throws(FilterError) -> [FilterOperand] {
    try advance()
    guard token.kind == .mark("(") else { throw unexpected("(") }
    var operands: [FilterOperand] = []
    repeat {
      try advance()
      operands.append(try operand())
    } while token.kind == .mark(",")
    guard token.kind == .mark(")") else { throw unexpected(",", ")") }
    try advance()
    return operands
  }

  // MARK: Values and fields

  private mutating func operand() throws(FilterError) -> FilterOperand {
    let operand: FilterOperand
    switch token.kind {
    case .word(let word) where !FilterWords.isReserved(word): operand = .value(.text(word))
    case .text(let text), .quotedName(let text): operand = .value(.text(text))
    case .digits(let digits): operand = .value(.number(try number(digits)))
    case .parameter(let name): operand = .parameter(name)
    default: throw unexpected("a number", "a text ('\(Self.sample(token))')", ":parameter")
    }
    try advance()
    return operand
  }

  /// The keyword at hand, which quotes would make a text.
  private static func sample(_ token: FilterToken) -> String {
    if case .word(let word) = token.kind { word } else { "text" }
  }

  private func number(_ digits: String) throws(FilterError) -> Double {
    let isDecimal = digits.utf8.allSatisfy { FilterWords.isDigit($0) || ".eE+-".utf8.contains($0) }
    guard isDecimal, let number = Double(digits) else {
      throw .notANumber(column: lexer.column(at: token.offset), found: FilterToken.cut(digits))
    }
    guard number.isFinite else {
      throw .numberOutOfRange(column: lexer.column(at: token.offset), found: FilterToken.cut(digits))
    }
    return number
  }

  private mutating func field() throws(FilterError) -> FilterField {
    var path: [String] = []
    var isOpen = true
    while isOpen {
      switch token.kind {
      case .word(let word) where !FilterWords.isReserved(word):
        var names = word.split(separator: ".", omittingEmptySubsequences: false)
        isOpen = names.last?.isEmpty == true
        if isOpen { names.removeLast() }
        guard names.allSatisfy({ FilterWords.isIdentifier($0) }) else {
          throw unexpected("a field (put parts that are not names in double quotes)")
        }
        path += names.map(String.init)
      case .quotedName(let name):
        path.append(name)
        isOpen = false
      default:
        throw path.isEmpty ? unexpected("a field", "NOT", "(") : unexpected("the next part of the field's name")
      }
      try advance()
      if !isOpen, token.kind == .dot {
        isOpen = true
        try advance()
      }
    }
    if token.kind == .mark("[") { return FilterField(path: path, selectors: try selectors(until: "]")) }
    // `count(skip_connect)` reads as a person writes it; a parenthesis behind another field is a mistake.
    let isCount = path == ["count"] || path == ["architecture", "count"]
    return FilterField(path: path, selectors: isCount && token.kind == .mark("(") ? try selectors(until: ")") : [])
  }

  /// From `[` or `(` to behind `end`.
  private mutating func selectors(until end: Character) throws(FilterError) -> [FilterField.Selector] {
    var selectors: [FilterField.Selector] = []
    repeat {
      try advance()
      let first = try selectorText()
      if token.kind == .comparison("=") {
        try advance()
        selectors.append(.init(key: first, value: try selectorText()))
      } else {
        selectors.append(.init(value: first))
      }
    } while token.kind == .mark(",")
    guard token.kind == .mark(end) else {
      throw unexpected(selectors.last?.key == nil ? ["=", ",", "\(end)"] : [",", "\(end)"])
    }
    try advance()
    return selectors
  }

  private mutating func selectorText() throws(FilterError) -> String {
    switch token.kind {
    case .word(let text), .digits(let text), .text(let text), .quotedName(let text):
      try advance()
      return text
    default: throw unexpected("a name", "a number", "a text ('text')")
    }
  }

  // MARK: Tokens

  private mutating func advance() throws(FilterError) {
    token = try lexer.next()
  }

  private func unexpected(_ allowed: String...) -> FilterError {
    unexpected(allowed)
  }

  private func unexpected(_ allowed: [String]) -> FilterError {
    .unexpected(column: lexer.column(at: token.offset), found: token.found, allowed: allowed)
  }
}
