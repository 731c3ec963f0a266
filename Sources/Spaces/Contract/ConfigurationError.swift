public import Records

/// What can be wrong with a configuration of a space.
public enum ConfigurationError: SpaceError, Hashable {
  /// A name is not that of a choice; `nearest` are the names that it may mean.
  case unknownChoice(space: String, name: String, nearest: [String], known: [String])
  /// A choice that the other values make active has no value.
  case missingChoice(space: String, choice: String, allowed: [String])
  /// A choice has a value that is not one of its own.
  case value(space: String, choice: String, found: String, allowed: [String])
  /// A choice has a value although it is active only where `parent` has one of `values`.
  case inactiveChoice(space: String, choice: String, found: String, parent: String, values: [String])
  /// The values of `combination` are not allowed together.
  case forbidden(space: String, combination: Configuration)
  /// No configuration of the space spells this architecture.
  case notSpelled(space: String, architecture: String)
  /// The space has no choices.
  case noChoices(space: String)

  public var code: String {
    switch self {
    case .unknownChoice: "spaces.unknown_choice"
    case .missingChoice: "spaces.missing_choice"
    case .value: "spaces.choice_value"
    case .inactiveChoice: "spaces.inactive_choice"
    case .forbidden: "spaces.forbidden_choices"
    case .notSpelled: "spaces.not_spelled"
    case .noChoices: "spaces.no_choices"
    }
  }

  public var message: String {
    switch self {
    case .unknownChoice(let space, let name, _, let known):
      "\(space) has no choice \(quoted(name)); known: \(shortList(known))"
    case .missingChoice(let space, let choice, let allowed):
      "the \(space) configuration has no value for \(choice); allowed: \(shortList(allowed))"
    case .value(let space, let choice, let found, let allowed):
      "\(choice) of the \(space) configuration is \(quoted(found)); allowed: \(shortList(allowed))"
    case .inactiveChoice(let space, let choice, let found, let parent, let values):
      "\(choice) of the \(space) configuration is \(quoted(found)); it has a value only if \(parent) is one of "
        + shortList(values)
    case .forbidden(let space, let combination):
      "the \(space) configuration has the forbidden combination \(combination)"
    case .notSpelled(let space, let architecture):
      "no configuration of \(space) spells the architecture \(quoted(architecture))"
    case .noChoices(let space):
      "\(space) has no choices: its architectures have no configurations"
    }
  }

  public var remedy: String? {
    switch self {
    case .unknownChoice(_, _, let nearest, _) where !nearest.isEmpty:
      "did you mean \(nearest.joined(separator: " or "))?"
    case .inactiveChoice(_, let choice, _, _, _): "leave \(choice) out"
    case .forbidden: "change one of these values"
    default: nil
    }
  }
}
