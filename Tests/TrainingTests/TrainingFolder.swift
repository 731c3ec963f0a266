import Foundation
import Nets
import Records
import Spaces
import Training

/// A work folder in which probes train small plans on the synthetic data set; removed when released.
final class TrainingFolder {
  /// How a trainer process is started.
  enum Surroundings {
    case healthy
    /// The trainer ends itself by a signal at the first epoch of the run at `index`.
    case ending(index: Int, signal: Int32)
    /// The trainer keeps weights, and ends itself by SIGKILL at an epoch of the run at `index`.
    case keepingWeights(index: Int, epoch: Int)
    /// With an address space of this many kilobytes.
    case memory(kilobytes: Int)
    /// With files of at most this many blocks of 512 bytes.
    case fileSize(blocks: Int)
  }

  let root: URL
  let folder: WorkFolder
  private let ownsRoot: Bool

  init(root: URL? = nil) {
    self.root = root ?? FileManager.default.temporaryDirectory.appendingPathComponent("train-\(UUID().uuidString)")
    ownsRoot = root == nil
    folder = WorkFolder(root: self.root)
  }

  deinit { if ownsRoot { try? FileManager.default.removeItem(at: root) } }

  /// `count` runs in rounds of two, of `epochs` epochs each.
  static func plan(
    count: Int = 4, epochs: Int = 3, batchSize: Int = 16, hidden: Int = 8, seeds: [UInt64] = [5],
    distillation: TrainingProtocol.Distillation? = .init(teachers: 2, firstRound: 2, round: 2)
  ) throws -> TrainingPlan {
    let settings = TrainingProtocol(
      name: "test", data: .init(batchSize: batchSize),
      optimizer: OptimizerSettings(kind: .lamb, learningRate: 1e-2, weightDecay: 1e-3),
      schedule: .init(epochs: epochs),
      network: try EventNetworkSettings(
        hidden: hidden, categoricalEmbedding: .fixed(8), numericEmbedding: .fixed(8)
      ).section(),
      distillation: distillation)
    let space = EventSequenceSpace(hasNumericFeatures: true)
    return TrainingPlan(
      space: "seqnas", dataset: "synthetic", datasetDigest: Digest256(of: "synthetic"), trainingProtocol: settings,
      runs: seeds.flatMap { seed in
        TrainingPlan.random(count: count, seed: seeds[0], draw: { space.sample(using: &$0).canonicalText }).map {
          PlannedRun(architecture: $0.architecture, origin: $0.origin, seed: seed)
        }
      })
  }

  /// What one call heard and how it ended.
  struct Call {
    /// Indices that were reported as recorded.
    var recorded: [Int] = []
    /// Indices of failed tries; true where the call tried again.
    var failed: [(index: Int, triesAgain: Bool)] = []
    var error: (any UserFacingError)?
  }

  /// One call of `train`. `surroundings` is asked at each start of a trainer; `hear` may end trainers.
  func train(
    _ plan: TrainingPlan, workers: Int = 1, recordsFailures: Bool = false, keepsWeights: Bool = false,
    proposer: (any PlanProposer)? = nil,
    surroundings: @escaping () -> Surroundings = { .healthy },
    hear: @escaping (TrainingCoordinator.Event, [Int: TrainerProcess]) -> Void = { _, _ in }
  ) throws -> Call {
    var call = Call()
    var processes: [Int: TrainerProcess] = [:]
    do {
      let claim = try FolderClaim(folder)
      var options = TrainingCoordinator.Options(workers: workers)
      options.recordsFailures = recordsFailures
      options.keepsWeights = keepsWeights
      let launcher = LocalTrainers { [root] number in
        let process = try Self.start(surroundings(), [root.path, "\(number)"])
        processes[number] = process
        return process
      }
      try TrainingCoordinator(
        claim: claim, plan: try claim.settle(plan), options: options, launcher: launcher, proposer: proposer,
        observe: { event in
          if case .recorded(let index, _, _) = event { call.recorded.append(index) }
          if case .failed(let index, _, let triesAgain) = event { call.failed.append((index, triesAgain)) }
          hear(event, processes)
        }
      ).run()
    } catch let error as any UserFacingError {
      call.error = error
    }
    return call
  }

  /// Numerics digests of the completed runs by index; throws where a record says that a run failed.
  func numerics(_ plan: TrainingPlan) throws -> [Int: Digest256] {
    let records = try folder.recordedRuns()
    var numerics: [Int: Digest256] = [:]
    for index in plan.runs.indices {
      guard let record = records[try plan.key(index)] else { continue }
      guard record.status == .completed else { throw RecordedFailure(index: index, detail: record.statusDetail) }
      numerics[index] = try record.numericsDigest()
    }
    return numerics
  }

  struct RecordedFailure: Error {
    let index: Int
    let detail: String?
  }

  static let probe = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("TrainerProbe")

  private static func start(_ surroundings: Surroundings, _ arguments: [String]) throws -> TrainerProcess {
    let environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
    let limit: String
    switch surroundings {
    case .healthy:
      return try TrainerProcess(executable: probe, arguments: arguments, environment: environment)
    case .ending(let index, let signal):
      return try TrainerProcess(
        executable: probe, arguments: arguments + ["\(index)", "\(signal)"], environment: environment)
    case .keepingWeights(let index, let epoch):
      return try TrainerProcess(
        executable: probe, arguments: arguments + ["\(index)", "\(SIGKILL)", "\(epoch)"], environment: environment)
    case .memory(let kilobytes): limit = "ulimit -v \(kilobytes)"
    case .fileSize(let blocks): limit = "ulimit -f \(blocks)"
    }
    return try TrainerProcess(
      executable: URL(fileURLWithPath: "/bin/sh"),
      arguments: ["-c", "\(limit); exec \"$0\" \"$@\"", probe.path] + arguments, environment: environment)
  }
}
