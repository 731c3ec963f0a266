import Foundation
import Records
import Store

/// Runs made up from a seed: every status, ragged and sparse curves, all kinds of seeds and attributes, absent parts.
struct SyntheticRuns {
  var generator: SeededGenerator
  static let datasetDigest = Digest256(of: "prepared")

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  static func datasetCard(_ name: String = "events") -> DatasetCard {
    DatasetCard(
      name: name, digest: datasetDigest, title: "Events", task: "classification", source: "made up",
      license: "CC0-1.0", citation: "none", input: .eventSequences(length: 8, categorical: [], numeric: ["x"]),
      targets: [
        DatasetTarget(kind: "class", classNames: ["no", "yes"], classCounts: [.train: [3, 2], .test: [1, 1]])
      ], splitMeaning: "by row", primaryMetric: .rocAUC, knownDefects: [])
  }

  /// A published data set whose prepared bytes nobody knows.
  static let publishedCard = DatasetCard(
    name: "images", digest: nil, title: "Images", task: "classification", source: "published", license: nil,
    citation: "none", splitMeaning: "as published", primaryMetric: .accuracyPercent, knownDefects: ["blurred"])

  static func protocolCard(_ name: String = "short") throws -> ProtocolCard {
    try ProtocolCard(name: name, settings: .object(["name": .string(name), "rate": .number(0.001)]))
  }

  static let sourceCard = SourceCard(
    name: "published-table", title: "A table", version: "1.0", origin: "made up",
    files: [.init(name: "t.pkl", sha256: Digest256(of: "t"))], license: nil, citation: "none", notes: ["a note"],
    knownDefects: ["rounded"], madeUp: ["times are totals divided by epochs"])

  static let spaceCard = SpaceCard(
    definition: .object(["name": .string("cells"), "kind": .string("opaque"), "title": .string("Cells")]))

  static func cards() throws -> [JournalEntry] {
    let cards: [JournalEntry] = [
      .source(sourceCard),
      .metric(MetricCard(name: "accuracy_percent", unit: "percent", largerIsBetter: true, meaning: "right ones")),
      .dataset(datasetCard()), .dataset(publishedCard), .trainingProtocol(try protocolCard()),
      .trainingProtocol(try protocolCard("long")),
    ]
    return cards + (spaceCard.map { [.space($0)] } ?? [])
  }

  /// Run number `index`: its key follows from the number alone, its values from the generator.
  mutating func run(_ index: Int, longestCurve: Int = 8) throws -> RunRecord {
    let epochs = index % 11 == 7 ? 0 : 1 + generator.integer(below: longestCurve)
    let status = RunStatus.allCases[index % 13 < 10 ? 0 : index % 4]
    let isPublished = index % 7 == 3
    var curves = trainedCurves(epochs: epochs, status: status)
    if isPublished { curves = publishedCurves(index) }
    let validation = curves.first { $0.metric == .rocAUC && $0.split == .validation }?.values ?? []
    let best = validation.indices.max { validation[$0] < validation[$1] }
    let test = curves.first { $0.metric == .rocAUC && $0.split == .test }?.values ?? []
    let seed: Seed =
      switch index % 8 {
      case 4, 5: .unnamed(UInt64(1 + index % 2))
      case 6: .mean(of: 3)
      case 1, 3, 7: .recorded(.max - UInt64(index))
      default: .recorded(UInt64(index % 3) * 777)
      }
    return RunRecord(
      key: RunKey(
        space: index % 5 == 4 ? "cells" : "seqnas", architecture: "architecture \(index / 2) → ß",
        dataset: isPublished ? "images" : "events", datasetDigest: isPublished ? nil : Self.datasetDigest,
        protocolDigest: try Self.protocolCard(index % 9 == 5 ? "long" : "short").digest, seed: seed),
      origin: index % 6 == 0 ? nil : index % 6 == 1 ? Origin(kind: .search, arm: "tpe", step: index) : .random,
      status: status, statusDetail: status == .completed ? nil : "stopped \"here\"", curves: curves,
      score: best.map { Score(metric: .rocAUC, epoch: $0 + 1, validation: validation[$0], test: test[$0]) },
      counts: index % 7 == 0
        ? nil : Counts(parameters: 100 + index, supernetParameters: index % 2 == 0 ? nil : 900, flops: 5_000),
      teachers: index % 3 == 0 ? [Digest256(of: "teacher")] : [],
      costs: index % 4 == 0 ? nil : index % 4 == 1 ? totals() : costs(epochs: curves.map(\.lastEpoch).max() ?? epochs),
      provenance: index % 5 == 0 ? nil : provenance(startedAt: "2026-01-0\(1 + index % 9)T00:00:00Z"),
      source: isPublished ? Self.sourceCard.name : nil, attributes: attributes(index))
  }

  mutating func runs(_ count: Int) throws -> [RunRecord] { try (0..<count).map { try run($0) } }

  private mutating func trainedCurves(epochs: Int, status: RunStatus) -> [Curve] {
    var curves: [Curve] = []
    for split in Split.parts {
      for metric in [Metric.loss, .accuracy, .rocAUC] where epochs > 0 || metric == .loss {
        var values = (0..<epochs).map { _ in Double(Float(generator.uniform())) }
        if status == .diverged, metric == .loss, !values.isEmpty { values[values.count - 1] = .nan }
        curves.append(Curve(metric: metric, split: split, values: values))
      }
    }
    return curves
  }

  /// Decimals, at listed epochs or only at the last one.
  private mutating func publishedCurves(_ index: Int) -> [Curve] {
    func percent(_ state: inout SyntheticRuns) -> Double { Double(state.generator.integer(below: 100_000)) / 1_000 }
    var curves = [
      Curve(metric: .accuracyPercent, split: .validation, values: [percent(&self)], at: [200]),
      Curve(metric: .accuracyPercent, split: .test, values: (0..<200).map { _ in percent(&self) }),
    ]
    if index % 2 == 0 {
      let epochs = [1, 12, 90, 200 + index % 3]
      curves.append(
        Curve(metric: .loss, split: .valtest, values: epochs.map { _ in generator.uniform() }, at: epochs))
    }
    return curves
  }

  private mutating func attributes(_ index: Int) -> [String: JSONValue] {
    switch index % 5 {
    case 0: ["firing_rates": .array([.number(generator.uniform()), .null]), "rank": .integer(Int64(index))]
    case 1: ["rank": .string("unknown"), "share": .number(generator.uniform()), "whole": .number(1e17)]
    case 2: ["serial": .integer(9_007_199_254_740_993), "share": .number(-0.0), "odd": .number(.infinity)]
    default: [:]
    }
  }

  private mutating func totals() -> Costs {
    Costs(total: [Costs.trainSeconds: 1_000 * generator.uniform(), Costs.evaluationSeconds: 0])
  }

  private mutating func costs(epochs: Int) -> Costs {
    var costs = Costs(total: ["latency_milliseconds[batch=1]": 0.25])
    if !epochs.isMultiple(of: 2) { costs.total["latency_milliseconds[batch=64]"] = 1.5 }
    guard epochs > 0 else { return costs }
    var names = [Costs.trainSeconds, Costs.evaluationCPUSeconds]
    if !epochs.isMultiple(of: 3) { names.append(Costs.evaluationSeconds) }
    for name in names { costs.perEpoch[name] = (0..<epochs).map { _ in generator.uniform() } }
    costs.perEpoch[Costs.concurrentTrainers] = (0..<epochs).map { _ in 2 }
    return costs
  }

  private func provenance(startedAt: String) -> Provenance {
    Provenance(
      version: nasAtlasVersion, commit: "abc", planDigest: Digest256(of: "plan"), startedAt: startedAt,
      finishedAt: startedAt, device: Device(cpu: "cpu", cores: 2, blas: "OpenBLAS 0.3.21 Haswell"))
  }

  // MARK: Measurements

  /// Values of architectures, of some that no run has too, under five quantities.
  mutating func measurements(_ count: Int) throws -> [ArchitectureMeasurement] {
    let source = Self.sourceCard.name
    let quantities = [
      Quantity(name: "latency", unit: "millisecond", device: "raspi4", conditions: ["batch": "1"], source: source),
      Quantity(name: "latency", unit: "millisecond", device: "raspi4", conditions: ["batch": "64"], source: source),
      Quantity(name: "synflow", unit: "1", dataset: "images"), Quantity(name: "energy", unit: "joule"),
      Quantity(
        name: "train_seconds", unit: "second", dataset: "images", protocolDigest: try Self.protocolCard().digest,
        source: source),
    ]
    return (0..<count).map { index in
      let value = index % 17 == 16 ? .nan : Double(generator.integer(below: 1_000_000)) / 10_000
      return ArchitectureMeasurement(
        space: index % 5 == 4 ? "cells" : "seqnas", architecture: "architecture \(index / 3) → ß",
        quantity: quantities[index % quantities.count], value: value,
        costSeconds: index % 5 == 2 && index % 3 != 0 ? generator.uniform() : nil)
    }
  }
}
