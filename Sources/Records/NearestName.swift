/// The known name that an unknown one most likely means: one rule for fields, metrics, data sets, protocols and sources.
package enum NearestName {
  /// Endings that say in which unit a value is: `accuracy_percent` is near to `accuracy`.
  private static let units: Set<String> = [
    "percent", "fraction", "ms", "us", "s", "milliseconds", "microseconds", "seconds", "second", "millisecond", "nats",
    "bits", "mb", "bytes", "flops",
  ]

  /// The nearest of `known`; nil where none is near. Ties go to the first in alphabetical order.
  package static func of(_ asked: String, among known: some Sequence<String>) -> String? {
    var best: (rank: Int, name: String)?
    for name in known where name != asked {
      guard let rank = rank(asked, name) else { continue }
      if let found = best, (found.rank, found.name) <= (rank, name) { continue }
      best = (rank, name)
    }
    return best?.name
  }

  /// Up to `limit` names of `known` that are near, the nearest first.
  package static func several(_ asked: String, among known: [String], atMost limit: Int) -> [String] {
    let near = known.compactMap { name in rank(asked, name).map { (rank: $0, name: name) } }
    return near.sorted { ($0.rank, $0.name) < ($1.rank, $1.name) }.prefix(limit).map(\.name)
  }

  /// How near two names are, smaller is nearer; nil where they are not near.
  ///
  /// From near to far: the same letters in another case; the same but for a unit at the end; one begins with the other,
  /// up to a mark such as `-` or a number; an edit distance of at most a third of the length and at most three; one begins with at
  /// least three letters of the other.
  package static func rank(_ asked: String, _ name: String) -> Int? {
    let (first, second) = (asked.lowercased(), name.lowercased())
    if first == second { return 0 }
    if withoutUnit(first) == withoutUnit(second) { return 1 }
    let (short, long) = first.utf8.count < second.utf8.count ? (first, second) : (second, first)
    let isBeginning = short.utf8.count >= 3 && long.hasPrefix(short)
    let next = long.dropFirst(short.count).first
    if isBeginning, let next, !next.isLetter, !next.isNumber || short.last?.isLetter == true { return 2 }
    if let distance = EditDistance.between(first, second, atMost: min(3, max(1, second.utf8.count / 3))) {
      return 2 + distance
    }
    return isBeginning && next?.isLetter == true ? 6 : nil
  }

  private static func withoutUnit(_ name: String) -> Substring {
    guard let mark = name.lastIndex(where: { $0 == "_" || $0 == "-" }), mark > name.startIndex,
      units.contains(String(name[name.index(after: mark)...]))
    else { return name[...] }
    return name[..<mark]
  }
}
