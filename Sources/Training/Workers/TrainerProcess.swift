public import Foundation
import Records

/// A running trainer: commands go in, answers come out, one JSON object per line.
///
/// Started by `posix_spawn` and awaited by `waitpid`, without threads: Foundation's `Process` needs new threads to notice
/// an end, and waits for ever for them when memory is short.
public final class TrainerProcess {
  public let processIdentifier: pid_t
  private var commands: Int32
  private let answers: LineReader
  private let diagnostics: LineReader
  /// The beginning of what the trainer wrote to stderr: a crash says there why it happened.
  private var lastWords = ""

  private static let keptWords = 16_384

  /// Two trainers that start at once would inherit each other's pipes between their creation and their marking.
  private static let starting = Guarded(())

  /// Starts `executable` with OpenBLAS pinned as a trainer needs it. Throws ``TrainingError/cannotStart``.
  public init(executable: URL, arguments: [String], environment: [String: String]) throws {
    // A trainer that ends between two commands must not end the coordinator.
    signal(SIGPIPE, SIG_IGN)
    let pinned = environment.merging(Machine.trainerEnvironment) { _, pinned in pinned }
    let started = try Self.starting.withLock { _ in
      try Self.start(
        executable.path, [executable.path] + arguments, environment: pinned.map { "\($0.key)=\($0.value)" })
    }
    processIdentifier = started.process
    commands = started.commands
    answers = LineReader(started.answers)
    diagnostics = LineReader(started.diagnostics)
  }

  private struct Started {
    var process: pid_t
    var commands: Int32
    var answers: Int32
    var diagnostics: Int32
  }

  private static func start(_ path: String, _ arguments: [String], environment: [String]) throws -> Started {
    // stdin, stdout and stderr of the trainer; each with its reading and its writing end.
    var pipes: [[Int32]] = []
    var isStarted = false
    defer {
      for (number, ends) in pipes.enumerated() {
        close(number == 0 ? ends[0] : ends[1])
        if !isStarted { close(number == 0 ? ends[1] : ends[0]) }
      }
    }
    for _ in 0..<3 {
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0 else { throw TrainingError.cannotStart(program: path, errorNumber: errno) }
      pipes.append(ends)
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (target, ends) in pipes.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, target == 0 ? ends[0] : ends[1], Int32(target))
    }
    // A thread that starts a trainer may block signals; the trainer must not inherit that.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    let blocked = UnsafeMutablePointer<sigset_t>.allocate(capacity: 1)
    defer { blocked.deallocate() }
    sigemptyset(blocked)
    posix_spawnattr_setsigmask(&attributes, blocked)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var process: pid_t = 0
    let failure = withStrings(arguments) { words in
      withStrings(environment) { variables in posix_spawn(&process, path, &actions, &attributes, words, variables) }
    }
    guard failure == 0 else { throw TrainingError.cannotStart(program: path, errorNumber: failure) }
    isStarted = true
    return Started(process: process, commands: pipes[0][1], answers: pipes[1][0], diagnostics: pipes[2][0])
  }

  /// What can be waited for: answers and stderr, until their ends.
  var descriptors: [Int32] { [answers, diagnostics].filter { !$0.hasEnded }.map(\.descriptor) }

  /// Sends a line; the end of a trainer shows when its answers end.
  func send(_ command: Data) {
    _ = writeAll(command + Data([10]), to: commands)
  }

  /// Reads what has arrived in one of the ``descriptors``.
  func read(_ descriptor: Int32) { _ = (descriptor == answers.descriptor ? answers : diagnostics).readMore() }

  /// True at the end of the trainer's answers: the process ends.
  var hasEnded: Bool { answers.hasEnded }

  /// The next whole answer, if one has arrived.
  func takeAnswer() -> Data? { answers.takeLine() }

  /// The next whole line of stderr, if one has arrived.
  func takeDiagnostic() -> String? {
    guard let line = diagnostics.takeLine() else { return nil }
    let text = String(decoding: line, as: UTF8.self)
    if lastWords.utf8.count < Self.keptWords { lastWords += text + "\n" }
    return text
  }

  /// A line of the rest of stderr, once the answers have ended; nil behind the last.
  func lastDiagnostic() -> String? {
    while !diagnostics.hasEnded, diagnostics.readMore() {}
    return takeDiagnostic()
  }

  /// Waits for the end of the process and says what it means.
  func waitForEnd() -> WorkerFailure {
    while lastDiagnostic() != nil {}
    return WorkerFailure(end: reap() ?? .exited(status: 0), words: lastWords)
  }

  /// Sends the trainer a signal: SIGKILL is what a machine without memory sends.
  package func kill(_ signal: Int32 = SIGKILL) { Foundation.kill(processIdentifier, signal) }

  /// Closes the trainer's input, which ends it; a trainer that does not end within two seconds is killed.
  func end() {
    close(commands)
    commands = -1
    for _ in 0..<200 {
      if reap(WNOHANG) != nil { return }
      usleep(10_000)
    }
    kill()
    _ = reap()
  }

  private func reap(_ options: Int32 = 0) -> TrainerEnd? {
    var status: Int32 = 0
    while true {
      let ended = waitpid(processIdentifier, &status, options)
      if ended == processIdentifier { return TrainerEnd(waitStatus: status) }
      if ended == 0 || errno != EINTR { return nil }
    }
  }

  deinit { if commands >= 0 { close(commands) } }

  private static func withStrings<R>(
    _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R
  ) -> R {
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
  }
}

/// Reads whole lines from a pipe, whose end it closes when released.
private final class LineReader {
  let descriptor: Int32
  private(set) var hasEnded = false
  private var buffer = Data()

  init(_ descriptor: Int32) { self.descriptor = descriptor }
  deinit { close(descriptor) }

  /// Reads what has arrived, waiting for it; false at the end.
  func readMore() -> Bool {
    var room = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(descriptor, &room, room.count)
      if count > 0 { buffer.append(contentsOf: room[0..<count]) }
      if count < 0 && errno == EINTR { continue }
      hasEnded = count <= 0
      return !hasEnded
    }
  }

  func takeLine() -> Data? {
    guard let end = buffer.firstIndex(of: 10) else { return nil }
    let line = Data(buffer[buffer.startIndex..<end])
    buffer = Data(buffer[(end + 1)...])
    return line
  }
}

/// Writes all bytes to a pipe; false when the reader is gone or another error ends the write.
func writeAll(_ bytes: Data, to descriptor: Int32) -> Bool {
  bytes.withUnsafeBytes { buffer in
    var written = 0
    while written < buffer.count {
      let moved = write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
      if moved < 0 && errno == EINTR { continue }
      guard moved > 0 else { return false }
      written += moved
    }
    return true
  }
}
