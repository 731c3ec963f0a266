public import Foundation
import Records

/// A running trainer: commands go in, answers come out, a JSON object a line.
public final class TrainerProcess {
  private let process = Process()
  private let commands = Pipe()
  private let answers = Pipe()
  private var buffer = Data()
  /// True once the trainer has said that it is ready.
  private(set) var wasReady = false

  /// Starts `executable` with OpenBLAS pinned as a trainer needs it.
  public init(executable: URL, arguments: [String], environment: [String: String]) throws {
    process.executableURL = executable
    process.arguments = arguments
    process.environment = environment.merging(Machine.trainerEnvironment) { _, pinned in pinned }
    process.standardInput = commands
    process.standardOutput = answers
    // A trainer that dies between two commands must not take the coordinator along.
    signal(SIGPIPE, SIG_IGN)
    try process.run()
    try? answers.fileHandleForWriting.close()
    try? commands.fileHandleForReading.close()
  }

  var answerDescriptor: Int32 { answers.fileHandleForReading.fileDescriptor }

  /// Sends a line; a trainer that is gone is noticed when its answers end.
  func send(_ command: Data) {
    try? commands.fileHandleForWriting.write(contentsOf: command + Data([10]))
  }

  /// Reads what has arrived; false at the end of the trainer.
  func readMore() -> Bool {
    let more = answers.fileHandleForReading.availableData
    buffer.append(more)
    return !more.isEmpty
  }

  /// The next whole line, if one has arrived.
  func takeLine() -> Data? {
    guard let end = buffer.firstIndex(of: 10) else { return nil }
    let line = Data(buffer[buffer.startIndex..<end])
    buffer = Data(buffer[(end + 1)...])
    wasReady = true
    return line
  }

  func waitForEnd() -> Int32 {
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// Ends the trainer with signal 9, as a machine that runs out of memory would.
  package func kill() { Foundation.kill(process.processIdentifier, SIGKILL) }

  /// Closes the trainer's input, which ends it.
  func end() {
    try? commands.fileHandleForWriting.close()
    process.waitUntilExit()
  }
}
