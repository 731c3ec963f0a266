/// The unit that a name of a metric, a count or a cost ends with.
package enum UnitInName {
  private static let endings = [
    ("percent", "percent"), ("milliseconds", "millisecond"), ("microseconds", "microsecond"), ("seconds", "second"),
    ("fraction", "fraction"), ("bytes", "byte"), ("joules", "joule"), ("millions", "million"), ("ms", "millisecond"),
  ]

  /// The name without its last word if that is a unit, and the unit; nil for a name without one. `name` has no brackets.
  package static func split(_ name: String) -> (stem: String, unit: String?) {
    for (ending, unit) in endings where name.hasSuffix("_" + ending) {
      return (String(name.dropLast(ending.count + 1)), unit)
    }
    return (name, nil)
  }

  /// The unit of a name, which may have conditions in brackets; `1` for a name without unit.
  package static func unit(of name: String) -> String { split(String(name.prefix { $0 != "[" })).unit ?? "1" }
}
