import Records

/// What can be wrong with a ConfigSpace document.
public enum ConfigSpaceError: SpaceError, Hashable {
  /// A part of the document is missing or of another kind.
  case malformed(place: String, allowed: String)
  /// The document is valid, and uses what a space of choices does not have.
  case unsupported(place: String, found: String, supported: [String])

  public var code: String {
    switch self {
    case .malformed: "spaces.configspace_malformed"
    case .unsupported: "spaces.configspace_unsupported"
    }
  }

  public var message: String {
    switch self {
    case .malformed(let place, let allowed):
      "invalid ConfigSpace document, \(place); allowed: \(allowed)"
    case .unsupported(let place, let found, let supported):
      "unsupported ConfigSpace document, \(place) is \(found); supported: \(list(supported))"
    }
  }
}
