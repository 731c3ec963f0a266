public import Records

/// What can be wrong with a restriction of a space, and with architectures outside it.
public enum RestrictionError: SpaceError, Hashable {
  /// A word closes nothing in the space; `nearest` are the words that it may mean.
  case unknownWord(space: String, word: String, nearest: [String], closable: [String])
  /// Fewer than two architectures are left.
  case nothingLeft(space: String, words: [String])
  /// Several configurations of the space spell one architecture, or some combinations are forbidden, so that the
  /// architectures left cannot be counted by choices.
  case notCountable(space: String)
  /// An architecture uses a closed value.
  case closed(space: String, architecture: String, choice: String, value: String, open: [String])

  public var code: String {
    switch self {
    case .unknownWord: "spaces.unknown_closable"
    case .nothingLeft: "spaces.nothing_left"
    case .notCountable: "spaces.not_restrictable"
    case .closed: "spaces.closed"
    }
  }

  public var message: String {
    switch self {
    case .unknownWord(let space, let word, _, let closable):
      "\(quoted(word)) closes nothing in \(space); allowed: \(list(closable))"
    case .nothingLeft(let space, let words):
      "\(space) without \(list(words)) has fewer than two architectures"
    case .notCountable(let space):
      "\(space) cannot be restricted: not every combination of its choices is an architecture of its own"
    case .closed(let space, let architecture, let choice, let value, let open):
      "\(quoted(architecture)) is outside the restricted space \(space): \(choice) is \(quoted(value)); "
        + "allowed: \(shortList(open))"
    }
  }

  public var remedy: String? {
    switch self {
    case .unknownWord(_, _, let nearest, _) where !nearest.isEmpty:
      "did you mean \(nearest.joined(separator: " or "))?"
    case .nothingLeft: "close fewer values"
    default: nil
    }
  }

  public var exitStatus: ExitStatus {
    switch self {
    case .unknownWord, .nothingLeft, .notCountable: .usage
    case .closed: .dataError
    }
  }
}
