import Datasets
import Foundation
import Nets
import Records
import Spaces
import TestSupport
import Testing
import Training

@Suite struct RunTrainerTests {
  static let texts = [
    "stem:k3+dropout/time:on/encoder:att2+gru,conv/decoder:self2+cross1/head:mixed+spatial",
    "stem:kwide/time:off/encoder:gru+conv/decoder:off/head:max",
    "stem:k1/time:on/encoder:off/decoder:self1+cross4,self8+cross2/head:avg+spatial",
  ]

  static func plan(
    _ dataset: EventDataset, epochs: Int = 3, optimizer: OptimizerSettings? = nil,
    distillation: TrainingProtocol.Distillation? = nil, texts: [String] = texts,
    embedding: EventSequenceDimensions.Width = .fixed(8)
  ) throws -> TrainingPlan {
    let settings = TrainingProtocol(
      name: "test", data: .init(batchSize: 16),
      optimizer: optimizer ?? OptimizerSettings(kind: .lamb, learningRate: 1e-2, weightDecay: 1e-3),
      schedule: .init(epochs: epochs),
      network: try EventNetworkSettings(
        hidden: 8, categoricalEmbedding: embedding, numericEmbedding: embedding
      ).section(),
      distillation: distillation)
    let space = EventSequenceSpace(hasNumericFeatures: dataset.numericCount > 0)
    return TrainingPlan(
      space: "seqnas", dataset: "synthetic", datasetDigest: try #require(dataset.card.digest),
      trainingProtocol: settings,
      runs: try texts.map { PlannedRun(architecture: try space.parse($0).canonicalText, origin: .baseline, seed: 5) })
  }

  static func machine(_ set: InstructionSet = .avx2) -> Machine {
    Machine(device: Device(cpu: "test"), instructionSet: set, blasCore: "Haswell", blasThreads: 1)
  }

  static func trainer(
    _ plan: TrainingPlan, _ dataset: EventDataset, _ set: InstructionSet = .avx2, clock: TrainingClock = .system
  ) throws -> RunTrainer {
    let task = try TrainingTasks.make(space: plan.space, dataset: dataset, trainingProtocol: plan.trainingProtocol)
    return try RunTrainer(plan: plan, task: task, machine: machine(set), commit: "test", clock: clock)
  }

  @Test func samePlanAndSeedGiveTheSameNumerics() throws {
    let dataset = SyntheticDataset.make()
    let plan = try Self.plan(dataset)
    let first = try Self.trainer(plan, dataset)
    let second = try Self.trainer(plan, dataset)
    let forwards = try (0..<3).map { try first.train($0).record.numericsDigest() }
    let backwards = try (0..<3).reversed().map { try second.train($0).record.numericsDigest() }
    #expect(forwards == backwards.reversed())
    #expect(Set(forwards).count == 3)
  }

  @Test(.enabled(if: Self.hasAVX512, "this machine has no AVX-512"))
  func instructionSetsGiveTheSameNumerics() throws {
    let dataset = SyntheticDataset.make(classes: 3)
    let plan = try Self.plan(dataset)
    for index in 0..<3 {
      let narrow = try Self.trainer(plan, dataset, .avx2).train(index).record.numericsDigest()
      let wide = try Self.trainer(plan, dataset, .avx512).train(index).record.numericsDigest()
      #expect(narrow == wide)
    }
  }

  static var hasAVX512: Bool { (try? Machine.current())?.instructionSet == .avx512 }

  @Test func aRunLearnsAndRecordsEverything() throws {
    let dataset = SyntheticDataset.make()
    let plan = try Self.plan(dataset, epochs: 8)
    var heard: [Int] = []
    let outcome = try Self.trainer(plan, dataset).train(0) { heard.append($0.epoch) }
    let record = outcome.record
    #expect(heard == Array(1...8))
    #expect(record.status == .completed)
    #expect(record.curves.count == 15)
    #expect(record.curves.allSatisfy { $0.values.count == 8 })
    let validation = try #require(record.curve(.rocAUC, .validation)?.values)
    let score = try #require(record.score)
    #expect(score.validation == validation.max())
    #expect(score.validation > 0.9)
    #expect(score.epoch == 1 + (validation.firstIndex(of: score.validation) ?? -1))
    #expect(score.test == record.curve(.rocAUC, .test)?.values[score.epoch - 1])
    let losses = try #require(record.curve(.loss, .train)?.values)
    #expect(losses[7] < losses[0])
    let counts = try #require(record.counts)
    let parameters = try #require(counts.parameters)
    #expect(parameters > 0 && counts.flops ?? 0 > 0)
    #expect(counts.supernetParameters ?? 0 > parameters)
    let costs = try #require(record.costs)
    #expect(costs.epochCount == 8 && costs.perEpoch.count == 5)
    for name in [Costs.trainSeconds, Costs.trainCPUSeconds] {
      #expect(costs.perEpoch[name]?.allSatisfy { $0 > 0 } == true)
    }
    #expect(costs["latency_milliseconds[batch=1]"] ?? 0 > 0)
    #expect(costs["peak_memory_bytes"] ?? 0 > 1_000_000)
    #expect(record.provenance?.device?.cpu == "test")
    #expect(outcome.trainLogits.count == dataset.train.count * 2)
    #expect(record.provenance?.planDigest == (try plan.digest()))
  }

  @Test func parameterCountsOfNetworkAndSpaceAgree() throws {
    let dataset = SyntheticDataset.make()
    var generator = SeededGenerator(seed: 2)
    let space = EventSequenceSpace(hasNumericFeatures: true)
    let texts = (0..<25).map { _ in space.sample(using: &generator).canonicalText }
    for embedding in [EventSequenceDimensions.Width.fixed(8), .automatic] {
      let plan = try Self.plan(dataset, epochs: 1, texts: texts, embedding: embedding)
      let task = try TrainingTasks.make(space: plan.space, dataset: dataset, trainingProtocol: plan.trainingProtocol)
      for run in plan.runs {
        let network = try task.network(run.architecture, capacity: 1, instructionSet: .avx2)
        #expect(try network.parameterCount == task.counts(run.architecture).parameters)
      }
    }
  }

  @Test func divergenceIsRecordedWithTheCurveSoFar() throws {
    let dataset = SyntheticDataset.make()
    let plan = try Self.plan(
      dataset, epochs: 40, optimizer: OptimizerSettings(kind: .adamW, learningRate: 1e30, weightDecay: 0))
    let record = try Self.trainer(plan, dataset).train(1).record
    #expect(record.status == .diverged)
    #expect(record.statusDetail?.contains("epoch") == true)
    #expect(record.epochs < 40)
  }

  @Test func aTimeLimitCutsARunOff() throws {
    let dataset = SyntheticDataset.make()
    let plan = try Self.plan(dataset, epochs: 1_000)
    nonisolated(unsafe) var seconds = 0.0
    let clock = TrainingClock(
      wallSeconds: {
        seconds += 1
        return seconds
      }, threadCPUSeconds: { 0 }, now: { Date(timeIntervalSince1970: 0) })
    let record = try Self.trainer(plan, dataset, clock: clock).train(
      0, surroundings: .init(timeLimitSeconds: 40)
    ).record
    #expect(record.status == .timedOut)
    #expect((1..<1_000).contains(record.epochs))
    #expect(record.score != nil)
    #expect(record.provenance?.startedAt == "1970-01-01T00:00:00Z")
  }

  @Test func teachersChangeTheNumericsAndAreRecorded() throws {
    let dataset = SyntheticDataset.make()
    let plan = try Self.plan(dataset, distillation: .init(teachers: 2, firstRound: 2, round: 1))
    let trainer = try Self.trainer(plan, dataset)
    let teachers = try (0..<2).map { index in
      let outcome = try trainer.train(index)
      return TeacherLogits(run: try outcome.record.numericsDigest(), values: outcome.trainLogits)
    }
    let alone = try trainer.train(2).record
    let taught = try trainer.train(2, teachers: teachers).record
    #expect(try alone.numericsDigest() != taught.numericsDigest())
    #expect(taught.teachers == teachers.map(\.run))
    #expect(try trainer.train(2, teachers: teachers).record.numericsDigest() == taught.numericsDigest())
  }

  @Test func settingsOutsideTheirRangeAreRefused() throws {
    let dataset = SyntheticDataset.make()
    var plan = try Self.plan(dataset)
    plan.trainingProtocol.data.batchSize = 0
    #expect(throws: TrainingError.setting(name: "batch size", value: "0", allowed: "1 to 4096")) {
      try Self.trainer(plan, dataset)
    }
    plan.trainingProtocol.data.batchSize = 8
    plan.trainingProtocol.network = try EventNetworkSettings(dropout: 1).section()
    #expect(throws: TrainingError.setting(name: "dropout", value: "1.0", allowed: "0 or more, below 1")) {
      try Self.trainer(plan, dataset)
    }
    plan.trainingProtocol.network = ["cells": .object([:])]
    #expect(throws: TrainingError.noNetworkSection(space: "seqnas", found: ["cells"])) {
      try Self.trainer(plan, dataset)
    }
    plan.trainingProtocol.network = ["seqnas": .object(["hidden": .string("wide")])]
    #expect(throws: TrainingError.self) { try Self.trainer(plan, dataset) }
    plan.space = "cells"
    #expect(throws: TrainingError.noTask(space: "cells", known: ["seqnas"])) { try Self.trainer(plan, dataset) }
  }

  /// A misspelled key would train something else without a word.
  @Test func misspelledSettingsAreRefused() throws {
    let whole = try CanonicalJSON.text(TrainingProtocol.standard())
    #expect(try TrainingProtocol(json: Data(whole.utf8)) == TrainingProtocol.standard())
    for (old, new, path) in [
      ("\"distillation\"", "\"distilation\"", "distilation"),
      ("\"batchSize\":64", "\"batchSize\":64,\"bathSize\":2", "data.bathSize"),
      ("\"beta1\"", "\"amsgrad\":1,\"beta1\"", "optimizer.amsgrad"),
    ] {
      let error = #expect(throws: TrainingError.self) {
        try TrainingProtocol(json: Data(whole.replacing(old, with: new).utf8))
      }
      #expect(error?.message.hasPrefix("the key \(path) is unknown; used here: ") == true, "\(path)")
    }
    let dataset = SyntheticDataset.make()
    var plan = try Self.plan(dataset)
    guard case .object(var section)? = plan.trainingProtocol.network["seqnas"] else {
      Issue.record("the section is no object")
      return
    }
    section["hiden"] = .integer(3)
    plan.trainingProtocol.network = ["seqnas": .object(section)]
    let error = #expect(throws: TrainingError.self) { try Self.trainer(plan, dataset) }
    #expect(error?.message.contains("the key hiden is unknown") == true)
  }

  /// The rule of the SeqNAS paper for the width of embeddings.
  @Test func automaticWidthsAreTrained() throws {
    let dataset = SyntheticDataset.make()
    let record = try Self.trainer(Self.plan(dataset, embedding: .automatic), dataset).train(0).record
    #expect(record.status == .completed && record.epochs == 3)
    let fixed = try Self.trainer(Self.plan(dataset), dataset).train(0).record
    #expect(record.counts != fixed.counts)
    let protocolText = try CanonicalJSON.text(Self.plan(dataset, embedding: .automatic).trainingProtocol)
    #expect(protocolText.contains(#""categoricalEmbedding":"auto""#))
  }
}
