import Foundation
import Records
import Testing
import Training

/// Whole calls without processes: ends out of order, deaths, silence, and a kill between any two steps.
@Suite struct TrainingScheduleTests {
  /// A folder and trainers that are made up: a run's score follows from its key and its teachers.
  struct World {
    let plan: TrainingPlan
    let settings: TrainingSchedule.Settings
    var generator: SeededGenerator
    var records: [RunKey: RunRecord] = [:]
    var logits: Set<Digest256> = []
    var failures = FailureLog()
    /// Runs in work, by trainer, with their teachers.
    var working: [Int: (index: Int, teachers: [Digest256])] = [:]
    var running: Set<Int> = []
    var ready: Set<Int> = []
    var seconds = 0.0
    /// How often each run was given to a trainer.
    var starts: [Int: Int] = [:]

    init(_ plan: TrainingPlan, _ settings: TrainingSchedule.Settings, seed: UInt64) {
      self.plan = plan
      self.settings = settings
      generator = SeededGenerator(seed: seed)
    }

    var recorded: TrainingSchedule.Recorded {
      let (records, logits) = (records, logits)
      return .init(records: records, hasLogits: { logits.contains($0) }, hasWeights: { _ in true })
    }

    mutating func record(_ index: Int, _ teachers: [Digest256]) throws {
      let key = try plan.key(index)
      var state = SeededGenerator(seed: key.architectureID.hex.utf8.reduce(1) { $0 &* 31 &+ UInt64($1) })
      let value = teachers.reduce(state.uniform()) { $0 + Double($1.hex.utf8.reduce(0) { $0 + Int($1) }) * 1e-6 }
      let curve = Curve(metric: .rocAUC, split: .validation, values: [value])
      let record = RunRecord(
        key: key, origin: .random, status: .completed, statusDetail: nil, curves: [curve],
        score: Score(metric: .rocAUC, epoch: 1, validation: value, test: nil), counts: nil, teachers: teachers,
        costs: nil, provenance: nil)
      records[key] = record
      logits.insert(try record.numericsDigest())
    }

    /// One call; false where it is killed on the way, which ends its trainers.
    mutating func call(killChance: Double, deathChance: Double) throws -> TrainingSchedule.Ending? {
      working = [:]
      running = []
      ready = []
      var schedule = try TrainingSchedule(plan: plan, failures: failures, settings: settings)
      while true {
        if generator.chance(killChance) { return nil }
        switch schedule.next(seconds: seconds) {
        case .read: try schedule.read(recorded)
        case .announce, .report: break
        case .train(let index, let teachers, _, let trainer):
          #expect(working[trainer] == nil && !working.values.contains { $0.index == index })
          running.insert(trainer)
          working[trainer] = (index, teachers)
          starts[index, default: 0] += 1
        case .wait(let until):
          seconds += 1
          let event = try happen(deathChance: deathChance, until: until)
          schedule.hear(event, seconds: seconds)
        case .kill(let trainer): schedule.hear(end(trainer, .machine), seconds: seconds)
        case .save(let log): failures = log
        case .record(let index, let detail):
          let key = try plan.key(index)
          records[key] = RunRecord(
            key: key, origin: .random, status: .failed, statusDetail: detail, curves: [], score: nil, counts: nil,
            costs: nil, provenance: nil)
        case .grow: try schedule.grow(plan)
        case .end(let ending): return ending
        }
      }
    }

    private mutating func end(_ trainer: Int, _ cause: WorkerFailure.Cause) -> TrainerEvent {
      working[trainer] = nil
      running.remove(trainer)
      ready.remove(trainer)
      let end: TrainerEnd = cause == .machine ? .killed(signal: SIGKILL) : .killed(signal: SIGSEGV)
      return .ended(trainer, WorkerFailure(end: end, words: ""))
    }

    /// What one of the trainers does next.
    private mutating func happen(deathChance: Double, until: Double?) throws -> TrainerEvent? {
      let trainer = generator.pick(running.sorted())
      if generator.chance(deathChance) {
        if let (index, teachers) = working[trainer], generator.chance(0.3) {
          // It recorded the run, and died before it could say so.
          try record(index, teachers)
        }
        return end(trainer, .machine)
      }
      if ready.insert(trainer).inserted { return .answer(trainer, .ready) }
      if let until, generator.chance(0.05) {
        seconds = until
        return nil
      }
      guard let (index, teachers) = working[trainer] else { return .diagnostic(trainer, "idle") }
      if generator.chance(0.5) { return .answer(trainer, .epoch(index: index, epoch: 1, validation: 0.5)) }
      try record(index, teachers)
      working[trainer] = nil
      let record = try #require(records[plan.key(index)])
      return .answer(
        trainer,
        .recorded(index: index, numerics: try record.numericsDigest(), status: .completed, score: record.score))
    }
  }

  private static func settings(_ trainers: Int, silence: Double? = nil) -> TrainingSchedule.Settings {
    var settings = TrainingSchedule.Settings(trainers: trainers)
    settings.silenceSeconds = silence
    return settings
  }

  /// Promise R32 without processes: however a training is disturbed, its runs learn from the same teachers.
  @Test func disturbedCallsEndLikeUndisturbedOnes() throws {
    for seed in 0..<150 as Range<UInt64> {
      var generator = SeededGenerator(seed: seed)
      let plan = try TrainingFolder.plan(count: 1 + generator.integer(below: 9), seeds: [5, 6])
      var quiet = World(plan, Self.settings(1), seed: seed)
      #expect(try quiet.call(killChance: 0, deathChance: 0) == .complete)
      #expect(quiet.starts.values.allSatisfy { $0 == 1 })
      var disturbed = World(
        plan, Self.settings(1 + generator.integer(below: 4), silence: generator.chance(0.5) ? 40 : nil), seed: seed)
      var calls = 0
      var ending: TrainingSchedule.Ending?
      while ending != .complete, calls < 400 {
        ending = try disturbed.call(killChance: 0.02, deathChance: calls < 200 ? 0.1 : 0)
        calls += 1
        if case .untrained(let failed, let missing, let planned, _) = ending {
          #expect(!failed.isEmpty && missing >= failed.count && planned == plan.runs.count)
        }
      }
      #expect(ending == .complete)
      #expect(
        try disturbed.records.mapValues { try $0.numericsDigest() }
          == quiet.records.mapValues { try $0.numericsDigest() })
    }
  }

  /// A trainer that says nothing for too long is ended, and its run is tried again.
  @Test func silenceEndsATrainer() throws {
    let plan = try TrainingFolder.plan(count: 1, distillation: nil)
    var schedule = try TrainingSchedule(plan: plan, settings: Self.settings(1, silence: 100))
    var world = World(plan, Self.settings(1), seed: 1)
    #expect(schedule.next(seconds: 0) == .read)
    try schedule.read(world.recorded)
    #expect(schedule.next(seconds: 0) == .announce(runs: [0], teachers: []))
    let train = TrainingSchedule.Action.train(index: 0, teachers: [], concurrentTrainers: 1, trainer: 0)
    #expect(schedule.next(seconds: 10) == train)
    #expect(schedule.next(seconds: 10) == .wait(until: 110))
    schedule.hear(.answer(0, .ready), seconds: 50)
    #expect(schedule.next(seconds: 50) == .wait(until: 150))
    schedule.hear(nil, seconds: 149)
    #expect(schedule.next(seconds: 149) == .wait(until: 150))
    schedule.hear(nil, seconds: 150)
    #expect(schedule.next(seconds: 150) == .kill(trainer: 0))
    // Its end is waited for without a limit.
    #expect(schedule.next(seconds: 150) == .wait(until: nil))
    schedule.hear(.ended(0, WorkerFailure(end: .killed(signal: SIGKILL), words: "")), seconds: 151)
    let reason = "its trainer gave no answer for 100 s and was ended"
    #expect(schedule.next(seconds: 151) == .report(index: 0, reason: reason, triesAgain: true))
    #expect(schedule.next(seconds: 151) == train)
    try world.record(0, [])
    schedule.hear(
      .answer(0, .recorded(index: 0, numerics: Digest256(of: "x"), status: .completed, score: nil)), seconds: 160)
    #expect(schedule.next(seconds: 160) == .read)
    try schedule.read(world.recorded)
    #expect(schedule.next(seconds: 160) == .end(.complete))
  }

  @Test func whatEveryRunNeedsEndsTheCall() throws {
    let plan = try TrainingFolder.plan(count: 3, distillation: nil)
    var schedule = try TrainingSchedule(plan: plan, settings: Self.settings(2))
    let world = World(plan, Self.settings(2), seed: 1)
    #expect(schedule.next(seconds: 0) == .read)
    try schedule.read(world.recorded)
    for _ in 0..<3 { _ = schedule.next(seconds: 0) }
    #expect(schedule.next(seconds: 0) == .wait(until: nil))
    let failure = WorkerFailure(
      RecordsError.fileSystem(operation: "write", path: "j", errorNumber: ENOSPC, reason: "full"))
    schedule.hear(.answer(1, .failed(index: 1, failure)), seconds: 0)
    #expect(schedule.next(seconds: 0) == .read)
    try schedule.read(world.recorded)
    #expect(schedule.next(seconds: 0) == .end(.failure(failure)))
  }

  /// A search in its smallest form: the best architecture's neighbor, three times.
  private struct Descent: PlanProposer {
    func nextRound(after records: [RunRecord], in plan: TrainingPlan) throws -> [PlannedRun] {
      let rounds = Set(plan.runs.compactMap(\.origin.step)).count
      guard rounds < 3 else { return [] }
      let best = records.max { ($0.score?.validation ?? 0) < ($1.score?.validation ?? 0) }
      let text = best?.key.architecture ?? ""
      let changed =
        text.contains("time:on")
        ? text.replacing("time:on", with: "time:off") : text.replacing("time:off", with: "time:on")
      let deeper = changed.replacing("head:avg", with: "head:max")
      return [changed, deeper].map {
        PlannedRun(architecture: $0, origin: Origin(kind: .search, arm: "descent", step: rounds), seed: 5)
      }
    }
  }

  /// The same plan grown twice is the same plan, whatever happens on the way.
  @Test func aPlanGrowsByRounds() throws {
    let plan = try TrainingFolder.plan(count: 2, epochs: 2, distillation: nil)
    let undisturbed = TrainingFolder()
    #expect(try undisturbed.train(plan, proposer: Descent()).error == nil)
    let grown = try undisturbed.folder.readPlan()
    #expect(grown.runs.count > plan.runs.count)
    #expect(Array(grown.runs.prefix(2)) == plan.runs)
    #expect(grown.runs.last?.origin.arm == "descent")
    let disturbed = TrainingFolder()
    var kills = 0
    for _ in 0..<20 {
      let call = try disturbed.train(
        plan, workers: 2, proposer: Descent(),
        hear: { event, processes in
          guard case .epoch = event, kills < 3 else { return }
          kills += 1
          processes.values.forEach { $0.kill() }
        })
      if call.error == nil { break }
    }
    #expect(kills == 3)
    #expect(try disturbed.folder.readPlan() == grown)
    #expect(try disturbed.folder.readPlan().digest() == grown.digest())
    #expect(try disturbed.numerics(grown) == undisturbed.numerics(grown))
  }
}
