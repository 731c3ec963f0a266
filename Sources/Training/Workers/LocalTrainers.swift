import Foundation
import Records

/// Trainers that are processes of this machine.
public final class LocalTrainers: TrainerLauncher {
  private let launch: (Int) throws -> TrainerProcess
  private var processes: [Int: TrainerProcess] = [:]

  /// - Parameter launch: starts the process of a trainer.
  public init(launch: @escaping (Int) throws -> TrainerProcess) { self.launch = launch }

  public func start(_ trainer: Int) throws { processes[trainer] = try launch(trainer) }

  public func isRunning(_ trainer: Int) -> Bool { processes[trainer] != nil }

  public func send(_ command: WorkerCommand, to trainer: Int) throws {
    processes[trainer]?.send(try CanonicalJSON.encode(command))
  }

  public func next(within seconds: Double?) throws -> TrainerEvent? {
    let numbers = processes.keys.sorted()
    let deadline = seconds.map { ProcessInfo.processInfo.systemUptime + $0 }
    while true {
      for number in numbers {
        if let line = processes[number]?.takeDiagnostic() { return .diagnostic(number, line) }
        if let line = processes[number]?.takeAnswer() {
          return .answer(number, try CanonicalJSON.decode(WorkerAnswer.self, from: line))
        }
        if processes[number]?.hasEnded == true, let process = processes[number] {
          if let line = process.lastDiagnostic() { return .diagnostic(number, line) }
          processes[number] = nil
          return .ended(number, process.waitForEnd())
        }
      }
      let places = numbers.flatMap { number in (processes[number]?.descriptors ?? []).map { (number, $0) } }
      var waited = places.map { pollfd(fd: $0.1, events: Int16(POLLIN), revents: 0) }
      let left = deadline.map { max(0, $0 - ProcessInfo.processInfo.systemUptime) }
      let milliseconds = left.map { Int32(min($0 * 1_000 + 1, 1e9)) } ?? -1
      let count = poll(&waited, nfds_t(waited.count), milliseconds)
      if count < 0 && errno != EINTR { throw TrainingError.cannotWait(errorNumber: errno) }
      if count == 0, let left, left <= 0 { return nil }
      guard count > 0 else { continue }
      for ((number, descriptor), answer) in zip(places, waited) where answer.revents != 0 {
        processes[number]?.read(descriptor)
      }
    }
  }

  public func kill(_ trainer: Int) { processes[trainer]?.kill() }

  public func stop() {
    for process in processes.values { process.end() }
    processes = [:]
  }
}
