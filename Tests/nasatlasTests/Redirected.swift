import Foundation

/// A run of the built `nasatlas` whose two channels go where a test says.
struct Redirected {
  enum Channel {
    case file(String)
    case appended(String)
    case closed
    /// A pipe that nobody reads.
    case brokenPipe
  }

  let status: Int32
  let wasSignal: Bool
  let errors: String

  /// Standard error is kept, unless it is redirected too.
  init(_ arguments: [String], output: Channel = .file("/dev/null"), errors: Channel? = nil, folder: URL) throws {
    let kept = folder.appendingPathComponent("stderr-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: kept) }
    var script = "exec \"$@\""
    script += Self.redirection("1", output) + Self.redirection("2", errors ?? .file(kept.path))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", script, "sh", CommandRun.executable.path] + arguments
    process.standardInput = FileHandle.nullDevice
    let (first, second) = (Pipe(), Pipe())
    process.standardOutput = first
    process.standardError = second
    if case .brokenPipe = output { try first.fileHandleForReading.close() }
    if case .brokenPipe? = errors { try second.fileHandleForReading.close() }
    try process.run()
    process.waitUntilExit()
    status = process.terminationStatus
    wasSignal = process.terminationReason == .uncaughtSignal
    self.errors = (try? String(contentsOf: kept, encoding: .utf8)) ?? ""
  }

  private static func redirection(_ descriptor: String, _ channel: Channel) -> String {
    switch channel {
    case .file(let path): " \(descriptor)>'\(path)'"
    case .appended(let path): " \(descriptor)>>'\(path)'"
    case .closed: " \(descriptor)>&-"
    case .brokenPipe: ""
    }
  }
}
