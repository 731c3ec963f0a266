import Foundation
import Records

/// Settings that people write: a misspelled key is an error, for it would otherwise change what is trained without a word.
enum StrictSettings {
  /// Decodes JSON. Throws ``TrainingError/unknownSetting(path:allowed:)`` for a key that `type` does not have.
  static func decode<T: Codable>(_ type: T.Type, from json: Data) throws -> T {
    let settings = try CanonicalJSON.decode(T.self, from: json)
    let given = try CanonicalJSON.decode(JSONValue.self, from: json)
    let kept = try CanonicalJSON.decode(JSONValue.self, from: CanonicalJSON.encode(settings))
    if let unknown = unknown(in: given, kept) {
      throw TrainingError.unknownSetting(path: unknown.path, allowed: unknown.allowed)
    }
    return settings
  }

  /// The first key, in alphabetical order, that was given and is not kept, and the keys beside it that are. A null stands
  /// for an absent key.
  private static func unknown(
    in given: JSONValue, _ kept: JSONValue, at path: String = ""
  ) -> (path: String, allowed: [String])? {
    guard case .object(let given) = given, case .object(let kept) = kept else { return nil }
    for (name, value) in given.sorted(by: { $0.key < $1.key }) where value != .null {
      let path = path.isEmpty ? name : "\(path).\(name)"
      guard let other = kept[name] else { return (path, kept.keys.sorted()) }
      if let found = unknown(in: value, other, at: path) { return found }
    }
    return nil
  }
}
