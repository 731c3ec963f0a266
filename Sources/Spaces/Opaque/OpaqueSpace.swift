import Foundation
public import Records

/// A space whose architectures are any JSON, for tables whose architectures have no rules here: texts have one spelling,
/// and nothing is drawn, varied, counted or encoded.
public struct OpaqueSpace: TextualSpace {
  /// Of a text, before it is read.
  public static let maximumTextLength = 1 << 20
  /// Lists and objects within each other.
  public static let maximumDepth = 64

  public let definition: OpaqueDefinition

  /// Throws ``SpacesError/definition(space:problem:allowed:)`` for a name that is none.
  public init(_ definition: OpaqueDefinition) throws {
    try SpaceDefinition.checkName(definition.name)
    self.definition = definition
  }

  public var name: String { definition.name }
  public var kind: String { "opaque" }
  public var architectureCount: UInt64? { nil }

  /// Any JSON as canonical JSON: keys sorted, no white space.
  ///
  /// Throws ``SpacesError/textLength(found:maximum:)`` and
  /// ``SpacesError/text(section:column:found:allowed:suggestion:)``.
  public func canonicalText(of anyForm: String) throws -> String {
    let bytes = Array(anyForm.utf8.prefix(Self.maximumTextLength + 1))
    guard bytes.count <= Self.maximumTextLength else {
      throw SpacesError.textLength(found: anyForm.utf8.count, maximum: Self.maximumTextLength)
    }
    guard Self.depth(bytes) <= Self.maximumDepth else {
      throw failure(anyForm, "at most \(Self.maximumDepth) lists and objects within each other")
    }
    guard let value = try? CanonicalJSON.decode(JSONValue.self, from: Data(bytes)) else {
      throw failure(anyForm, "JSON")
    }
    return try CanonicalJSON.text(value)
  }

  public func neighbors(of canonicalText: String) throws -> [String] { throw noRules("neighbors") }
  public func sample(using generator: inout SeededGenerator) throws -> String { throw noRules("sampling") }
  public func mutate(_ canonicalText: String, using generator: inout SeededGenerator) throws -> String {
    throw noRules("mutation")
  }
  public func crossOver(
    _ first: String, _ second: String, using generator: inout SeededGenerator
  ) throws -> String {
    throw noRules("crossover")
  }

  public var encodings: [String] { [] }
  public func encode(_ canonicalText: String, as encoding: String) throws -> [Double] { throw noRules("encoding") }
  public func identifiers(of canonicalText: String) throws -> [(name: String, value: String)] { [] }

  private func noRules(_ operation: String) -> SpacesError { .noRules(space: name, operation: operation) }

  private func failure(_ text: String, _ allowed: String) -> SpacesError {
    .text(
      section: "architecture of \(name)", column: 1, found: String(text.prefix(40)), allowed: [allowed], suggestion: nil
    )
  }

  /// The largest number of brackets that are open at once outside strings.
  private static func depth(_ bytes: [UInt8]) -> Int {
    var (open, deepest, isString, isEscaped) = (0, 0, false, false)
    for byte in bytes {
      if isString {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isString = false
        }
      } else if byte == UInt8(ascii: "\"") {
        isString = true
      } else if byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") {
        open += 1
        deepest = max(deepest, open)
      } else if byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") {
        open -= 1
      }
    }
    return deepest
  }
}
