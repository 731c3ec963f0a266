import Foundation
import Testing

/// The Python reader in `docs/file-format.md`, which knows nothing but that page.
enum PythonReader {
  static let isThere: Bool = (try? run("import zlib, sqlite3", input: Data()))?.status == 0

  /// Runs `program` behind the code of the page.
  static func runWithPage(_ program: String, arguments: [String] = [], input: Data = Data()) throws -> [Substring] {
    let (status, output) = try run(code() + "\n\nimport sys\n" + program, arguments: arguments, input: input)
    try #require(status == 0)
    return output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
  }

  /// The code block of the page.
  private static func code() throws -> String {
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("docs/file-format.md")
    let blocks = try String(contentsOf: page, encoding: .utf8).components(separatedBy: "```python\n").dropFirst()
    return try #require(blocks.first?.components(separatedBy: "\n```").first, "the page has no code")
  }

  private static func run(
    _ program: String, arguments: [String] = [], input: Data
  ) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", program] + arguments
    let stdin = Pipe()
    let stdout = Pipe()
    process.standardInput = stdin
    process.standardOutput = stdout
    try process.run()
    let writer = Thread {
      try? stdin.fileHandleForWriting.write(contentsOf: input)
      try? stdin.fileHandleForWriting.close()
    }
    writer.start()
    let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
