import Foundation
import Oracles
import Records
import TestSupport
import Training

/// A trainer process on the synthetic data set, for tests that end trainers and take memory or room from them.
///
///     TrainerProbe FOLDER NUMBER [INDEX SIGNAL [EPOCH]]
///     TrainerProbe --oracle FOLDER EPOCH
///
/// With an index it ends itself by the signal, at the first or another epoch of that run; with an epoch it keeps weights.
/// An oracle observes all candidates of the plan, with a journal, and is killed inside the epoch after EPOCH of the last.
@main
struct TrainerProbe {
  static func main() async throws {
    let arguments = CommandLine.arguments
    if arguments.count == 4, arguments[1] == "--oracle", let epoch = Int(arguments[3]) {
      return try await observe(WorkFolder(root: URL(fileURLWithPath: arguments[2])), killedAfter: epoch)
    }
    guard [3, 5, 6].contains(arguments.count), let number = Int(arguments[2]) else { exit(ExitStatus.usage.rawValue) }
    let end = arguments.dropFirst(3).compactMap { Int($0) }
    TrainerSession.serve(
      {
        let folder = WorkFolder(root: URL(fileURLWithPath: arguments[1]))
        let plan = try folder.readPlan()
        let task = try TrainingTasks.make(
          space: plan.space, dataset: SyntheticDataset.make(), trainingProtocol: plan.trainingProtocol)
        return try TrainingWorker(
          folder: folder, number: number, plan: plan, task: task,
          machine: .current(), commit: "probe", keepsWeights: end.count == 3)
      },
      afterAnswer: { answer in
        guard end.count >= 2, case .epoch(end[0], end.count == 3 ? end[2] : 1, _) = answer else { return }
        kill(getpid(), Int32(end[1]))
        pause()
      })
  }

  private static func observe(_ folder: WorkFolder, killedAfter epoch: Int) async throws {
    let plan = try folder.readPlan()
    let task = try TrainingTasks.make(
      space: plan.space, dataset: SyntheticDataset.make(), trainingProtocol: plan.trainingProtocol)
    let journal = try TrainingJournal(
      folder.journal(0), dataset: task.card, trainingProtocol: plan.trainingProtocol)
    let last = try plan.key(plan.runs.count - 1)
    var clock = TrainingClock.system
    clock.wallSeconds = {
      if (try? folder.checkpoints.read(last))?.epoch == epoch { kill(getpid(), SIGKILL) }
      return TrainingClock.system.wallSeconds()
    }
    var oracle = try TrainerOracle(
      task,
      .init(
        plan.trainingProtocol, seed: plan.runs[0].seed, machine: .current(), commit: "probe", clock: clock,
        checkpoints: folder.checkpoints)
    ) { try journal.append($0) }
    for run in plan.runs {
      _ = try await oracle.observe(Candidate(space: plan.space, canonicalText: run.architecture))
    }
  }
}
