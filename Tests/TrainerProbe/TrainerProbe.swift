import Foundation
import Records
import TestSupport
import Training

/// A trainer process on the synthetic data set, for tests that end trainers and take memory or room from them.
///
///     TrainerProbe FOLDER NUMBER [INDEX SIGNAL [EPOCH]]
///
/// With an index it ends itself by the signal, at the first or another epoch of that run; with an epoch it keeps weights.
@main
struct TrainerProbe {
  static func main() {
    let arguments = CommandLine.arguments
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
}
