import Foundation
import Records

/// The conversation of a trainer process with its coordinator: commands on stdin, answers on stdout.
public enum TrainerSession {
  /// Trains what stdin asks for and never returns. When the input ends, the coordinator is gone or done: the process ends
  /// at once, even inside a run, which loses nothing that was acknowledged.
  ///
  /// - Parameter makeWorker: loads the data; its error is reported to the coordinator.
  public static func serve(_ makeWorker: () throws -> TrainingWorker) -> Never {
    serve(makeWorker, afterAnswer: { _ in })
  }

  /// The same; `afterAnswer` is called when an answer is on its way.
  package static func serve(
    _ makeWorker: () throws -> TrainingWorker, afterAnswer: (WorkerAnswer) -> Void
  ) -> Never {
    func say(_ answer: WorkerAnswer) {
      // Whether the coordinator hears it shows at the end of the input.
      if let line = try? CanonicalJSON.encode(answer) { _ = writeAll(line + Data([10]), to: STDOUT_FILENO) }
      afterAnswer(answer)
    }
    // Writes beyond a limit then fail with an error that is reported.
    signal(SIGXFSZ, SIG_IGN)
    signal(SIGPIPE, SIG_IGN)
    let commands = CommandLines()
    do {
      try commands.start()
      let worker = try makeWorker()
      say(.ready)
      while true {
        worker.obey(try CanonicalJSON.decode(WorkerCommand.self, from: commands.next()), answer: say)
      }
    } catch {
      let failure = WorkerFailure(error)
      say(.failed(index: nil, failure))
      exit(failure.exitStatus.rawValue)
    }
  }
}

/// Lines of stdin, read on their own thread.
private final class CommandLines: @unchecked Sendable {
  private let condition = NSCondition()
  private var lines: [Data] = []

  /// Throws where the system has no room for a thread, which Foundation's `Thread` does not report.
  func start() throws {
    var thread: pthread_t = 0
    let failure = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<CommandLines>.fromOpaque(context).takeRetainedValue().read()
      }, Unmanaged.passRetained(self).toOpaque())
    guard failure == 0 else {
      throw RecordsError.fileSystem(
        operation: "pthread_create", path: "stdin", errorNumber: ENOMEM, reason: String(cString: strerror(failure)))
    }
  }

  private func read() -> Never {
    while let line = readLine(strippingNewline: true) {
      condition.lock()
      lines.append(Data(line.utf8))
      condition.signal()
      condition.unlock()
    }
    _exit(0)
  }

  func next() -> Data {
    condition.lock()
    defer { condition.unlock() }
    while lines.isEmpty { condition.wait() }
    return lines.removeFirst()
  }
}
