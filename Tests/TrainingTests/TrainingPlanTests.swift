import Foundation
import Nets
import Records
import Spaces
import Testing
import Training

@Suite struct TrainingPlanTests {
  static func plan(runs: Int, distillation: TrainingProtocol.Distillation?) throws -> TrainingPlan {
    var settings = try TrainingProtocol.standard()
    settings.distillation = distillation
    let space = EventSequenceSpace(hasNumericFeatures: true)
    return TrainingPlan(
      space: "seqnas", dataset: "d", datasetDigest: Digest256(of: "d"), trainingProtocol: settings,
      runs: TrainingPlan.random(count: runs, seed: 3) { space.sample(using: &$0).canonicalText })
  }

  @Test func drawsDifferentArchitecturesByTheSeed() throws {
    let plan = try Self.plan(runs: 200, distillation: nil)
    #expect(Set(plan.runs.map(\.architecture)).count == 200)
    #expect(try plan == Self.plan(runs: 200, distillation: nil))
    // A longer plan begins with the shorter one.
    #expect(try Array(Self.plan(runs: 250, distillation: nil).runs.prefix(200)) == plan.runs)
  }

  @Test func roundsAreThirtyThenFifteen() throws {
    func rounds(_ runs: Int, _ distillation: TrainingProtocol.Distillation?) throws -> [[Int]] {
      try Self.plan(runs: runs, distillation: distillation).rounds.map(\.runs)
    }
    #expect(try rounds(24, .init()) == [Array(0..<24)])
    #expect(try rounds(50, .init()) == [Array(0..<30), Array(30..<45), Array(45..<50)])
    #expect(try rounds(50, nil) == [Array(0..<50)])
    let round = try Self.plan(runs: 50, distillation: .init()).rounds[1]
    #expect(round.earlier == Array(0..<30) && round.teaches)
    #expect(try !Self.plan(runs: 50, distillation: .init()).rounds[2].teaches)
  }

  @Test func everySeedHasItsOwnRounds() throws {
    var plan = try Self.plan(runs: 3, distillation: .init(teachers: 1, firstRound: 2, round: 2))
    let once = plan.runs
    plan.runs += once.map { PlannedRun(architecture: $0.architecture, origin: $0.origin, seed: 9) }
    plan.runs += try Self.plan(runs: 5, distillation: nil).runs.suffix(2)
    #expect(plan.rounds.map(\.runs) == [[0, 1], [2, 6], [7], [3, 4], [5]])
    #expect(plan.rounds.map(\.earlier) == [[], [0, 1], [0, 1, 2, 6], [], [3, 4]])
    #expect(plan.rounds.map(\.teaches) == [true, true, false, true, false])
  }

  @Test func teachersAreTheBestOfEarlierRounds() throws {
    let plan = try Self.plan(runs: 8, distillation: .init(teachers: 3, firstRound: 4, round: 2))
    let scores: [Double] = [0.5, 0.9, 0.7, 0.9, 0.99, 0.1]
    var records: [RunKey: RunRecord] = [:]
    for (index, score) in scores.enumerated() {
      let key = try plan.key(index)
      records[key] = RunRecord(
        key: key, origin: .random, status: index == 2 ? .diverged : .completed, curves: [],
        score: Score(metric: .accuracy, epoch: 1, validation: score, test: nil), counts: nil, costs: nil,
        provenance: nil)
    }
    // Run 2 diverged; of the equal runs 1 and 3 the earlier one comes first; run 4 belongs to the round itself.
    #expect(try plan.teachers(of: plan.rounds[1], records: records).map(\.key) == [1, 3, 0].map { try plan.key($0) })
    #expect(try plan.teachers(of: plan.rounds[2], records: records).map(\.key) == [4, 1, 3].map { try plan.key($0) })
    #expect(try plan.teachers(of: plan.rounds[0], records: records).isEmpty)
  }

  @Test func logitsAreReadBackOrRefused() throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("logits-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    let store = LogitStore(folder: root)
    let logits = TeacherLogits(run: Digest256(of: "run"), values: [1, -2.5, .nan])
    try store.write(logits)
    let back = try store.read(logits.run, count: 3)
    #expect(back.values.map(\.bitPattern) == logits.values.map(\.bitPattern))
    #expect(throws: TrainingError.self) { try store.read(logits.run, count: 4) }
    let file = root.appendingPathComponent("\(logits.run.hex).logits")
    var bytes = try Data(contentsOf: file)
    bytes[70] ^= 1
    try bytes.write(to: file)
    #expect(throws: TrainingError.self) { try store.read(logits.run, count: 3) }
    store.discard(logits.run)
    #expect(!store.contains(logits.run))
  }

  @Test func aMachineWithoutTheInstructionsIsRefused() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("cpu-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data("model name\t: Old\nflags\t\t: fpu sse2 avx2 bmi1 bmi2 f16c movbe\n".utf8).write(to: file)
    #expect(throws: TrainingError.processor(missing: ["fma"])) { try Machine.current(cpuListing: file.path) }
    try Data("model name\t: New\nflags\t\t: avx2 fma bmi1 bmi2 f16c movbe\n".utf8).write(to: file)
    #expect(try Machine.current(cpuListing: file.path).instructionSet == .avx2)
  }
}

/// Parts of a plan for several hosts.
@Suite struct ShardTests {
  @Test(arguments: [1, 2, 3, 7])
  func everyRunIsInOneShardAndStaysThere(count: Int) throws {
    let plan = try TrainingFolder.plan(count: 9, seeds: [5, 6, 7], distillation: nil)
    let shards = try (1...count).map { try plan.shard($0, of: count) }
    #expect(shards.flatMap(\.runs).count == plan.runs.count)
    #expect(Set(shards.flatMap(\.runs)) == Set(plan.runs))
    #expect(shards.map(\.runs.count).max() ?? 0 <= 27 / count + 3)
    let grown = try TrainingFolder.plan(count: 12, seeds: [5, 6, 7, 8], distillation: nil)
    for (number, shard) in zip(1..., shards) {
      #expect(try Set(shard.runs).isSubset(of: grown.shard(number, of: count).runs))
    }
  }

  @Test func distillationKeepsSeedsTogether() throws {
    let plan = try TrainingFolder.plan(count: 4, seeds: [5, 6, 7])
    let shards = try (1...2).map { try plan.shard($0, of: 2) }
    #expect(shards.map { Set($0.runs.map(\.seed)) } == [[5, 7], [6]])
    for (number, count, largest) in [(1, 4, 3), (4, 4, 3), (0, 2, 2), (3, 2, 2)] {
      let refusal = TrainingError.setting(
        name: "shard", value: "\(number)/\(count)",
        allowed: "1/\(largest) to \(largest)/\(largest); with distillation there is a shard for each seed at most")
      #expect(throws: refusal) { try plan.shard(number, of: count) }
    }
  }
}
