import Foundation
import Records

/// Settings and where each came from: a flag wins over the environment, that over a file, that over the default.
public struct ResolvedSettings: Sendable {
  public let settings: ServerSettings
  /// By name: `default`, `file PATH, line 3`, `NASATLAS_SERVER_PORT`, `--port`.
  public let origins: [String: String]

  /// Resolves the settings. `flags` are by name; `file` is one NAME = VALUE a line, `#` begins a comment.
  ///
  /// Throws ``ServerError`` for a name that is not known and a value that is not allowed, naming its origin.
  public init(flags: [String: String], environment: [String: String], file path: String?) throws {
    var settings = ServerSettings()
    var origins = Dictionary(uniqueKeysWithValues: ServerSetting.all.map { ($0.name, "default") })
    func assign(_ name: String, _ value: String, _ origin: String) throws {
      guard let setting = ServerSetting.all.first(where: { $0.name == name }) else {
        throw ServerError.unknownSetting(name: name, origin: origin, known: ServerSetting.all.map(\.name))
      }
      guard setting.assign(&settings, value) else {
        throw ServerError.badSetting(name: name, value: value, origin: origin, allowed: setting.allowed)
      }
      origins[name] = origin
    }
    if let path {
      for (name, value, line) in try Self.lines(path) { try assign(name, value, "\(path), line \(line)") }
    }
    for setting in ServerSetting.all {
      if let value = environment[setting.environmentName] { try assign(setting.name, value, setting.environmentName) }
    }
    for (name, value) in flags.sorted(by: { $0.key < $1.key }) { try assign(name, value, "--\(name)") }
    self.settings = settings
    self.origins = origins
  }

  private static func lines(_ path: String) throws -> [(name: String, value: String, line: Int)] {
    let text: String
    do { text = try String(contentsOfFile: path, encoding: .utf8) } catch {
      throw ServerError.unreadableSettings(path: path, reason: "it does not exist, or it is not UTF-8")
    }
    var found: [(String, String, Int)] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = line.trimmingCharacters(in: .whitespaces)
      guard !line.isEmpty, !line.hasPrefix("#") else { continue }
      let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else {
        throw ServerError.unreadableSettings(path: path, reason: "line \(index + 1) has no =")
      }
      found.append(
        (
          parts[0].trimmingCharacters(in: .whitespaces), parts[1].trimmingCharacters(in: .whitespaces), index + 1
        ))
    }
    return found
  }
}
