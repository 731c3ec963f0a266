import Foundation

/// One run of the built `nasatlas`, as a user would start it.
struct CommandRun {
  let status: Int32
  let output: String
  let errors: String

  init(_ arguments: String..., environment: [String: String] = [:]) throws {
    try self.init(arguments, environment: environment)
  }

  init(_ arguments: [String], environment: [String: String] = [:]) throws {
    let process = Process()
    process.executableURL = Self.executable
    process.arguments = arguments
    // Help is wrapped to the terminal's width, which must not depend on who runs the tests.
    let inherited = ProcessInfo.processInfo.environment.merging(["COLUMNS": "80"]) { $1 }
    process.environment = inherited.merging(environment) { $1 }
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
    self.output = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    self.errors = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    status = process.terminationStatus
  }

  /// Beside the running test executable.
  static let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("nasatlas")

  /// The answer of a command with --json.
  func json<T: Decodable>(_ type: T.Type) throws -> T {
    try JSONDecoder().decode(type, from: Data(output.utf8))
  }

  var lines: [String] { output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
}

/// What standard error holds with --json when a command fails.
struct FailureReport: Decodable {
  let code: String
  let message: String
  let remedy: String?
  let exitStatus: Int32

  init(_ run: CommandRun) throws {
    self = try JSONDecoder().decode(FailureReport.self, from: Data(run.errors.utf8))
  }
}
