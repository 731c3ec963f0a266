import Records
import Spaces

extension FilterExpression {
  /// Throws ``FilterError/unknownValue(field:found:known:)`` for a text that a parameter of a grid is compared with by `=`, `!=` or `IN`
  /// and can never have: a misspelled value would leave out every architecture without a word. `listed` gives the values of
  /// a field; nil where any text is possible.
  func checkTexts(_ listed: (FilterField) -> [String]?) throws(FilterError) {
    for (field, operands) in comparedForEquality {
      let texts = operands.compactMap { operand in
        if case .value(.text(let text)) = operand { text } else { nil }
      }
      guard !texts.isEmpty, let known = listed(field) else { continue }
      if let foreign = texts.first(where: { !known.contains($0) }) {
        throw FilterError.unknownValue(field: field.text, found: foreign, known: known)
      }
    }
  }

  private var comparedForEquality: [(FilterField, [FilterOperand])] {
    switch self {
    case .comparison(let field, let comparison, let operand):
      comparison == .equal || comparison == .notEqual ? [(field, [operand])] : []
    case .membership(let field, let operands): [(field, operands)]
    case .range, .isAbsent, .isPresent: []
    case .not(let inner): inner.comparedForEquality
    case .and(let parts), .or(let parts): parts.flatMap(\.comparedForEquality)
    }
  }
}

extension ArchitectureTrait {
  /// What a parameter may be, as filters write it; nil for numbers of a range, and for what is no choice.
  func listedTexts(in space: any TextualSpace) -> [String]? {
    guard case .parameter(let name) = self,
      let choice = space.choices?.choices.first(where: { $0.name == name && $0.range == nil })
    else { return nil }
    return choice.values.map(\.plainText)
  }
}
