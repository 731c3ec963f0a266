import ArgumentParser
import Datasets
import Foundation
import Records
import Training

/// A trainer process, started by `train`.
struct TrainerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker", abstract: "Train runs of a plan, told one by one on standard input (started by `train`).",
    shouldDisplay: false)

  @Argument var folder: String
  @Option var number: Int
  @Option var source: String?
  @Option var timeLimit: Double?

  func run() throws {
    let folder = WorkFolder(root: URL(fileURLWithPath: folder))
    let plan = try folder.readPlan()
    let registry = try DatasetRegistry(environment: ProcessInfo.processInfo.environment)
    let dataset = try registry.load(
      name: plan.dataset, options: .init(source: source.map { URL(fileURLWithPath: $0) }))
    let worker = try TrainingWorker(
      folder: folder, number: number, plan: plan, dataset: dataset, machine: .current(),
      commit: sourceCommit(), timeLimitSeconds: timeLimit)
    let commands = CommandLines()
    commands.start()
    say(.ready)
    while let line = commands.next() {
      worker.obey(try CanonicalJSON.decode(WorkerCommand.self, from: line), answer: say)
    }
  }

  private func say(_ answer: WorkerAnswer) {
    guard let line = try? CanonicalJSON.encode(answer) else { return }
    FileHandle.standardOutput.write(line + Data([10]))
  }
}

/// Lines of standard input, read on a thread of their own. When the input ends, the coordinator is gone or done: the
/// process ends at once, even inside a run, which loses nothing that was acknowledged.
private final class CommandLines: @unchecked Sendable {
  private let condition = NSCondition()
  private var lines: [Data] = []

  func start() {
    let thread = Thread {
      while let line = readLine(strippingNewline: true) {
        self.condition.lock()
        self.lines.append(Data(line.utf8))
        self.condition.signal()
        self.condition.unlock()
      }
      _exit(0)
    }
    thread.start()
  }

  func next() -> Data? {
    condition.lock()
    defer { condition.unlock() }
    while lines.isEmpty { condition.wait() }
    return lines.removeFirst()
  }
}
