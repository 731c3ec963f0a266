extension FilterExpression {
  /// The one spelling of this filter: keywords in capitals, texts in single quotes, no parentheses but the needed ones.
  ///
  /// It reads back as an equal filter (within the limits given there; it can be longer than the text it came from).
  public var canonicalText: String {
    var text = ""
    write(to: &text)
    return text
  }

  private func write(to text: inout String) {
    switch self {
    case .not(.membership(let field, let operands)):
      text += "\(field.text) NOT IN (\(Self.list(operands)))"
    case .not(.range(let field, let low, let high)):
      text += "\(field.text) NOT BETWEEN \(low.filterText) AND \(high.filterText)"
    case .comparison(let field, let comparison, let operand):
      text += "\(field.text) \(comparison.rawValue) \(operand.filterText)"
    case .membership(let field, let operands):
      text += "\(field.text) IN (\(Self.list(operands)))"
    case .range(let field, let low, let high):
      text += "\(field.text) BETWEEN \(low.filterText) AND \(high.filterText)"
    case .isAbsent(let field):
      text += "\(field.text) IS ABSENT"
    case .isPresent(let field):
      text += "\(field.text) IS PRESENT"
    case .not(let inner):
      text += "NOT "
      inner.write(to: &text, inParentheses: inner.isJunction)
    case .and(let parts):
      for (index, part) in parts.enumerated() {
        if index > 0 { text += " AND " }
        part.write(to: &text, inParentheses: part.isJunction)
      }
    case .or(let parts):
      for (index, part) in parts.enumerated() {
        if index > 0 { text += " OR " }
        part.write(to: &text, inParentheses: part.isDisjunction)
      }
    }
  }

  private func write(to text: inout String, inParentheses: Bool) {
    if inParentheses { text += "(" }
    write(to: &text)
    if inParentheses { text += ")" }
  }

  private var isDisjunction: Bool {
    if case .or = self { true } else { false }
  }

  private var isJunction: Bool {
    if case .and = self { true } else { isDisjunction }
  }

  private static func list(_ operands: [FilterOperand]) -> String {
    operands.map(\.filterText).joined(separator: ", ")
  }
}
