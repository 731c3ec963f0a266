import Benchmarks
import Testing

@Suite struct FilterParserTests {
  private func field(_ name: String) -> FilterField { FilterField(name) }

  private func equal(_ name: String, _ number: Double) -> FilterExpression {
    .comparison(FilterField(name), .equal, .value(.number(number)))
  }

  @Test func notBindsBeforeAndBeforeOr() throws {
    let parsed = try FilterExpression(parsing: "not a = 1 and b = 1 or c = 1 AND Not (d=1 Or e=1)")
    let expected = FilterExpression.or([
      .and([.not(equal("a", 1)), equal("b", 1)]),
      .and([equal("c", 1), .not(.or([equal("d", 1), equal("e", 1)]))]),
    ])
    #expect(parsed == expected)
  }

  @Test func everyConditionHasItsForm() throws {
    func parse(_ text: String) throws -> FilterExpression { try FilterExpression(parsing: text) }
    let a = field("a")
    let one = FilterOperand.value(.number(1))
    for comparison in FilterComparison.allCases {
      #expect(try parse("a\(comparison.rawValue)1") == .comparison(a, comparison, one))
    }
    #expect(try parse("a in (1, b, :c)") == .membership(a, [one, .value(.text("b")), .parameter("c")]))
    #expect(try parse("a not in (1)") == .not(.membership(a, [one])))
    #expect(try parse("a BETWEEN 1 and :high") == .range(a, low: one, high: .parameter("high")))
    #expect(try parse("a not between 1 and 1") == .not(.range(a, low: one, high: one)))
    #expect(try parse("a is absent") == .isAbsent(a))
    #expect(try parse("a is not absent") == .isPresent(a))
    #expect(try parse("a\nIS\tPresent") == .isPresent(a))
    #expect(try parse("a is not present") == .isAbsent(a))
  }

  @Test(arguments: [
    ("1e6", 1e6), ("-3", -3), ("+.5", 0.5), ("2.", 2), ("1E+3", 1000), ("1e-3", 0.001), ("007", 7), ("1e-999", 0),
    ("1.7976931348623157e308", Double.greatestFiniteMagnitude), ("-0", 0),
  ])
  func numbersAreRead(text: String, number: Double) throws {
    #expect(try FilterExpression(parsing: "a = \(text)") == equal("a", number))
  }

  @Test(arguments: [
    ("'it''s'", "it's"), ("''", ""), ("''''", "'"), ("\"both\"", "both"), ("cifar10-valid", "cifar10-valid"),
    ("a.b/c_d", "a.b/c_d"), ("'ünï 🦆'", "ünï 🦆"), ("'and'", "and"), ("'3x3'", "3x3"), ("'a\0\nb'", "a\0\nb"),
  ])
  func textsAreRead(spelling: String, text: String) throws {
    let parsed = try FilterExpression(parsing: "a = \(spelling)")
    #expect(parsed == .comparison(field("a"), .equal, .value(.text(text))))
  }

  @Test func fieldsHavePathsAndSelectors() throws {
    let cases: [(String, FilterField)] = [
      ("parameters", field("parameters")),
      ("accuracy_percent.validation", FilterField(path: ["accuracy_percent", "validation"])),
      ("latency[raspi4]", FilterField(path: ["latency"], selectors: [.init(value: "raspi4")])),
      (
        "latency[raspi4,batch=1]",
        FilterField(path: ["latency"], selectors: [.init(value: "raspi4"), .init(key: "batch", value: "1")])
      ),
      (
        "a.b[1080ti_1, 'x y'='z,]', -3 = and]",
        FilterField(
          path: ["a", "b"],
          selectors: [.init(value: "1080ti_1"), .init(key: "x y", value: "z,]"), .init(key: "-3", value: "and")])
      ),
      ("attribute.\"firing rate\".x", FilterField(path: ["attribute", "firing rate", "x"])),
      ("\"in\".\"a\"\"b\"", FilterField(path: ["in", "a\"b"])),
      ("accuracy.in", FilterField(path: ["accuracy", "in"])),
    ]
    for (text, field) in cases {
      #expect(try FilterField(parsing: text) == field, "\(text)")
      #expect(try FilterField(parsing: field.text) == field, "\(field.text)")
      #expect(try FilterExpression(parsing: "\(text) is absent") == .isAbsent(field))
    }
  }

  @Test func fieldsAndParametersAreListedOnceInOrder() throws {
    let filter = try FilterExpression(
      parsing: "b in (:x, :y) or not (a[k=1] = :x and b is absent) or a between :z and :y or a[k=1] < 2")
    #expect(filter.fields.map(\.text) == ["b", "a[k=1]", "a"])
    #expect(filter.parameters == ["x", "y", "z"])
  }

  @Test func depthAndLengthAreLimited() throws {
    let nested = { (levels: Int) in
      String(repeating: "(", count: levels) + "a = 1" + String(repeating: ")", count: levels)
    }
    #expect(try FilterExpression(parsing: nested(200)) == equal("a", 1))
    #expect(throws: FilterError.tooDeep(column: 201, limit: 200)) { try FilterExpression(parsing: nested(201)) }
    let negated = String(repeating: "not ", count: 201) + "a = 1"
    #expect(throws: FilterError.tooDeep(column: 801, limit: 200)) { try FilterExpression(parsing: negated) }
    let text = "a = '" + String(repeating: "x", count: 65_530) + "'"
    #expect(throws: Never.self) { try FilterExpression(parsing: text) }
    #expect(throws: FilterError.tooLong(bytes: 65_537, limit: 65_536)) { try FilterExpression(parsing: text + " ") }
    #expect(throws: FilterError.tooLong(bytes: 65_537, limit: 65_536)) { try FilterField(parsing: text + " ") }
  }

  @Test func manyConditionsNeedNoDepth() throws {
    let filter = try FilterExpression(parsing: Array(repeating: "a=1", count: 9_000).joined(separator: " or "))
    guard case .or(let parts) = filter else {
      Issue.record("not a disjunction")
      return
    }
    #expect(parts.count == 9_000)
    #expect(try !filter.evaluate { _ in .number(2) })
  }
}
