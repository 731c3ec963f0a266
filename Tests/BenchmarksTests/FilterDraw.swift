import Benchmarks
import Records

/// Draws filters and texts at random.
struct FilterDraw {
  var generator: SeededGenerator

  static let names = ["a", "b", "c", "d"]
  static let alphabet = Array("ab1 '\"()[],.:=<>!-+eE_/é🦆\n;\0".unicodeScalars)
  private static let pieces = [
    "a", "b.c", "and", "or", "not", "in", "between", "is", "absent", "present", "(", ")", "[", "]", ",", "=", "!=", "<",
    "<=", ">=", "1", "-3", "1e6", "1e", "'x'", "'", "\"q r\"", ".", ":p", ":", "é", "🦆", " ", "a = 1", "a is absent",
    "b[x=1] in (",
  ]
  private static let parts = ["a", "parameters", "in", "NOT", "x y", "", "3x3", "q\"r", "é", "a.b", "a-b", "_"]
  private static let texts = [
    "", "x", "it's", "and", "3", "1e6", "a b", "é🦆", "a/b", "/", ".", "-", "'", "a=b", "x,y]",
  ]

  init(seed: UInt64) {
    generator = SeededGenerator(seed: seed)
  }

  /// Any filter, with any names, texts and numbers.
  mutating func filter(depth: Int) -> FilterExpression {
    switch generator.integer(below: depth > 0 ? 8 : 5) {
    case 0: .comparison(field(), generator.pick(FilterComparison.allCases), operand())
    case 1: .membership(field(), (0...generator.integer(below: 3)).map { _ in operand() })
    case 2: .range(field(), low: operand(), high: operand())
    case 3: .isAbsent(field())
    case 4: .isPresent(field())
    case 5: .not(filter(depth: depth - 1))
    case 6: .and((0...1 + generator.integer(below: 2)).map { _ in filter(depth: depth - 1) })
    default: .or((0...1 + generator.integer(below: 2)).map { _ in filter(depth: depth - 1) })
    }
  }

  /// A filter over ``names`` and small whole numbers.
  mutating func numericFilter(depth: Int) -> FilterExpression {
    let field = FilterField(generator.pick(Self.names))
    switch generator.integer(below: depth > 0 ? 8 : 5) {
    case 0: return .comparison(field, generator.pick(FilterComparison.allCases), smallOperand())
    case 1: return .membership(field, (0...generator.integer(below: 2)).map { _ in smallOperand() })
    case 2: return .range(field, low: smallOperand(), high: smallOperand())
    case 3: return .isAbsent(field)
    case 4: return .isPresent(field)
    case 5: return .not(numericFilter(depth: depth - 1))
    case 6: return .and((0...1 + generator.integer(below: 2)).map { _ in numericFilter(depth: depth - 1) })
    default: return .or((0...1 + generator.integer(below: 2)).map { _ in numericFilter(depth: depth - 1) })
    }
  }

  /// Pieces of filters and single characters in any order.
  mutating func text() -> String {
    var text = ""
    for _ in 0..<generator.integer(below: 9) {
      text += generator.chance(0.8) ? generator.pick(Self.pieces) : String(Character(generator.pick(Self.alphabet)))
      if generator.chance(0.6) { text += " " }
    }
    return text
  }

  private mutating func smallOperand() -> FilterOperand {
    .value(.number(Double(generator.integer(below: 4))))
  }

  private mutating func field() -> FilterField {
    let path = (0...generator.integer(below: 3)).map { _ in generator.pick(Self.parts) }
    let selectors = (0..<generator.integer(below: 3)).map { _ in
      FilterField.Selector(
        key: generator.chance(0.5) ? generator.pick(Self.texts) : nil, value: generator.pick(Self.texts))
    }
    return FilterField(path: path, selectors: selectors)
  }

  private mutating func operand() -> FilterOperand {
    switch generator.integer(below: 4) {
    case 0: .parameter(generator.pick(["p", "limit-2", "in"]))
    case 1: .value(.text(generator.pick(Self.texts)))
    case 2: .value(.number(Double(generator.integer(below: 2_000) - 1_000) / 8))
    default: .value(.number((generator.uniform() - 0.5) * 1e20))
    }
  }
}
