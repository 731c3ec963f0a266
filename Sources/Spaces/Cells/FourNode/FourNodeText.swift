extension FourNodeCell {
  /// `|op~0|+|op~0|op~1|+|op~0|op~1|op~2|`: for each node, the operation from each earlier one.
  var text: String {
    let names = operations.map(\.name)
    return "|\(names[0])~0|+|\(names[1])~0|\(names[2])~1|+|\(names[3])~0|\(names[4])~1|\(names[5])~2|"
  }

  /// Reads ``text``. Throws ``SpacesError/text(section:column:found:allowed:suggestion:)``.
  init(reading text: PlainText) throws {
    let names = Operation.allCases.map { ($0.name, Int($0.rawValue)) }
    var rest = text.bytes
    func refusal(_ place: String, at index: Int, _ found: some Sequence<UInt8>, allowed: [String]) -> SpacesError {
      .text(
        section: place, column: text.column + index - text.bytes.startIndex,
        found: String(decoding: Array(found), as: UTF8.self), allowed: allowed, suggestion: nil)
    }
    func take(_ expected: String, _ place: String) throws {
      guard rest.starts(with: expected.utf8) else {
        throw refusal(place, at: rest.startIndex, rest.prefix(expected.utf8.count), allowed: [expected])
      }
      rest = rest.dropFirst(expected.utf8.count)
    }
    var digits: [Int] = []
    for (source, target) in FourNodeGraph.edges {
      let place = "edge \(source) to \(target)"
      if source == 0 { try take(target == 1 ? "|" : "+|", place) }
      let word = rest.prefix { $0 != UInt8(ascii: "~") && $0 != UInt8(ascii: "|") }
      guard let name = names.first(where: { $0.0.utf8.elementsEqual(word) }) else {
        throw refusal(place, at: rest.startIndex, word, allowed: names.map(\.0))
      }
      digits.append(name.1)
      rest = rest.dropFirst(word.count)
      try take("~\(source)|", place)
    }
    guard rest.isEmpty else { throw refusal("end", at: rest.startIndex, rest, allowed: ["nothing"]) }
    self.init(digits: digits)
  }
}

extension FourNodeCell: CustomStringConvertible {
  public var description: String { text }
}
