import Foundation

/// A probe executable that the package builds beside its tests, run as a child that tests may kill.
final class ChildProcess {
  private let process = Process()
  private let output = Pipe()
  private let errors = Pipe()

  init(_ executable: String, _ arguments: [String]) throws {
    process.executableURL = Self.folder.appendingPathComponent(executable)
    process.arguments = arguments
    process.standardOutput = output
    process.standardError = errors
    try process.run()
  }

  /// Where the running test executable lies, and the probes with it.
  private static var folder: URL {
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
  }

  var identifier: Int32 { process.processIdentifier }

  /// Blocks until the child has written something.
  func firstOutput() -> String { String(decoding: output.fileHandleForReading.availableData, as: UTF8.self) }

  /// Ends the child at once, as a power cut would, and gives the rest of what it wrote.
  func kill() -> String {
    Foundation.kill(process.processIdentifier, SIGKILL)
    let rest = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: rest, as: UTF8.self)
  }

  func waitForExit() -> (status: Int32, errors: String) {
    let text = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: text, as: UTF8.self))
  }
}

/// A fresh folder, removed when released.
final class ScratchFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("nasatlas-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }
}
