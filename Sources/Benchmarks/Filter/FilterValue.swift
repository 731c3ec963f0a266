/// A value that a filter compares: a number or a text.
public enum FilterValue: Hashable, Sendable {
  /// A finite number where it comes from a filter; a field may also be infinite. NaN counts as absent.
  case number(Double)
  case text(String)

  /// `a number` or `a text`, for messages.
  package var kindName: String {
    switch self {
    case .number: "a number"
    case .text: "a text"
    }
  }

  /// How the filter language spells this value: the shortest number that reads back the same, or a text in single
  /// quotes.
  public var filterText: String {
    switch self {
    case .number(let number): Self.spell(number)
    case .text(let text): Self.quote(text, with: "'")
    }
  }

  /// Puts `text` between two `mark`s and doubles each mark inside.
  static func quote(_ text: String, with mark: Unicode.Scalar) -> String {
    var quoted = String.UnicodeScalarView()
    quoted.append(mark)
    for scalar in text.unicodeScalars {
      quoted.append(scalar)
      if scalar == mark { quoted.append(mark) }
    }
    quoted.append(mark)
    return String(quoted)
  }

  private static func spell(_ number: Double) -> String {
    if number.magnitude < 0x1p53, let whole = Int64(exactly: number) { return "\(whole)" }
    return "\(number)"
  }
}
