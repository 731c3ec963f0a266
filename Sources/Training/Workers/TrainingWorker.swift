import Foundation
import Records

/// The inside of a trainer process: reads commands, trains, records in its own journal, answers.
///
/// The order of a run's end is logits, journal, answer: what was answered as recorded is on disk, and a recorded run can
/// always teach.
public final class TrainingWorker {
  private let folder: WorkFolder
  private let trainer: RunTrainer
  private let journal: TrainingJournal
  private let logitCount: Int
  private let surroundings: RunTrainer.Surroundings
  private let plan: TrainingPlan
  private let commit: String

  /// Opens the worker's journal and, when it is new, begins it with the cards of data set and protocol.
  public init(
    folder: WorkFolder, number: Int, plan: TrainingPlan, task: any TrainingTask, machine: Machine, commit: String,
    timeLimitSeconds: Double? = nil, keepsWeights: Bool = false, clock: TrainingClock = .system
  ) throws {
    try machine.requirePinnedBLAS()
    self.folder = folder
    surroundings = .init(timeLimitSeconds: timeLimitSeconds, keepsWeights: keepsWeights)
    self.plan = plan
    self.commit = commit
    trainer = try RunTrainer(plan: plan, task: task, machine: machine, commit: commit, clock: clock)
    logitCount = task.labels(.train).count * task.classCount
    journal = try TrainingJournal(
      folder.journal(number), dataset: task.card, trainingProtocol: plan.trainingProtocol, clock: clock)
  }

  /// Obeys one command; `answer` hears every epoch and the end.
  public func obey(_ command: WorkerCommand, answer: (WorkerAnswer) -> Void) {
    guard case .train(let index, let teachers, let concurrentTrainers) = command else { return }
    do {
      let logits = try teachers.map { try folder.logits.read($0, count: logitCount) }
      var surroundings = surroundings
      surroundings.concurrentTrainers = concurrentTrainers
      let outcome = try trainer.train(
        index, teachers: logits, surroundings: surroundings, from: checkpoint(index, teachers)
      ) { run in
        if surroundings.keepsWeights { try folder.checkpoints.write(run.checkpoint()) }
        if let validation = run.primaryValidation {
          answer(.epoch(index: index, epoch: run.epoch, validation: Float(validation)))
        }
      }
      let numerics = try outcome.record.numericsDigest()
      if !outcome.trainLogits.isEmpty {
        try folder.logits.write(TeacherLogits(run: numerics, values: outcome.trainLogits))
      }
      try journal.append(outcome.record)
      answer(
        .recorded(index: index, numerics: numerics, status: outcome.record.status, score: outcome.record.score))
    } catch {
      if case TrainingError.teacherLogits = error { for teacher in teachers { folder.logits.discard(teacher) } }
      answer(.failed(index: index, WorkerFailure(error)))
    }
  }

  /// Where an earlier call stopped in the run; nil where it begins anew. A damaged checkpoint costs only time.
  private func checkpoint(_ index: Int, _ teachers: [Digest256]) throws -> Checkpoint? {
    guard surroundings.keepsWeights else { return nil }
    let key = try plan.key(index)
    do {
      guard let found = try folder.checkpoints.read(key), found.continues(key, teachers: teachers, commit: commit)
      else { return nil }
      return found
    } catch let error as TrainingError {
      FileHandle.standardError.write(Data("\(error.message); the run begins again\n".utf8))
      return nil
    }
  }
}
