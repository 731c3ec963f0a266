import Foundation

/// Paths that a command is about to read.
enum InputFile {
  /// Throws, with `remedy`, when nothing is at `path`.
  static func require(_ path: String, remedy: String = "check the path") throws {
    guard FileManager.default.fileExists(atPath: path) else { throw CommandError.missing(path: path, remedy: remedy) }
  }
}
