/// The two halves of a filter: what chooses runs, and what takes or leaves architectures by the means over these runs.
public struct FilterParts: Hashable, Sendable {
  /// Fields that choose runs.
  static let runFields: Set<String> = ["seed", "status", "origin", "source"]
  /// Fields that are the same for all runs of a setting, so that they may be in either half.
  private static let settingFields: Set<String> = ["space", "dataset", "protocol"]

  /// Parts about runs; nil where the filter has none.
  public let runs: FilterExpression?
  /// Parts about architectures; nil where the filter has none.
  public let architectures: FilterExpression?

  /// Parts are what AND joins at the top. Throws ``FilterError/mixed(part:runs:architectures:)`` for a part about both.
  public init(_ filter: FilterExpression?) throws(FilterError) {
    var runs: [FilterExpression] = []
    var architectures: [FilterExpression] = []
    for part in filter.map(Self.flat) ?? [] {
      let fields = part.fields.filter { !Self.is($0, oneOf: Self.settingFields) }
      let ofRuns = fields.filter { Self.is($0, oneOf: Self.runFields) }
      let others = fields.filter { !Self.is($0, oneOf: Self.runFields) }
      guard ofRuns.isEmpty || others.isEmpty else {
        throw .mixed(part: part.canonicalText, runs: ofRuns.map(\.text), architectures: others.map(\.text))
      }
      if others.isEmpty { runs.append(part) } else { architectures.append(part) }
    }
    self.runs = Self.joined(runs)
    self.architectures = Self.joined(architectures)
  }

  private static func `is`(_ field: FilterField, oneOf names: Set<String>) -> Bool {
    field.path.count == 1 && field.selectors.isEmpty && names.contains(field.path[0])
  }

  private static func flat(_ filter: FilterExpression) -> [FilterExpression] {
    if case .and(let parts) = filter { parts.flatMap(flat) } else { [filter] }
  }

  private static func joined(_ parts: [FilterExpression]) -> FilterExpression? {
    parts.count > 1 ? .and(parts) : parts.first
  }
}
