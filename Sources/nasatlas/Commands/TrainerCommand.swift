import ArgumentParser
import Datasets
import Foundation
import Records
import Training

/// A trainer process, started by `train`.
struct TrainerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker", abstract: "Train runs of a plan that stdin names one by one (started by `train`).",
    shouldDisplay: false)

  @Argument var folder: String
  @Option var number: Int
  @Option var source: String?
  @Option var timeLimit: Double?
  @Flag var keepWeights = false

  func run() {
    TrainerSession.serve {
      let folder = WorkFolder(root: URL(fileURLWithPath: folder))
      let plan = try folder.readPlan()
      let registry = try DatasetRegistry(environment: ProcessInfo.processInfo.environment)
      let dataset = try registry.load(
        name: plan.dataset, options: .init(source: source.map { URL(fileURLWithPath: $0) }))
      let task = try TrainingTasks.make(
        space: plan.space, dataset: dataset, trainingProtocol: plan.trainingProtocol)
      return try TrainingWorker(
        folder: folder, number: number, plan: plan, task: task, machine: .current(),
        commit: sourceCommit(), timeLimitSeconds: timeLimit, keepsWeights: keepWeights)
    }
  }
}
