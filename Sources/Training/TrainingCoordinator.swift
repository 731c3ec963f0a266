import Foundation
public import Records

/// Trains a plan with several trainer processes: hands out runs round by round, starts a trainer again that died, and
/// continues where an earlier call stopped.
public final class TrainingCoordinator {
  /// What an observer hears, in order.
  public enum Event: Sendable {
    /// Before the first run: how many of the plan's runs earlier calls recorded.
    case began(recorded: Int, total: Int)
    /// A round begins; `teachers` are numerics digests, best first.
    case round(Range<Int>, teachers: [Digest256])
    case epoch(index: Int, epoch: Int, validation: Float)
    case recorded(index: Int, status: RunStatus, score: Score?)
    /// A trainer ended in the middle of a run; the run is tried once more, or recorded as failed.
    case workerEnded(worker: Int, status: Int32, index: Int?, triesAgain: Bool)
  }

  private let folder: WorkFolder
  private let plan: TrainingPlan
  private let workerCount: Int
  private let launch: (Int) throws -> TrainerProcess
  private let observe: (Event) -> Void
  private var workers: [Int: TrainerProcess] = [:]
  private var inFlight: [Int: Int] = [:]
  private var attempts: [Int: Int] = [:]

  /// - Parameters:
  ///   - launch: starts the trainer process of a number.
  ///   - observe: hears what happens, on the calling thread.
  public init(
    folder: WorkFolder, plan: TrainingPlan, workers: Int, launch: @escaping (Int) throws -> TrainerProcess,
    observe: @escaping (Event) -> Void
  ) throws {
    guard (1...256).contains(workers) else {
      throw TrainingError.setting(name: "workers", value: "\(workers)", allowed: "1 to 256")
    }
    self.folder = folder
    self.plan = plan
    workerCount = workers
    self.launch = launch
    self.observe = observe
  }

  /// Trains until every run of the plan is recorded. Throws when the folder, a teacher or a trainer fails for good;
  /// what was recorded stays.
  public func run() throws {
    defer { stop() }
    var records = try folder.recordedRuns()
    let keys = try plan.runs.indices.map { try plan.key($0) }
    observe(.began(recorded: keys.filter { records[$0] != nil }.count, total: keys.count))
    let rounds = plan.rounds
    for (number, round) in rounds.enumerated() {
      let teaches = number + 1 < rounds.count
      let pending = try round.filter { index in
        guard let record = records[keys[index]] else { return true }
        // A run whose logits are gone must be trained again before a later round can learn from it.
        return try teaches && record.score != nil && !folder.logits.contains(record.numericsDigest())
      }
      guard !pending.isEmpty else { continue }
      let teachers = try plan.teachers(forRoundAt: round.lowerBound, records: records).map { try $0.numericsDigest() }
      observe(.round(round, teachers: teachers))
      try train(pending, teachers: teachers)
      records = try folder.recordedRuns()
    }
  }

  private func train(_ indices: [Int], teachers: [Digest256]) throws {
    var waiting = Array(indices.reversed())
    var unfinished = Set(indices)
    while !unfinished.isEmpty {
      try employ(&waiting, teachers: teachers)
      for (number, line) in try nextLines() {
        guard let line else {
          try bury(number, &waiting, &unfinished)
          continue
        }
        switch try CanonicalJSON.decode(WorkerAnswer.self, from: line) {
        case .ready: break
        case .epoch(let index, let epoch, let validation):
          observe(.epoch(index: index, epoch: epoch, validation: validation))
        case .recorded(let index, _, let status, let score):
          inFlight[number] = nil
          unfinished.remove(index)
          observe(.recorded(index: index, status: status, score: score))
        case .failed(let index, let code, let message):
          inFlight[number] = nil
          guard code == nil else { throw WorkerFailure(code: code ?? "", message: message) }
          try recordFailure(index, message)
          unfinished.remove(index)
        }
      }
    }
  }

  /// Gives every idle trainer a run, starting trainers as needed.
  private func employ(_ waiting: inout [Int], teachers: [Digest256]) throws {
    for number in 0..<workerCount where inFlight[number] == nil {
      guard let index = waiting.popLast() else { return }
      let worker = try workers[number] ?? launch(number)
      workers[number] = worker
      inFlight[number] = index
      let busy = min(workerCount, inFlight.count + waiting.count)
      worker.send(
        try CanonicalJSON.encode(WorkerCommand.train(index: index, teachers: teachers, concurrentTrainers: busy)))
    }
  }

  /// Waits until at least one trainer says a line or ends (nil).
  private func nextLines() throws -> [(Int, Data?)] {
    let numbers = workers.keys.sorted()
    while true {
      for number in numbers {
        if let line = workers[number]?.takeLine() { return [(number, line)] }
      }
      var descriptors = numbers.compactMap { workers[$0] }.map {
        pollfd(fd: $0.answerDescriptor, events: Int16(POLLIN), revents: 0)
      }
      let count = poll(&descriptors, nfds_t(descriptors.count), -1)
      if count < 0 && errno != EINTR {
        throw TrainingError.workerEnded(worker: numbers.first ?? 0, status: errno)
      }
      for (number, descriptor) in zip(numbers, descriptors) where descriptor.revents != 0 {
        if workers[number]?.readMore() == false { return [(number, nil)] }
      }
    }
  }

  /// A trainer is gone: its run waits for another try, or is recorded as failed after the second.
  private func bury(_ number: Int, _ waiting: inout [Int], _ unfinished: inout Set<Int>) throws {
    guard let worker = workers.removeValue(forKey: number) else { return }
    let status = worker.waitForEnd()
    guard let index = inFlight.removeValue(forKey: number) else {
      observe(.workerEnded(worker: number, status: status, index: nil, triesAgain: false))
      throw TrainingError.workerEnded(worker: number, status: status)
    }
    guard worker.wasReady else {
      throw TrainingError.workerEnded(worker: number, status: status)
    }
    attempts[index, default: 0] += 1
    let again = attempts[index, default: 0] < 2
    observe(.workerEnded(worker: number, status: status, index: index, triesAgain: again))
    if again {
      waiting.append(index)
    } else {
      try recordFailure(index, "the trainer process ended twice, the last time with status \(status)")
      unfinished.remove(index)
    }
  }

  private func recordFailure(_ index: Int, _ detail: String) throws {
    let journal = try JournalWriter(path: folder.journals.appendingPathComponent("coordinator.journal").path)
    try journal.append(
      .run(
        RunRecord(
          key: try plan.key(index), origin: plan.runs[index].origin, status: .failed, statusDetail: detail, curves: [],
          score: nil, counts: nil, costs: nil, provenance: nil)))
    observe(.recorded(index: index, status: .failed, score: nil))
  }

  private func stop() {
    for worker in workers.values { worker.end() }
    workers = [:]
  }
}

/// What a trainer process reported and no other run could mend.
struct WorkerFailure: UserFacingError {
  let code: String
  let message: String
  var remedy: String? { "start the same command again: it continues where it stopped" }
  var exitStatus: ExitStatus { .inputOutput }
}
