import ArgumentParser
import Datasets
import Foundation
import Nets
import Records
import Spaces
import Training

/// Trains architectures and records every run.
struct TrainCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train architectures on a data set and record every run in journals.",
    usage: """
      nasatlas train --out <folder> [--dataset <name>] [--count <n>] [<options>]
      nasatlas train --out <folder> --architecture <text> ... [<options>]
      """,
    discussion: """
      Draws COUNT architectures of the SeqNAS space (or takes those of --architecture), trains each once per seed, \
      and appends every finished run to a journal in OUT/journals. A run is reported only after it is on disk. If \
      you stop the command at any moment, the same command continues later.

      You can add runs to a folder: a larger --count, other seeds, other architectures. The data set and the \
      protocol must remain the same. Only one command can train in a folder at a time.

      On several hosts that share a file system, give all the same command and each its --shard: shard I of N trains \
      in OUT/shard-I-of-N, and `ingest OUT/*/journals/*.journal` joins them.

      If the machine fails (a trainer is killed, memory runs out), the run is not recorded: the command trains the \
      others and ends with status 75; the next call tries the run again. Status 74: the disk is full. Status 70: \
      nasatlas crashed. No recorded run is ever lost.

      EXAMPLES:
        nasatlas train --dataset nafld-age4 --count 24 --out first-atlas
        nasatlas train --dataset nafld-age4 --count 100 --seed 1 --seed 2 --out first-atlas
        nasatlas train --dataset cdnow-churn --count 100 --epochs 10 --out cdnow
        nasatlas train --count 24 --no-distillation --shard 3/8 --out big
        nasatlas train --dataset nafld-age4 --out one \\
          --architecture stem:k3/time:on/encoder:gru/decoder:off/head:avg
      """)

  @Option(help: "Data set; `nasatlas datasets` lists them.", completion: .list(DatasetRegistry.names))
  var dataset: String = "nafld-age4"
  @Option(help: "Number of random architectures.")
  var count: Int = 24
  @OptionGroup var restriction: RestrictionOptions
  @Option(help: "Canonical text of an architecture to train; may be repeated, and replaces --count.")
  var architecture: [String] = []
  @Option(
    help: """
      Random seed of initial weights, order of rows and dropout; may be repeated, to train each architecture once per \
      seed. The first seed also determines which architectures are drawn.
      """)
  var seed: [UInt64] = [1]
  @Option(help: "Folder for plan, journals and logits.")
  var out: String
  @Option(help: "Number of trainer processes. (default: the number of cores)")
  var workers: Int?
  @Option(help: "Epochs of each run.")
  var epochs: Int?
  @Option(name: .customLong("protocol"), help: "JSON file with a training protocol, instead of the standard one.")
  var protocolFile: String?
  @Option(
    help: ArgumentHelp(
      "Train only this part of the plan, counted from 1. With distillation, at most one shard per seed.",
      valueName: "i/n"))
  var shard: Shard?
  @Flag(
    help: """
      Keep the weights of each run in OUT/checkpoints, and its optimizer after each epoch: a run that is stopped \
      continues after its last epoch.
      """)
  var keepWeights = false
  @Flag(help: "Train without teachers.")
  var noDistillation = false
  @Option(help: "Path of the files of a data set that no package contains.")
  var source: String?
  @Option(help: ArgumentHelp("Stop a run after this many seconds.", valueName: "seconds"))
  var timeLimit: Double?
  @Flag(
    help: "Record a run as failed after the machine or a crash prevented it in three calls, instead of trying again.")
  var recordFailures = false
  @OptionGroup var output: OutputOptions

  func run() throws {
    // The threads of an OpenBLAS that is not pinned would take processor time and memory from the trainers.
    try PinnedArithmetic.require()
    let registry = try DatasetRegistry(environment: ProcessInfo.processInfo.environment)
    let data = try registry.load(
      name: dataset, options: .init(source: source.map { URL(fileURLWithPath: $0) }))
    // A plan that is refused leaves no folder behind.
    var asked = try makePlan(data)
    if let shard { asked = try asked.shard(shard.number, of: shard.count) }
    guard let program = executablePath() else { throw CommandError.noExecutable }
    let root = URL(fileURLWithPath: out)
    let claim = try FolderClaim(WorkFolder(root: shard.map { root.appendingPathComponent($0.folder) } ?? root))
    let plan = try claim.settle(asked)
    let progress = TrainingProgress(
      plan: plan, metric: data.card.primaryMetric, json: output.json, terminal: isatty(STDERR_FILENO) == 1)
    let count = workers ?? ProcessInfo.processInfo.activeProcessorCount
    let trainers = LocalTrainers { number in
      var arguments = ["worker", claim.folder.root.path, "--number", "\(number)"]
      if let source { arguments += ["--source", source] }
      if let timeLimit { arguments += ["--time-limit", "\(timeLimit)"] }
      if keepWeights { arguments += ["--keep-weights"] }
      return try TrainerProcess(
        executable: program, arguments: arguments, environment: ProcessInfo.processInfo.environment)
    }
    var options = TrainingCoordinator.Options(workers: min(count, max(plan.runs.count, 1)))
    options.recordsFailures = recordFailures
    options.keepsWeights = keepWeights
    options.timeLimitSeconds = timeLimit
    try TrainingCoordinator(
      claim: claim, plan: plan, options: options, launcher: trainers, observe: progress.hear
    ).run()
    try progress.finish(folder: claim.folder.root.relativePath)
  }

  private func makePlan(_ data: EventDataset) throws -> TrainingPlan {
    var settings = try TrainingProtocol.standard()
    if let protocolFile {
      guard let bytes = FileManager.default.contents(atPath: protocolFile) else {
        throw ProtocolFileError(path: protocolFile, reason: "no such file", exitStatus: .noInput)
      }
      do {
        settings = try TrainingProtocol(json: bytes)
      } catch {
        let reason = DecodingWords.reason(error, whole: "it")
        throw ProtocolFileError(path: protocolFile, reason: reason, exitStatus: .dataError)
      }
    }
    if let epochs { settings.schedule.epochs = epochs }
    if noDistillation { settings.distillation = nil }
    try settings.validate()
    let task = try TrainingTasks.make(space: EventSequenceTask.space, dataset: data, trainingProtocol: settings)
    let space = try restriction.restricted(task.space)
    let once =
      architecture.isEmpty
      ? try TrainingPlan.random(count: checkedCount(of: space), seed: seed[0]) { try space.sample(using: &$0) }
      : try architecture.map {
        PlannedRun(architecture: try space.canonicalText(of: $0), origin: .baseline, seed: seed[0])
      }
    let runs = seed.flatMap { seed in
      once.map { PlannedRun(architecture: $0.architecture, origin: $0.origin, seed: seed) }
    }
    guard let digest = data.card.digest else { preconditionFailure("prepared data has a digest") }
    return TrainingPlan(
      space: task.space.name, dataset: dataset, datasetDigest: digest, trainingProtocol: settings, runs: runs)
  }
}

/// `3/8`: the third of eight parts.
struct Shard: ExpressibleByArgument {
  let number: Int
  let count: Int

  init?(argument: String) {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let number = parts[0], let count = parts[1] else { return nil }
    self.number = number
    self.count = count
  }

  var folder: String { "shard-\(number)-of-\(count)" }
  var defaultValueDescription: String { "\(number)/\(count)" }
}

extension TrainCommand {
  /// The number of architectures to draw, which are all different.
  private func checkedCount(of space: any TextualSpace) throws -> Int {
    let most = min(space.architectureCount ?? .max, 1_000_000)
    guard count >= 1, count <= most else {
      throw TrainingError.setting(name: "count", value: "\(count)", allowed: "1 to \(most)")
    }
    return count
  }
}

private struct ProtocolFileError: UserFacingError {
  let path: String
  let reason: String
  let exitStatus: ExitStatus
  var code: String { "nasatlas.protocol_file" }
  var message: String { "the protocol file \(path) cannot be used: \(reason)" }
  var remedy: String? { "`nasatlas info ATLAS --json` shows the protocol of an atlas in the expected form" }
}
