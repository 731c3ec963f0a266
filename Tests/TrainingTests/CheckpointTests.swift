import Datasets
import Foundation
import Nets
import Records
import TestSupport
import Testing
import Training

/// A run that stops and goes on has the numerics of one that did not.
@Suite struct CheckpointTests {
  private static let optimizers: [OptimizerSettings] = [
    OptimizerSettings(kind: .adam, learningRate: 1e-2, weightDecay: 1e-3, maxGradientNorm: 1),
    OptimizerSettings(kind: .adamW, learningRate: 1e-2, weightDecay: 1e-2),
    OptimizerSettings(kind: .lamb, learningRate: 1e-2, weightDecay: 1e-3),
  ]
  private static let schedules: [Schedule] = [
    .constant, .cosineRestarts(period: 2, multiplier: 2, minimum: 1e-4),
  ]

  private static func plan(_ dataset: EventDataset, _ optimizer: OptimizerSettings, _ schedule: Schedule) throws
    -> TrainingPlan
  {
    var plan = try RunTrainerTests.plan(dataset, epochs: 8, optimizer: optimizer)
    plan.trainingProtocol.schedule.learningRate = schedule
    return plan
  }

  @Test(arguments: optimizers, schedules)
  func aContinuedRunHasTheSameNumerics(optimizer: OptimizerSettings, schedule: Schedule) throws {
    let dataset = SyntheticDataset.make()
    let plan = try Self.plan(dataset, optimizer, schedule)
    let trainer = try RunTrainerTests.trainer(plan, dataset)
    for index in plan.runs.indices {
      var files: [Int: Data] = [:]
      let whole = try trainer.train(index) { run in
        if [1, 3, 7].contains(run.epoch) { files[run.epoch] = try run.checkpoint().encoded() }
      }
      #expect(files.count == 3)
      for (epoch, file) in files {
        let checkpoint = try Checkpoint(decoding: file)
        #expect(checkpoint.epoch == epoch)
        var heard: [Int] = []
        // A new process would have a new trainer.
        let continued = try RunTrainerTests.trainer(plan, dataset).train(index, from: checkpoint) {
          heard.append($0.epoch)
        }
        #expect(heard == Array(epoch + 1...8))
        #expect(try continued.record.numericsDigest() == whole.record.numericsDigest(), "after epoch \(epoch)")
        #expect(continued.trainLogits == whole.trainLogits)
        #expect(continued.record.costs?.epochCount == 8)
      }
    }
  }

  @Test func teachersAreKept() throws {
    let dataset = SyntheticDataset.make()
    let plan = try RunTrainerTests.plan(
      dataset, epochs: 4, distillation: .init(teachers: 1, firstRound: 1, round: 2))
    let trainer = try RunTrainerTests.trainer(plan, dataset)
    let teacher = try trainer.train(0)
    let logits = TeacherLogits(run: try teacher.record.numericsDigest(), values: teacher.trainLogits)
    var middle: Checkpoint?
    let whole = try trainer.train(1, teachers: [logits]) { if $0.epoch == 2 { middle = try $0.checkpoint() } }
    let checkpoint = try #require(middle)
    #expect(checkpoint.teachers == [logits.run])
    let continued = try trainer.train(1, teachers: [logits], from: checkpoint)
    #expect(try continued.record.numericsDigest() == whole.record.numericsDigest())
    #expect(try trainer.train(1).record.numericsDigest() != whole.record.numericsDigest())
  }

  /// The weights of the best epoch predict what was measured then.
  @Test func weightsPredict() throws {
    let dataset = SyntheticDataset.make(classes: 3)
    let plan = try RunTrainerTests.plan(dataset, epochs: 5)
    let trainer = try RunTrainerTests.trainer(plan, dataset)
    for index in plan.runs.indices {
      var last: Checkpoint?
      let outcome = try trainer.train(index, surroundings: .init(keepsWeights: true)) { last = try $0.checkpoint() }
      let checkpoint = try Checkpoint(decoding: #require(last).encoded())
      let score = try #require(outcome.record.score)
      #expect(try trainer.predict(.train, with: checkpoint) == outcome.trainLogits)
      var metrics = ClassificationMetrics(
        classes: 3,
        classWeights: ClassificationLoss.balancedWeights(counts: try #require(dataset.card.classCounts[.train])))
      for (split, value) in [(Split.validation, score.validation), (.test, try #require(score.test))] {
        let scores = metrics.evaluate(
          logits: try trainer.predict(split, with: checkpoint), labels: dataset[split].labels)
        #expect(scores?[score.metric].map { Double(Float($0)) } == value)
      }
    }
  }

  @Test func anotherNetworkTakesTheTensorsThatFit() throws {
    let dataset = SyntheticDataset.make()
    let plan = try RunTrainerTests.plan(dataset, epochs: 1)
    let task = try TrainingTasks.make(space: plan.space, dataset: dataset, trainingProtocol: plan.trainingProtocol)
    func network(_ index: Int, seed: UInt64) throws -> any TrainableNetwork {
      let network = try task.network(plan.runs[index].architecture, capacity: 64, instructionSet: .avx2)
      network.initialise(from: SeededGenerator(seed: seed))
      return network
    }
    let donor = try network(0, seed: 1).state()
    let heir = try network(2, seed: 2)
    let before = try heir.state()
    let adopted = try heir.adopt(donor)
    let after = try heir.state()
    #expect(adopted.contains("stem.norm.running_mean") && adopted.contains { $0.hasPrefix("stem.embedding") })
    for (name, values) in after.arrays {
      #expect(values == (adopted.contains(name) ? donor.arrays[name] : before.arrays[name]), "\(name)")
    }
    #expect(Set(adopted).count < after.arrays.count)
    #expect(throws: DamagedArchive.self) { try heir.restore(donor) }
    #expect(try heir.state() == after)
    try heir.restore(before)
    #expect(try heir.state() == before)
  }

  @Test func damagedFilesAreRefused() throws {
    let dataset = SyntheticDataset.make()
    let plan = try RunTrainerTests.plan(dataset, epochs: 1)
    let trainer = try RunTrainerTests.trainer(plan, dataset)
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("checkpoints-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: root) }
    let store = CheckpointStore(folder: root)
    let run = try trainer.begin(0)
    _ = try run.trainEpoch()
    let checkpoint = try run.checkpoint()
    #expect(try store.read(checkpoint.key) == nil)
    try store.write(checkpoint)
    #expect(try store.read(checkpoint.key) == checkpoint)
    let file = store.file(checkpoint.key)
    let bytes = try Data(contentsOf: file)
    for place in stride(from: 0, to: bytes.count, by: bytes.count / 40) {
      var damaged = bytes
      damaged[place] ^= 16
      try damaged.write(to: file)
      #expect(throws: TrainingError.self) { try store.read(checkpoint.key) }
    }
    #expect(throws: DamagedArchive.self) { try trainer.begin(1, from: checkpoint) }
  }

  /// A trainer that is killed inside a run, and the next call.
  @Test func aKilledRunGoesOnAfterItsLastEpoch() throws {
    let plan = try TrainingFolder.plan(count: 2, epochs: 6, distillation: nil)
    let undisturbed = TrainingFolder()
    #expect(try undisturbed.train(plan).error == nil)
    let disturbed = TrainingFolder()
    var epochs: [Int] = []
    let call = try disturbed.train(
      plan, keepsWeights: true, surroundings: { .keepingWeights(index: 1, epoch: 4) },
      hear: { event, _ in if case .epoch(1, let epoch, _) = event { epochs.append(epoch) } })
    // The second try begins after the fourth epoch and ends; a run that began anew would be killed twice.
    #expect(call.error == nil)
    #expect(epochs == [1, 2, 3, 4, 5, 6])
    #expect(try disturbed.numerics(plan) == undisturbed.numerics(plan))
    // A run whose weights are gone is trained again, a run whose weights are there is not.
    let key = try plan.key(0)
    try FileManager.default.removeItem(at: disturbed.folder.checkpoints.file(key))
    let again = try disturbed.train(
      plan, keepsWeights: true, surroundings: { .keepingWeights(index: 9, epoch: 9) })
    #expect(again.recorded == [0])
    #expect(disturbed.folder.checkpoints.contains(key))
  }
}
