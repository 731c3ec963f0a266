/// The unit that stands in the name of a count or a cost.
enum UnitOfName {
  private static let units = [
    "_milliseconds": "millisecond", "_seconds": "second", "_bytes": "byte", "_joules": "joule",
  ]

  /// `1` for a name without a unit.
  static func unit(of name: String) -> String {
    let word = name.prefix { $0 != "[" }
    return units.first { word.hasSuffix($0.key) }?.value ?? "1"
  }
}
