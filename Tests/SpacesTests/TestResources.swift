import Foundation

/// Where tests find what the repository does not hold, and which of them run.
enum TestResources {
  /// True when slow tests were asked for.
  static let runsSlowTests = ProcessInfo.processInfo.environment["NASATLAS_SLOW"] == "1"

  /// The folder of published data beside the project.
  static let shared =
    ProcessInfo.processInfo.environment["NASATLAS_SHARED"].map(URL.init(fileURLWithPath:))
    ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("../shared").standardizedFileURL

  /// The published file at `path` under ``shared``; nil where it is absent.
  static func sharedFile(_ path: String) -> URL? {
    let file = shared.appendingPathComponent(path)
    return FileManager.default.fileExists(atPath: file.path) ? file : nil
  }
}
