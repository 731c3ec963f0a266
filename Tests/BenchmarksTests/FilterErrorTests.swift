import Benchmarks
import Records
import Testing

@Suite struct FilterErrorTests {
  private static let comparisons = ["=", "!=", "<", "<=", ">", ">="]
  private static let afterField = comparisons + ["IS", "NOT", "IN", "BETWEEN"]
  private static let values = ["a number", "a text ('text')", ":parameter"]
  private static let fields = ["a field", "NOT", "("]
  private static let names = ["a field (put parts that are not names in double quotes)"]

  private static let unexpected: [(String, Int, String, [String])] = [
    ("", 1, "its end", fields),
    ("   ", 4, "its end", fields),
    (")", 1, ")", fields),
    ("a = 1 b", 7, "b", ["AND", "OR", "the end"]),
    ("a = 1 and", 10, "its end", fields),
    ("and = 1", 1, "and", fields),
    ("a", 2, "its end", afterField),
    ("a == 1", 3, "==", comparisons),
    ("a <> 1", 3, "<>", comparisons),
    ("a = AND", 5, "AND", ["a number", "a text ('AND')", ":parameter"]),
    ("a = ", 5, "its end", values),
    ("a = (1)", 5, "(", values),
    ("a = :1", 5, ":", values),
    ("a = é", 5, "é", values),
    ("é = 1", 1, "é", fields),
    ("'é🦆' = 1", 1, "'é🦆'", fields),
    ("a = 'é🦆' x", 10, "x", ["AND", "OR", "the end"]),
    ("a = \u{7}", 5, "the character U+7", values),
    ("a\u{a0}= 1", 2, "the character U+A0", afterField),
    ("a not = 1", 7, "=", ["IN", "BETWEEN"]),
    ("a in 1", 6, "1", ["("]),
    ("a in ()", 7, ")", values),
    ("a in (1,)", 9, ")", values),
    ("a in (1 2)", 9, "2", [",", ")"]),
    ("a between 1 or 2", 13, "or", ["AND"]),
    ("a is null", 6, "null", ["ABSENT", "PRESENT", "NOT"]),
    ("a is not 3", 10, "3", ["ABSENT", "PRESENT"]),
    ("a[] = 1", 3, "]", ["a name", "a number", "a text ('text')"]),
    ("a[b c] = 1", 5, "c", ["=", ",", "]"]),
    ("a[b=1=2] = 1", 6, "=", [",", "]"]),
    ("a[b", 4, "its end", ["=", ",", "]"]),
    ("a[b].c = 1", 5, ".", afterField),
    ("a. = 1", 4, "=", ["the next part of the field's name"]),
    ("a..b = 1", 1, "a..b", names),
    ("a.3x3 = 1", 1, "a.3x3", names),
    ("3 = 3", 1, "3", fields),
    ("a = 1; drop table runs", 6, ";", ["AND", "OR", "the end"]),
    (String(repeating: "x", count: 60) + "/ = 1", 1, String(repeating: "x", count: 39) + "…", names),
  ]

  @Test func everyFaultHasItsColumnAndWhatIsAllowed() {
    for (text, column, found, allowed) in Self.unexpected {
      let expected = FilterError.unexpected(column: column, found: found, allowed: allowed)
      #expect(throws: expected, "\(text)") { try FilterExpression(parsing: text) }
      #expect(expected.column == column)
      let words =
        found == "its end" ? "the filter ends at column \(column)" : "the filter has \(found) at column \(column)"
      #expect(expected.message.hasPrefix(words + "; allowed there: "))
    }
  }

  @Test func quotesAndNumbersHaveErrorsOfTheirOwn() {
    let cases: [(String, FilterError)] = [
      ("a = 'x''", .unterminated(column: 5, quote: "'")),
      ("a = 1 and \"b", .unterminated(column: 11, quote: "\"")),
      ("a = 12ab", .notANumber(column: 5, found: "12ab")),
      ("a = 1e", .notANumber(column: 5, found: "1e")),
      ("a = 0x10", .notANumber(column: 5, found: "0x10")),
      ("a = -inf", .notANumber(column: 5, found: "-inf")),
      ("a = 1-2", .notANumber(column: 5, found: "1-2")),
      ("a = .", .notANumber(column: 5, found: ".")),
      ("a in (1, -1e999)", .numberOutOfRange(column: 10, found: "-1e999")),
    ]
    for (text, expected) in cases {
      #expect(throws: expected, "\(text)") { try FilterExpression(parsing: text) }
    }
  }

  @Test func anUnknownFieldComesWithTheClosestKnownOne() {
    let vocabulary = FilterVocabulary([
      "parameters", "seed", "status", "accuracy_percent.validation", "accuracy_percent.test", "latency[*]",
      "energy[edgegpu]", "attribute.*", "proxy.*[*]",
    ])
    for known in [
      "parameters", "accuracy_percent.test", "latency[raspi4,batch=1]", "energy[edgegpu]", "attribute.a.b", "proxy.x",
      "proxy.x[minibatch=2]",
    ] {
      #expect(throws: Never.self, "\(known)") { try FilterExpression(parsing: "\(known) > 1", vocabulary: vocabulary) }
    }
    let unknown: [(String, String?)] = [
      ("paramters", "parameters"), ("Parameters", "parameters"), ("sede", "seed"), ("sid", nil), ("xyz", nil),
      ("acuracy_percent.validation", "accuracy_percent.validation"), ("latency", "latency[*]"),
      ("latancy[raspi4]", "latency[raspi4]"), ("energy[edgepgu]", "energy[edgegpu]"), ("energy[raspi4]", nil),
      ("atribute.firing_rate", "attribute.firing_rate"), ("attribute.x[1]", nil), ("attribute", nil),
      ("statsu", "status"),
    ]
    for (name, suggestion) in unknown {
      let expected = FilterError.unknownField(column: 13, found: name, suggestion: suggestion, known: vocabulary.names)
      #expect(throws: expected, "\(name)") {
        try FilterExpression(parsing: "seed = 1 or \(name) = 1", vocabulary: vocabulary)
      }
    }
  }

  @Test func everyErrorSaysWhatToDo() {
    let errors: [FilterError] = [
      .tooLong(bytes: 2, limit: 1), .tooDeep(column: 1, limit: 1), .unexpected(column: 1, found: "a", allowed: ["b"]),
      .unterminated(column: 1, quote: "'"), .notANumber(column: 1, found: "1a"),
      .numberOutOfRange(column: 1, found: "1e999"),
      .unknownField(column: 1, found: "a", suggestion: "b", known: (0..<20).map { "field\($0)" }),
      .unboundParameter(name: "a", given: []), .unknownParameter(name: "a", used: ["b"]),
      .unusableParameter(name: "a", found: .nan),
      .kindMismatch(field: "a", holds: .number(1), comparedWith: .text("b")),
    ]
    #expect(Set(errors.map(\.code)).count == errors.count)
    for error in errors {
      #expect(error.code.hasPrefix("benchmarks.filter_"))
      #expect(error.remedy != nil)
      #expect(error.exitStatus == .usage)
    }
    #expect(errors[6].message.contains("a at column 1 (did you mean b?); known: field0"))
    #expect(errors[6].message.hasSuffix("and 4 more"))
    #expect(errors[10].message == "a is a number (1) and cannot be compared with a text ('b')")
  }
}
