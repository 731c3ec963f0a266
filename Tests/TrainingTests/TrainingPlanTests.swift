import Foundation
import Nets
import Records
import Spaces
import Testing
import Training

@Suite struct TrainingPlanTests {
  static func plan(runs: Int, distillation: TrainingProtocol.Distillation?) -> TrainingPlan {
    var settings = TrainingProtocol.standard
    settings.distillation = distillation
    return TrainingPlan(
      dataset: "d", datasetDigest: Digest256(of: "d"), trainingProtocol: settings,
      runs: TrainingPlan.random(EventSequenceSpace(hasNumericFeatures: true), count: runs, seed: 3))
  }

  @Test func drawsDifferentArchitecturesByTheSeed() {
    let plan = Self.plan(runs: 200, distillation: nil)
    #expect(Set(plan.runs.map(\.architecture)).count == 200)
    #expect(plan == Self.plan(runs: 200, distillation: nil))
    // A longer plan begins with the shorter one.
    #expect(Array(Self.plan(runs: 250, distillation: nil).runs.prefix(200)) == plan.runs)
  }

  @Test func roundsAreThirtyThenFifteen() {
    #expect(Self.plan(runs: 24, distillation: .init()).rounds == [0..<24])
    #expect(Self.plan(runs: 50, distillation: .init()).rounds == [0..<30, 30..<45, 45..<50])
    #expect(Self.plan(runs: 50, distillation: nil).rounds == [0..<50])
  }

  @Test func teachersAreTheBestOfEarlierRounds() throws {
    let plan = Self.plan(runs: 8, distillation: .init(teachers: 3, firstRound: 4, round: 2))
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
    #expect(try plan.teachers(forRoundAt: 4, records: records).map(\.key) == [1, 3, 0].map { try plan.key($0) })
    #expect(try plan.teachers(forRoundAt: 6, records: records).map(\.key) == [4, 1, 3].map { try plan.key($0) })
    #expect(try plan.teachers(forRoundAt: 0, records: records).isEmpty)
  }

  @Test func readsBackFromItsFolderAndRefusesAnother() throws {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("plan-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    let folder = WorkFolder(root: root)
    let plan = Self.plan(runs: 5, distillation: .init())
    try folder.settle(plan)
    try folder.settle(plan)
    #expect(try folder.readPlan() == plan)
    #expect(throws: TrainingError.otherPlan(path: folder.planFile.path, difference: "5 runs, not 6")) {
      try folder.settle(Self.plan(runs: 6, distillation: .init()))
    }
    try Data("{".utf8).write(to: folder.planFile)
    #expect(throws: TrainingError.self) { try folder.readPlan() }
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
