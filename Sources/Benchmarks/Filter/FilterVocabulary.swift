import Records

/// The fields that a filter may use, for exact errors and suggestions.
///
/// A name is spelled as in a filter (``FilterField/text``): `parameters`, `accuracy_percent.validation`,
/// `latency[raspi4]`. `attribute.*` allows one or more parts behind `attribute.`, and `latency[*]` any brackets.
public struct FilterVocabulary: Sendable {
  /// The names as given, sorted, each once.
  public let names: [String]
  private let exact: Set<String>
  /// Paths behind which `[…]` may stand.
  private let selectable: Set<String>
  /// Paths behind which `.…` may stand, to true where `[…]` may follow.
  private let families: [String: Bool]

  public init(_ names: some Sequence<String>) {
    self.names = Set(names).sorted()
    var exact: Set<String> = []
    var selectable: Set<String> = []
    var families: [String: Bool] = [:]
    for name in self.names {
      let hasSelectors = name.hasSuffix("[*]")
      let path = hasSelectors ? String(name.dropLast(3)) : name
      if path.hasSuffix(".*") {
        let head = String(path.dropLast(2))
        families[head] = hasSelectors || families[head] == true
      } else if hasSelectors {
        selectable.insert(path)
      } else {
        exact.insert(path)
      }
    }
    self.exact = exact
    self.selectable = selectable
    self.families = families
  }

  /// Whether a filter may use `field`.
  public func contains(_ field: FilterField) -> Bool {
    if exact.contains(field.text) || (!field.selectors.isEmpty && selectable.contains(field.pathText)) { return true }
    return (1..<max(1, field.path.count)).contains { length in
      let family = families[FilterField(path: Array(field.path.prefix(length))).pathText]
      return family.map { field.selectors.isEmpty || $0 } ?? false
    }
  }

  /// The known field that `field` most likely means, by ``NearestName`` of the part that differs. Ties go to the first in
  /// alphabetical order.
  package func suggestion(for field: FilterField) -> String? {
    let brackets = String(field.text.dropFirst(field.pathText.count))
    var best: (rank: Int, name: String)?
    func offer(_ candidate: String, for asked: String, as name: String) {
      guard name != field.text, let rank = Self.rank(asked, candidate), rank < (best?.rank ?? .max) else { return }
      best = (rank, name)
    }
    let path = field.pathText
    for name in exact.sorted() { offer(name, for: field.text, as: name) }
    for name in selectable.sorted() {
      offer(name, for: path, as: name + (brackets.isEmpty ? "[*]" : brackets))
    }
    if field.path.count > 1 {
      let head = FilterField(field.path[0]).pathText
      for family in families.keys.sorted() {
        offer(family, for: head, as: family + String(field.text.dropFirst(head.count)))
      }
    }
    return best?.name
  }

  /// How near two spellings are: by the whole, or by the parts between dots, of which all but one are the same.
  private static func rank(_ asked: String, _ name: String) -> Int? {
    let (first, second) = (asked.split(separator: "."), name.split(separator: "."))
    guard first.count > 1, first.count == second.count else { return NearestName.rank(asked, name) }
    let differing = zip(first, second).filter { $0 != $1 }
    if differing.count == 1, let part = NearestName.rank(String(differing[0].0), String(differing[0].1)) { return part }
    return NearestName.rank(asked, name)
  }
}
