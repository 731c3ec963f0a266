import Benchmarks
import Testing

@Suite struct FilterEvaluationTests {
  private let row: [String: FilterValue] = [
    "parameters": .number(1_500), "zero": .number(0), "nan": .number(.nan), "status": .text("completed"),
    "latency[raspi4]": .number(12.5), "big": .number(.infinity),
  ]

  private func truth(_ text: String, _ values: [String: FilterValue] = [:]) throws -> Bool? {
    try FilterExpression(parsing: text).binding(values).truth { row[$0.text] }
  }

  @Test(arguments: [
    ("parameters = 1.5e3", true), ("parameters != 1500", false), ("parameters < 1500", false),
    ("parameters <= 1500", true), ("parameters > 1499.999", true), ("parameters >= 1501", false), ("zero = -0", true),
    ("big > 1e308", true), ("status = completed", true), ("status = Completed", false), ("status < 'completed '", true),
    ("status > 'compleTed'", true), ("latency[raspi4] between 12.5 and 13", true),
    ("latency[raspi4] between 13 and 12", false), ("latency[raspi4] not between 1 and 2", true),
    ("status in (failed, 'completed')", true), ("status not in (failed, timed_out)", true),
    ("parameters is present", true), ("parameters is absent", false), ("latency[edge] is absent", true),
    ("nan is absent", true), ("not (latency[edge] is present)", true),
  ])
  func conditionsHold(text: String, expected: Bool) throws {
    #expect(try truth(text) == expected)
  }

  @Test(arguments: [
    "x = 1", "x != 1", "x < 'a'", "x in (1, 2)", "x between 1 and 2", "not x = 1", "x not in (1)", "nan = 1",
    "nan != 1", "x = 1 and status = completed", "x = 1 or status = failed", "not (x = 1 or zero = 1)",
  ])
  func whatIsAbsentIsUnknown(text: String) throws {
    #expect(try truth(text) == nil)
    #expect(try !FilterExpression(parsing: text).evaluate { row[$0.text] })
    #expect(try !FilterExpression(parsing: "not (\(text))").evaluate { row[$0.text] })
  }

  /// AND is the least and OR the greatest with false < unknown < true, for every three operands; De Morgan holds.
  @Test func junctionsFollowKleene() throws {
    let conditions: [(Int, String)] = [(0, "zero = 1"), (1, "x = 1"), (2, "zero = 0")]
    func level(_ truth: Bool?) -> Int { truth.map { $0 ? 2 : 0 } ?? 1 }
    for (a, first) in conditions {
      #expect(level(try truth("not \(first)")) == 2 - a)
      for (b, second) in conditions {
        for (c, third) in conditions {
          #expect(level(try truth("\(first) and \(second) and \(third)")) == min(a, b, c))
          #expect(level(try truth("\(first) or \(second) or \(third)")) == max(a, b, c))
          #expect(level(try truth("\(first) or \(second) and \(third)")) == max(a, min(b, c)))
          #expect(level(try truth("not (not \(first) or not \(second))")) == min(a, b))
        }
      }
    }
  }

  @Test func textsAndNumbersDoNotMix() throws {
    let number = FilterValue.number(1_500)
    for text in [
      "parameters = many", "parameters < many", "parameters between 1 and many", "parameters in (1500, many)",
    ] {
      #expect(throws: FilterError.kindMismatch(field: "parameters", holds: number, comparedWith: .text("many"))) {
        try truth(text)
      }
    }
    #expect(throws: FilterError.kindMismatch(field: "status", holds: .text("completed"), comparedWith: .number(3))) {
      try truth("zero = 0 and status > 3")
    }
    #expect(try truth("zero = 1 and status > 3") == false)
  }

  /// Some seeds are numbers and some are names, also within one setting.
  @Test func seedsAreNumbersOrNames() throws {
    for (text, number, name) in [
      ("seed = 777", true, false), ("seed != 777", false, true), ("seed in (5, 777)", true, false),
      ("seed = 'mean-of-3'", false, true), ("seed <= 777", true, false), ("seed between 1 and 1000", true, false),
      ("not seed = 777", false, true), ("seed in ('mean-of-3', 777)", true, true),
    ] {
      let filter = try FilterExpression(parsing: text)
      #expect(try filter.evaluate { _ in .number(777) } == number, "\(text)")
      #expect(try filter.evaluate { _ in .text("mean-of-3") } == name, "\(text)")
    }
  }

  /// Equal letters in another Unicode form are other bytes, so another text.
  @Test func textsCompareByTheirBytes() throws {
    let filter = try FilterExpression(parsing: "name = '\u{e9}'")
    #expect(try filter.evaluate { _ in .text("\u{e9}") })
    #expect(try !filter.evaluate { _ in .text("e\u{301}") })
  }

  @Test func parametersAreValuesWhateverTheyHold() throws {
    let hostile = "x' or 'a' = 'a"
    #expect(try truth("status = :name", ["name": .text(hostile)]) == false)
    let bound = try FilterExpression(parsing: "status = :name").binding(["name": .text(hostile)])
    #expect(bound.canonicalText == "status = 'x'' or ''a'' = ''a'")
    #expect(try FilterExpression(parsing: bound.canonicalText) == bound)
    let range = "parameters between :low and :high and status in (:low2, completed) and not zero = :high"
    #expect(try truth(range, ["low": .number(1), "high": .number(2e3), "low2": .text("a")]) == true)
  }

  @Test func parametersAreChecked() throws {
    let filter = try FilterExpression(parsing: "a = :x or b = :y")
    #expect(throws: FilterError.unboundParameter(name: "y", given: ["x"])) { try filter.binding(["x": .number(1)]) }
    #expect(throws: FilterError.unknownParameter(name: "z", used: ["x", "y"])) {
      try filter.binding(["x": .number(1), "y": .number(1), "z": .number(1)])
    }
    for number in [Double.nan, .infinity, -.infinity] {
      let error = try #require(throws: FilterError.self) {
        try filter.binding(["x": .number(number), "y": .number(1)])
      }
      #expect(error.code == "benchmarks.filter_unusable_parameter")
      #expect(error.message.contains("\(number)"))
    }
    #expect(throws: FilterError.unboundParameter(name: "x", given: [])) { try filter.evaluate { _ in .number(1) } }
  }

  @Test func whatTheFieldsThrowIsThrown() throws {
    struct Missing: Error {}
    let filter = try FilterExpression(parsing: "a = 1")
    #expect(throws: Missing.self) { try filter.evaluate { _ in throw Missing() } }
  }
}
