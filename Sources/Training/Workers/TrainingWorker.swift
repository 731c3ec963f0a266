import Foundation
import Records

/// The inside of a trainer process: reads commands, trains, records in its own journal, answers.
///
/// The order of a run's end is logits, journal, answer: what was answered as recorded is on disk, and a recorded run can
/// always teach.
public final class TrainingWorker {
  private let folder: WorkFolder
  private let trainer: RunTrainer
  private let journal: JournalWriter
  private let logitCount: Int
  private let timeLimitSeconds: Double?

  /// How long a trainer waits for its journal: a trainer of a killed call may still be ending.
  private static let journalWaitSeconds = 10.0

  /// Opens the worker's journal and, when it is new, begins it with the cards of data set and protocol.
  public init(
    folder: WorkFolder, number: Int, plan: TrainingPlan, task: any TrainingTask, machine: Machine, commit: String,
    timeLimitSeconds: Double? = nil, clock: TrainingClock = .system
  ) throws {
    try machine.requirePinnedBLAS()
    self.folder = folder
    self.timeLimitSeconds = timeLimitSeconds
    trainer = try RunTrainer(plan: plan, task: task, machine: machine, commit: commit, clock: clock)
    logitCount = task.labels(.train).count * task.classCount
    let path = folder.journal(number).path
    let begun = FileManager.default.fileExists(atPath: path)
    journal = try Self.openJournal(path, clock)
    if try !begun || JournalReader.readAll(path: path).items.isEmpty {
      try journal.append(.dataset(task.card))
      try journal.append(.trainingProtocol(try plan.trainingProtocol.card()))
    }
  }

  /// Obeys one command; `answer` hears every epoch and the end.
  public func obey(_ command: WorkerCommand, answer: (WorkerAnswer) -> Void) {
    guard case .train(let index, let teachers, let concurrentTrainers) = command else { return }
    do {
      let logits = try teachers.map { try folder.logits.read($0, count: logitCount) }
      let outcome = try trainer.train(
        index, teachers: logits,
        surroundings: .init(concurrentTrainers: concurrentTrainers, timeLimitSeconds: timeLimitSeconds)
      ) { epoch, validation in
        answer(.epoch(index: index, epoch: epoch, validation: validation))
      }
      let numerics = try outcome.record.numericsDigest()
      if !outcome.trainLogits.isEmpty {
        try folder.logits.write(TeacherLogits(run: numerics, values: outcome.trainLogits))
      }
      try journal.append(.run(outcome.record))
      answer(
        .recorded(index: index, numerics: numerics, status: outcome.record.status, score: outcome.record.score))
    } catch {
      if case TrainingError.teacherLogits = error { for teacher in teachers { folder.logits.discard(teacher) } }
      answer(.failed(index: index, WorkerFailure(error)))
    }
  }

  private static func openJournal(_ path: String, _ clock: TrainingClock) throws -> JournalWriter {
    let deadline = clock.wallSeconds() + journalWaitSeconds
    while true {
      do {
        return try JournalWriter(path: path)
      } catch {
        guard case .locked = error, clock.wallSeconds() < deadline else { throw error }
        usleep(50_000)
      }
    }
  }
}
