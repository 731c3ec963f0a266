import Foundation
import Nets
import Oracles
import Records
import Synchronization
import TestSupport
import Testing
import Training

/// Real trainings of small networks behind the interface of optimizers.
@Suite struct TrainerOracleTests {
  private static let dataset = SyntheticDataset.make()
  private static let epochs = 5

  private static func plan(learningRate: Float = 1e-2) throws -> TrainingPlan {
    try RunTrainerTests.plan(
      dataset, epochs: epochs, optimizer: OptimizerSettings(kind: .adam, learningRate: learningRate, weightDecay: 0))
  }

  private static func oracle(
    _ plan: TrainingPlan, metrics: [Metric] = [], limits: BudgetLimits = .unlimited,
    checkpoints: CheckpointStore? = nil,
    timeLimitSeconds: Double? = nil, clock: TrainingClock = .system, records: RecordList = RecordList()
  ) throws -> TrainerOracle {
    try TrainerOracle(
      TrainingTasks.make(space: plan.space, dataset: dataset, trainingProtocol: plan.trainingProtocol),
      .init(
        plan.trainingProtocol, seed: 5, origin: .baseline, machine: RunTrainerTests.machine(), commit: "test",
        clock: clock, surroundings: .init(timeLimitSeconds: timeLimitSeconds), checkpoints: checkpoints),
      metrics: metrics, limits: limits
    ) { try records.append($0) }
  }

  /// What oracles handed on; the first records are refused, as by a full disk.
  private final class RecordList: Sendable {
    private let state: Mutex<(refusals: Int, records: [RunRecord])>
    init(refusals: Int = 0) { state = Mutex((refusals, [])) }

    func append(_ record: RunRecord) throws {
      try state.withLock { state in
        if state.refusals > 0 {
          state.refusals -= 1
          throw FullDisk()
        }
        state.records.append(record)
      }
    }

    var all: [RunRecord] { state.withLock { $0.records } }
  }

  private struct FullDisk: Error {}

  /// A clock that adds a second each time that it is read, and does what `before` says.
  private static func ticking(_ before: @escaping @Sendable (Double) -> Void = { _ in }) -> TrainingClock {
    let time = Mutex(0.0)
    return TrainingClock(
      wallSeconds: {
        let seconds = time.withLock {
          $0 += 1
          return $0
        }
        before(seconds)
        return seconds
      }, threadCPUSeconds: { 0 }, now: { Date(timeIntervalSince1970: 0) })
  }

  /// A new folder of checkpoints, removed after `body`.
  private static func withStore(_ body: (CheckpointStore) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("oracle-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(CheckpointStore(folder: folder))
  }

  private static func candidates(_ plan: TrainingPlan) -> [Candidate] {
    plan.runs.map { Candidate(space: plan.space, canonicalText: $0.architecture) }
  }

  @Test func itKeepsThePromisesOfAnOracle() async throws {
    let plan = try Self.plan()
    let violations = await checkOracle(
      candidates: Self.candidates(plan), fidelities: [.position(1), .position(3), .full],
      unknown: Candidate(space: "seqnas", canonicalText: "stem:k3"), repeatsSeconds: false
    ) { try Self.oracle(plan, metrics: [.rocAUC, .loss], limits: $0) }
    #expect(violations == [])
  }

  /// Asked in steps, at once, or never stopped: the same bits, and each epoch once.
  @Test func aRunGoesOnWhereItStopped() async throws {
    let plan = try Self.plan()
    let trainer = try RunTrainerTests.trainer(plan, Self.dataset)
    for (index, candidate) in Self.candidates(plan).enumerated() {
      let whole = try trainer.train(index).record
      let records = RecordList()
      var oracle = try Self.oracle(plan, metrics: [.loss], records: records)
      for position in [2, 1, 4] {
        let observation = try await oracle.observe(candidate, at: .position(position))
        #expect(observation.values.map(\.value) == [whole.curve(.loss, .validation)[position - 1]])
        #expect(observation.position == position && observation.status == .completed)
        #expect(observation.cost.epochs == (position == 1 ? 0 : 2))
      }
      #expect(records.all.isEmpty, "it has not ended")
      let last = try await oracle.observe(candidate)
      #expect(last.values.map(\.value) == [whole.curve(.loss, .validation)[4]] && last.cost.epochs == 1)
      #expect(oracle.spending.epochs == Self.epochs && oracle.spending.queries == 4)
      #expect(oracle.spending.simulatedTrainingSeconds > 0)
      let record = try #require(records.all.first)
      #expect(try record.numericsDigest() == whole.numericsDigest() && records.all.count == 1)
      #expect(record.origin == .baseline && record.costs?.epochCount == Self.epochs)
    }
  }

  /// A second oracle on the same folder trains the epochs that are left.
  @Test func aLaterOracleGoesOnFromTheFolder() async throws {
    let plan = try Self.plan()
    let candidate = Self.candidates(plan)[0]
    let whole = try RunTrainerTests.trainer(plan, Self.dataset).train(0).record
    try await Self.withStore { store in
      let records = RecordList()
      var first = try Self.oracle(plan, checkpoints: store, records: records)
      _ = try await first.observe(candidate, at: .position(3))
      let kept = try #require(try store.read(plan.key(0)))
      #expect(kept.epoch == 3)
      var second = try Self.oracle(plan, checkpoints: store, records: records)
      #expect(try await second.observe(candidate, at: .position(2)).values.count == 1)
      #expect(try store.read(plan.key(0)) == kept, "nothing was trained")
      _ = try await second.observe(candidate)
      #expect(try records.all.map { try $0.numericsDigest() } == [whole.numericsDigest()])
      #expect(try store.read(plan.key(0))?.epoch == Self.epochs)
      var third = try Self.oracle(plan, checkpoints: store, records: records)
      #expect(try await third.observe(candidate).position == Self.epochs)
      #expect(records.all.count == 1)
    }
  }

  @Test func aRunThatDivergesIsAnObservation() async throws {
    let plan = try Self.plan(learningRate: 1e30)
    let candidate = Self.candidates(plan)[0]
    let whole = try RunTrainerTests.trainer(plan, Self.dataset).train(0).record
    #expect(whole.status == .diverged)
    let records = RecordList()
    var oracle = try Self.oracle(plan, records: records)
    let observation = try await oracle.observe(candidate)
    #expect(observation.status == .diverged && observation.values.isEmpty)
    #expect(observation.position == whole.costs?.epochCount ?? 0)
    #expect(try #require(observation.trainSeconds) > 0)
    #expect(try await oracle.observe(candidate).cost == BudgetSpending(queries: 1))
    #expect(try records.all.map { try $0.numericsDigest() } == [whole.numericsDigest()])
  }

  /// The third epoch or so is too late.
  @Test func aRunThatIsCutOffHasValuesUpToThere() async throws {
    let plan = try Self.plan()
    let candidate = Self.candidates(plan)[0]
    var oracle = try Self.oracle(plan, timeLimitSeconds: 15, clock: Self.ticking())
    let observation = try await oracle.observe(candidate)
    #expect(observation.status == .timedOut && observation.values.isEmpty)
    let last = observation.position
    #expect((1..<Self.epochs).contains(last))
    let earlier = try await oracle.observe(candidate, at: .position(last))
    #expect(earlier.status == .completed && earlier.values.count == 1)
    #expect(try #require(earlier.trainSeconds) < #require(observation.trainSeconds))
  }

  /// A later oracle, which has more time, neither trains on from the middle of an epoch nor records the run again. The file
  /// has the weights of the last whole epoch.
  @Test func aRunThatEndedStaysSo() async throws {
    let plan = try Self.plan()
    let candidate = Self.candidates(plan)[0]
    try await Self.withStore { store in
      let records = RecordList()
      var first = try Self.oracle(
        plan, checkpoints: store, timeLimitSeconds: 20, clock: Self.ticking(), records: records)
      let cut = try await first.observe(candidate)
      // After four of six batches of the third epoch.
      #expect(cut.status == .timedOut && cut.position == 2 && cut.trainSeconds == 20)
      var second = try Self.oracle(plan, checkpoints: store, records: records)
      #expect(try await second.observe(candidate) == cut)
      #expect(try await second.observe(candidate, at: .position(cut.position)).status == .completed)
      #expect(records.all.count == 1 && records.all.first?.status == .timedOut)
      let run = try RunTrainerTests.trainer(plan, Self.dataset).begin(0)
      while run.epoch < cut.position { #expect(try run.trainEpoch()) }
      let kept = try #require(try store.read(plan.key(0)))
      #expect(try kept.network == run.checkpoint().network && kept.optimizer == run.checkpoint().optimizer)
    }
    let hopeless = try Self.plan(learningRate: 1e30)
    try await Self.withStore { store in
      let records = RecordList()
      var first = try Self.oracle(hopeless, checkpoints: store, records: records)
      let diverged = try await first.observe(candidate)
      #expect(diverged.status == .diverged && diverged.position < Self.epochs)
      var second = try Self.oracle(hopeless, checkpoints: store, records: records)
      #expect(try await second.observe(candidate) == diverged)
      #expect(records.all.count == 1)
    }
  }

  /// A process that is killed inside an epoch, and an oracle on its folder: the epochs that are left, one record a run, and
  /// a journal as a trainer of a plan writes it.
  @Test func aKilledOracleGoesOnAfterItsLastEpoch() async throws {
    let training = TrainingFolder()
    let folder = training.folder
    let plan = try FolderClaim(folder).settle(TrainingFolder.plan(count: 2, epochs: 6, distillation: nil))
    let process = Process()
    process.executableURL = TrainingFolder.probe
    process.arguments = ["--oracle", folder.root.path, "4"]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL)
    #expect(try folder.checkpoints.read(plan.key(0))?.epoch == 6)
    #expect(try folder.checkpoints.read(plan.key(1))?.epoch == 4)
    #expect(try folder.recordedRuns().count == 1)
    let task = try TrainingTasks.make(
      space: plan.space, dataset: Self.dataset, trainingProtocol: plan.trainingProtocol)
    let journal = try TrainingJournal(
      folder.journal(0), dataset: task.card, trainingProtocol: plan.trainingProtocol)
    var oracle = try TrainerOracle(
      task,
      .init(
        plan.trainingProtocol, seed: 5, machine: RunTrainerTests.machine(), commit: "probe",
        surroundings: .init(concurrentTrainers: 2), checkpoints: folder.checkpoints)
    ) { try journal.append($0) }
    for candidate in Self.candidates(plan) {
      #expect(try await oracle.observe(candidate).cost.epochs == 6)
    }
    let entries = try JournalReader.readAll(path: folder.journal(0).path).items.map(\.entry)
    guard case .dataset = entries.first, case .trainingProtocol = entries.dropFirst().first else {
      Issue.record("the journal begins with \(entries.prefix(2))")
      return
    }
    #expect(entries.count == 4)
    let recorded = try folder.recordedRuns()
    let trainer = try RunTrainerTests.trainer(plan, Self.dataset)
    // The epochs of the second oracle count two trainers.
    for (index, trainers) in [[1.0, 1, 1, 1, 1, 1], [1, 1, 1, 1, 2, 2]].enumerated() {
      let record = try #require(recorded[plan.key(index)])
      #expect(record.costs?.perEpoch[Costs.concurrentTrainers] == trainers)
      #expect(try record.numericsDigest() == trainer.train(index).record.numericsDigest())
    }
  }

  /// A record that nobody took is handed on again, without training.
  @Test(arguments: [false, true])
  func noRecordIsLost(hasFiles: Bool) async throws {
    let plan = try Self.plan()
    let candidate = Self.candidates(plan)[0]
    try await Self.withStore { store in
      let records = RecordList(refusals: 1)
      let reads = Mutex(0)
      var oracle = try Self.oracle(
        plan, checkpoints: hasFiles ? store : nil,
        clock: Self.ticking { seconds in reads.withLock { $0 = Int(seconds) } },
        records: records)
      await #expect(throws: FullDisk.self) { try await oracle.observe(candidate) }
      #expect(oracle.spending == BudgetSpending() && records.all.isEmpty)
      let before = reads.withLock { $0 }
      #expect(try await oracle.observe(candidate).cost.epochs == Self.epochs)
      #expect(reads.withLock { $0 } == before, "nothing was trained")
      let whole = try RunTrainerTests.trainer(plan, Self.dataset).train(0).record
      #expect(try records.all.map { try $0.numericsDigest() } == [whole.numericsDigest()])
      #expect(try store.read(plan.key(0))?.epoch == (hasFiles ? Self.epochs : nil))
    }
  }

  /// A cancelled search ends after an epoch, and another one goes on.
  @Test func aCancelledTaskStopsTheTraining() async throws {
    let plan = try Self.plan()
    let candidate = Self.candidates(plan)[0]
    try await Self.withStore { store in
      let clock = Self.ticking { seconds in
        if seconds > 7 { withUnsafeCurrentTask { $0?.cancel() } }
      }
      let first = try Self.oracle(plan, checkpoints: store, clock: clock)
      let search = Task {
        var oracle = first
        return try await oracle.observe(candidate)
      }
      await #expect(throws: CancellationError.self) { try await search.value }
      let kept = try #require(try store.read(plan.key(0)))
      #expect((1..<Self.epochs).contains(kept.epoch))
      let records = RecordList()
      var second = try Self.oracle(plan, checkpoints: store, records: records)
      #expect(try await second.observe(candidate).status == .completed)
      let whole = try RunTrainerTests.trainer(plan, Self.dataset).train(0).record
      #expect(try records.all.map { try $0.numericsDigest() } == [whole.numericsDigest()])
    }
  }

  /// Training stops at the first epoch that the budget does not allow.
  @Test func aBudgetStopsTheTraining() async throws {
    let plan = try Self.plan()
    let candidates = Self.candidates(plan)
    let records = RecordList()
    var oracle = try Self.oracle(plan, limits: BudgetLimits(epochs: 7), records: records)
    _ = try await oracle.observe(candidates[0])
    await #expect(throws: BudgetError.epochsExceeded(spent: 5, asked: 3, limit: 7)) {
      try await oracle.observe(candidates[1])
    }
    #expect(oracle.spending.epochs == 5 && records.all.count == 1)
    #expect(try await oracle.observe(candidates[1], at: .position(2)).cost.epochs == 2)
    // Without a query, nothing is trained.
    try await Self.withStore { store in
      var spent = try Self.oracle(plan, limits: BudgetLimits(queries: 1), checkpoints: store)
      _ = try await spent.observe(candidates[0], at: .position(1))
      for (candidate, index) in [(candidates[0], 0), (candidates[1], 1)] {
        await #expect(throws: BudgetError.queriesExceeded(spent: 1, asked: 1, limit: 1)) {
          try await spent.observe(candidate)
        }
        #expect(try store.read(plan.key(index))?.epoch == (index == 0 ? 1 : nil))
      }
    }
  }

  @Test func mistakes() async throws {
    let plan = try Self.plan()
    var oracle = try Self.oracle(plan)
    let candidate = Self.candidates(plan)[0]
    for position in [0, 6] {
      await #expect(
        throws: OracleError.invalidPosition(position, candidate: candidate.canonicalText, last: Self.epochs)
      ) { try await oracle.observe(candidate, at: .position(position)) }
    }
    let strange = Candidate(space: "nasbench201", canonicalText: candidate.canonicalText)
    await #expect(throws: OracleError.unknownCandidate(candidate.canonicalText, space: "seqnas")) {
      try await oracle.observe(strange)
    }
    #expect(oracle.spending == BudgetSpending())
    let metric = #expect(throws: TrainingError.self) { try Self.oracle(plan, metrics: [.accuracyPercent]) }
    #expect(metric?.message.contains("allowed: loss, accuracy, roc_auc") == true, "\(String(describing: metric))")
    let taught = try RunTrainerTests.plan(Self.dataset, distillation: .init(teachers: 1, firstRound: 1, round: 2))
    #expect(throws: TrainingError.setting(name: "distillation", value: "on", allowed: "no distillation section")) {
      try Self.oracle(taught)
    }
  }
}

extension RunRecord {
  fileprivate func curve(_ metric: Metric, _ split: Split) -> [Double] {
    curves.first { $0.metric == metric && $0.split == split }?.values ?? []
  }
}
