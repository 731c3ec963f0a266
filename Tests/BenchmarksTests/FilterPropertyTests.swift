import Benchmarks
import Records
import Testing

/// Random filters and random texts.
@Suite struct FilterPropertyTests {
  @Test func canonicalTextReadsBackAsTheSameFilter() throws {
    var draw = FilterDraw(seed: 1)
    for _ in 0..<3_000 {
      let filter = draw.filter(depth: 5)
      let text = filter.canonicalText
      let again = try FilterExpression(parsing: text)
      #expect(again == filter, "\(text)")
      #expect(again.canonicalText == text)
    }
  }

  @Test func noNumberIsLostInItsSpelling() throws {
    var generator = SeededGenerator(seed: 2)
    for _ in 0..<5_000 {
      let number = Double(bitPattern: generator.next())
      guard number.isFinite else { continue }
      let filter = FilterExpression.comparison(FilterField("a"), .less, .value(.number(number)))
      #expect(try FilterExpression(parsing: filter.canonicalText) == filter)
    }
  }

  @Test func canonicalTextHasNoNeedlessParentheses() throws {
    let cases = [
      ("((a=1)and((b=2)))", "a = 1 AND b = 2"), ("not(a=1)", "NOT a = 1"),
      ("(a=1 or b=1) and c=1", "(a = 1 OR b = 1) AND c = 1"), ("(a=1 and b=1) or c=1", "a = 1 AND b = 1 OR c = 1"),
      ("a=1 and (b=1 and c=1)", "a = 1 AND (b = 1 AND c = 1)"), ("not (a in (x))", "a NOT IN ('x')"),
      ("not not a is not absent", "NOT NOT a IS PRESENT"), ("not (a=1 and b=1)", "NOT (a = 1 AND b = 1)"),
      ("not a between 1e3 and 1e300", "a NOT BETWEEN 1000 AND 1e+300"),
    ]
    for (text, canonical) in cases {
      #expect(try FilterExpression(parsing: text).canonicalText == canonical)
    }
  }

  /// Every text gives a filter, which then reads back, or an error whose column lies in the text.
  @Test func anyTextGivesAFilterOrAnError() throws {
    var draw = FilterDraw(seed: 3)
    var read = 0
    for _ in 0..<40_000 {
      read += try Self.readsBackOrFails(draw.text()) ? 1 : 0
    }
    #expect(read > 200)
  }

  /// Filters with characters changed, dropped or doubled: near misses reach further into the parser.
  @Test func damagedFiltersGiveAFilterOrAnError() throws {
    var draw = FilterDraw(seed: 4)
    var failures = 0
    for _ in 0..<5_000 {
      var scalars = Array(draw.filter(depth: 4).canonicalText.unicodeScalars)
      for _ in 0...draw.generator.integer(below: 3) where !scalars.isEmpty {
        let place = draw.generator.integer(below: scalars.count)
        switch draw.generator.integer(below: 3) {
        case 0: scalars.remove(at: place)
        case 1: scalars.insert(scalars[place], at: place)
        default: scalars[place] = draw.generator.pick(FilterDraw.alphabet)
        }
      }
      failures += try Self.readsBackOrFails(String(String.UnicodeScalarView(scalars))) ? 0 : 1
    }
    #expect(failures > 1_000)
  }

  /// Whether `text` is a filter; then its canonical text reads back.
  private static func readsBackOrFails(_ text: String) throws -> Bool {
    let filter: FilterExpression
    do {
      filter = try FilterExpression(parsing: text)
    } catch {
      let columns = 1...text.unicodeScalars.count + 1
      #expect(columns.contains(error.column ?? 1), "\(text): \(error)")
      return false
    }
    #expect(try FilterExpression(parsing: filter.canonicalText) == filter, "\(text)")
    return true
  }

  /// Evaluation against a twin that goes by the definition: every part evaluated, false < unknown < true.
  @Test func evaluationAgreesWithItsNaiveTwin() throws {
    var draw = FilterDraw(seed: 5)
    var counts: [Bool?: Int] = [:]
    for _ in 0..<3_000 {
      let filter = draw.numericFilter(depth: 4)
      var row: [FilterField: Double] = [:]
      for name in FilterDraw.names where draw.generator.chance(0.7) {
        row[FilterField(name)] = Double(draw.generator.integer(below: 4))
      }
      let truth = try filter.truth { field in row[field].map { .number($0) } }
      #expect(truth == Self.twin(filter, row), "\(filter.canonicalText) \(row)")
      counts[truth, default: 0] += 1
    }
    for outcome: Bool? in [true, false, nil] { #expect(counts[outcome, default: 0] > 300) }
  }

  private static func twin(_ filter: FilterExpression, _ row: [FilterField: Double]) -> Bool? {
    func number(_ operand: FilterOperand) -> Double {
      if case .value(.number(let number)) = operand { number } else { .nan }
    }
    switch filter {
    case .comparison(let field, let comparison, let operand):
      guard let held = row[field] else { return nil }
      let other = number(operand)
      let holds: [FilterComparison: Bool] = [
        .equal: held == other, .notEqual: held != other, .less: held < other, .lessOrEqual: held <= other,
        .greater: held > other, .greaterOrEqual: held >= other,
      ]
      return holds[comparison]
    case .membership(let field, let operands): return row[field].map { operands.map(number).contains($0) }
    case .range(let field, let low, let high): return row[field].map { number(low) <= $0 && $0 <= number(high) }
    case .isAbsent(let field): return row[field] == nil
    case .isPresent(let field): return row[field] != nil
    case .not(let inner): return twin(inner, row).map { !$0 }
    case .and(let parts):
      let truths = parts.map { twin($0, row) }
      return truths.contains(false) ? false : truths.contains(nil) ? nil : true
    case .or(let parts):
      let truths = parts.map { twin($0, row) }
      return truths.contains(true) ? true : truths.contains(nil) ? nil : false
    }
  }
}
