import Foundation
import Testing

/// Published tables beside the project: `NASATLAS_SHARED`, else `../shared` of the package.
enum SharedData {
  private static let folder: URL = {
    let package = ArchitectureFixture.testFolder.deletingLastPathComponent().deletingLastPathComponent()
    return ProcessInfo.processInfo.environment["NASATLAS_SHARED"].map { URL(fileURLWithPath: $0) }
      ?? package.deletingLastPathComponent().appendingPathComponent("shared")
  }()

  static func has(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent(path).path)
  }

  static func lack(_ path: String) -> Comment { "needs \(path) in ../shared or $NASATLAS_SHARED" }

  /// What `program` (gzip or bzip2) unpacks from the file at `path`.
  static func unpacked(_ path: String, by program: String) throws -> Data {
    let unpack = Process()
    let output = Pipe()
    unpack.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    unpack.arguments = [program, "-dc", folder.appendingPathComponent(path).path]
    unpack.standardOutput = output
    try unpack.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    unpack.waitUntilExit()
    try #require(unpack.terminationStatus == 0)
    return bytes
  }
}
