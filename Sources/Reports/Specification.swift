import Records

/// A JSON value that is written in Swift as it reads in JSON.
struct Specification: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  let value: JSONValue

  init(_ value: JSONValue) { self.value = value }
  init(_ text: String) { value = .string(text) }
  init(_ number: Double) { value = .number(number) }
  init(_ number: Int) { value = .integer(Int64(number)) }
  init(_ elements: [Specification]) { value = .array(elements.map(\.value)) }

  init(stringLiteral text: String) { self.init(text) }
  init(integerLiteral number: Int) { self.init(number) }
  init(floatLiteral number: Double) { self.init(number) }
  init(booleanLiteral truth: Bool) { value = .bool(truth) }
  init(arrayLiteral elements: Specification...) { self.init(elements) }
  init(dictionaryLiteral members: (String, Specification)...) {
    value = .object(Dictionary(members.map { ($0, $1.value) }) { $1 })
  }
}
