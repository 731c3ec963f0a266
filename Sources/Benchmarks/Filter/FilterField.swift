/// The name of a field as a filter spells it: a dotted path and, in brackets, what selects one of several values:
/// `accuracy_percent.validation`, `attribute.firing_rate`, `latency[raspi4,batch=1]`.
public struct FilterField: Hashable, Sendable, CustomStringConvertible {
  /// The parts between dots, at least one.
  public let path: [String]
  /// The parts in brackets, in the order written; empty where there are no brackets.
  public let selectors: [Selector]

  /// One part in brackets: `raspi4` has no key, `batch=1` has the key `batch`.
  public struct Selector: Hashable, Sendable {
    public let key: String?
    public let value: String

    public init(key: String? = nil, value: String) {
      self.key = key
      self.value = value
    }
  }

  /// `path` must not be empty.
  public init(path: [String], selectors: [Selector] = []) {
    precondition(!path.isEmpty, "a field has at least one part")
    self.path = path
    self.selectors = selectors
  }

  /// The field `name` of one part, without selectors.
  public init(_ name: String) {
    self.init(path: [name])
  }

  /// The path alone, parts quoted where they must be.
  public var pathText: String {
    path.map { FilterWords.isPlainName($0) ? $0 : FilterValue.quote($0, with: "\"") }.joined(separator: ".")
  }

  /// The one spelling of this field in the filter language; reads back as the same field.
  public var text: String {
    guard !selectors.isEmpty else { return pathText }
    let inside = selectors.map { selector in
      (selector.key.map { FilterWords.selectorText($0) + "=" } ?? "") + FilterWords.selectorText(selector.value)
    }
    return "\(pathText)[\(inside.joined(separator: ","))]"
  }

  public var description: String { text }
}

extension FilterField {
  /// Reads one field, spelled as in a filter. Throws ``FilterError``.
  public init(parsing text: String, limits: FilterLimits = .standard) throws(FilterError) {
    guard text.utf8.count <= limits.bytes else { throw .tooLong(bytes: text.utf8.count, limit: limits.bytes) }
    var parser = FilterParser(text, vocabulary: nil, depthLimit: limits.depth)
    self = try parser.onlyField()
  }
}
