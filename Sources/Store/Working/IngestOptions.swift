/// What an ingest or a merge does with rows of one key whose numbers differ, and with differing cards of one thing.
public enum ConflictPolicy: Hashable, Sendable {
  /// Writes nothing at all while there is a conflict.
  case refuse
  /// Keeps the row that came first: the one in the working file, or of the file that was named first.
  case first
  /// Keeps the row that came last.
  case second
  /// Keeps the row of this source. A conflict between two rows of it, or between two of other sources, is refused.
  case source(String)
  /// Leaves both rows out. A row that the working file had before stays.
  case skip
}

/// How an ingest treats what contradicts the content of the working file.
public struct IngestOptions: Hashable, Sendable {
  public var conflicts: ConflictPolicy
  /// Whether a card may replace another card that the working file had before. The replaced card is kept in the history.
  public var replacesCards: Bool
  /// False for the entries of an atlas of an earlier version, which are taken as they are: names need no card, and runs
  /// may contradict themselves.
  package var isChecked = true

  public init(conflicts: ConflictPolicy = .refuse, replacesCards: Bool = false) {
    self.conflicts = conflicts
    self.replacesCards = replacesCards
  }

  /// The files in the order in which they are read: sorted, so that the order of naming leaves no trace, or as named
  /// where that order decides.
  func ordered(_ paths: [String]) -> [String] {
    conflicts == .first || conflicts == .second ? paths : paths.sorted()
  }

  /// Which of two rows stays; nil where the policy does not say.
  func kept(firstSource: String?, secondSource: String?) -> IngestReport.Kept? {
    switch conflicts {
    case .refuse: nil
    case .first: .first
    case .second: .second
    case .skip: .neither
    case .source(let name):
      firstSource == secondSource ? nil : firstSource == name ? .first : secondSource == name ? .second : nil
    }
  }
}
