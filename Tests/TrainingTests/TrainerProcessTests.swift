import Datasets
import Foundation
import Records
import Spaces
import Testing
import Training

/// Real trainer processes on a real data set: the numerics do not depend on how many there are, nor on their deaths.
@Suite(.enabled(if: churnIsPrepared, "cdnow-churn is not here: run tools/setup"))
struct TrainerProcessTests {
  static let environment = ProcessInfo.processInfo.environment

  static let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent().appendingPathComponent("nasatlas")

  static func plan() throws -> TrainingPlan {
    let data = try DatasetRegistry(environment: environment).load(name: "cdnow-churn", options: .init(source: nil))
    var settings = try TrainingProtocol.standard()
    settings.schedule.epochs = 1
    settings.network = try EventNetworkSettings(
      hidden: 8, categoricalEmbedding: .fixed(8), numericEmbedding: .fixed(8)
    ).section()
    settings.distillation = .init(teachers: 2, firstRound: 2, round: 2)
    let space = EventSequenceSpace(hasNumericFeatures: data.numericCount > 0)
    let texts = [
      "stem:k3/time:on/encoder:gru/decoder:off/head:avg",
      "stem:k1/time:on/encoder:off/decoder:self1+cross2/head:max",
      "stem:k3+dropout/time:off/encoder:att2+conv/decoder:off/head:mixed+spatial",
    ]
    return TrainingPlan(
      space: "seqnas", dataset: "cdnow-churn", datasetDigest: try #require(data.card.digest),
      trainingProtocol: settings,
      runs: try texts.map { PlannedRun(architecture: try space.parse($0).canonicalText, origin: .baseline, seed: 9) })
  }

  /// Trains the plan in a new folder; `kill` decides after each event whether to kill a trainer with signal 9.
  static func digests(workers: Int, kill: @escaping (Int) -> Bool = { _ in false }) throws -> [RunKey: Digest256] {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("train-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    let folder = WorkFolder(root: root)
    let claim = try FolderClaim(folder)
    let plan = try claim.settle(plan())
    var events = 0
    var last: TrainerProcess?
    let launcher = LocalTrainers { number in
      let process = try TrainerProcess(
        executable: program, arguments: ["worker", root.path, "--number", "\(number)"], environment: environment)
      last = process
      return process
    }
    let coordinator = try TrainingCoordinator(
      claim: claim, plan: plan, options: .init(workers: workers), launcher: launcher,
      observe: { _ in
        events += 1
        if kill(events) { last?.kill() }
      })
    try coordinator.run()
    return try folder.recordedRuns().mapValues { try $0.numericsDigest() }
  }

  @Test func workersAndKillsDoNotChangeTheNumerics() throws {
    let one = try Self.digests(workers: 1)
    #expect(one.count == 3)
    #expect(try Self.digests(workers: 2) == one)
    // The second event is the first round's start: its trainer dies before the first run ends.
    #expect(try Self.digests(workers: 1) { $0 == 3 } == one)
  }

  @Test func aRestartTrainsOnlyWhatIsMissing() throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("train-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    let folder = WorkFolder(root: root)
    let claim = try FolderClaim(folder)
    let plan = try claim.settle(Self.plan())
    var recorded: [Int] = []
    func train() throws {
      let launcher = LocalTrainers { number in
        try TrainerProcess(
          executable: Self.program, arguments: ["worker", root.path, "--number", "\(number)"],
          environment: Self.environment)
      }
      try TrainingCoordinator(
        claim: claim, plan: plan, options: .init(workers: 1), launcher: launcher,
        observe: { event in
          if case .recorded(let index, _, _) = event { recorded.append(index) }
        }
      ).run()
    }
    try train()
    let numerics = try folder.recordedRuns().mapValues { try $0.numericsDigest() }
    try train()
    #expect(recorded == [0, 1, 2])
    // A run whose logits are gone is trained again where a later round learns from it, to the same numbers.
    let first = try #require(numerics[try plan.key(0)])
    folder.logits.discard(first)
    try train()
    #expect(recorded == [0, 1, 2, 0])
    #expect(folder.logits.contains(first))
    #expect(try folder.recordedRuns().mapValues { try $0.numericsDigest() } == numerics)
  }
}

/// True where `tools/setup` has made the tables of cdnow-churn.
private let churnIsPrepared: Bool = {
  let environment = ProcessInfo.processInfo.environment
  return (try? DatasetRegistry(environment: environment).load(name: "cdnow-churn", options: .init(source: nil))) != nil
}()
