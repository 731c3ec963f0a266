import Foundation
import Records
import Store

/// Runs made up from a seed: every status, ragged curves, absent parts.
struct SyntheticRuns {
  var generator: SeededGenerator
  static let datasetDigest = Digest256(of: "prepared")

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  static func datasetCard(_ name: String = "events") -> DatasetCard {
    DatasetCard(
      name: name, digest: datasetDigest, title: "Events", task: "classification", source: "made up",
      licence: "CC0-1.0", citation: "none", classNames: ["no", "yes"], classCounts: [.train: [3, 2], .test: [1, 1]],
      splitMeaning: "by row", categoricalFeatures: [], numericFeatures: ["x"], sequenceLength: 8,
      primaryMetric: .rocAUC, knownDefects: [])
  }

  static func protocolCard() throws -> ProtocolCard {
    try ProtocolCard(name: "short", settings: .object(["epochs": .integer(5), "rate": .number(0.001)]))
  }

  /// Run number `index`: its key follows from the number alone, its values from the generator.
  mutating func run(_ index: Int, longestCurve: Int = 8) throws -> RunRecord {
    let epochs = index % 11 == 7 ? 0 : 1 + generator.integer(below: longestCurve)
    let status = RunStatus.allCases[index % 13 < 10 ? 0 : index % 4]
    var curves: [Curve] = []
    for split in Split.parts {
      for metric in [Metric.loss, .accuracy, .rocAUC] where epochs > 0 || metric == .loss {
        var values = (0..<epochs).map { _ in Float(generator.uniform()) }
        if status == .diverged, metric == .loss, !values.isEmpty { values[values.count - 1] = .nan }
        curves.append(Curve(metric: metric, split: split, values: values))
      }
    }
    let validation = curves.first { $0.metric == .rocAUC && $0.split == .validation }?.values ?? []
    let best = validation.indices.max { validation[$0] < validation[$1] }
    return RunRecord(
      key: RunKey(
        space: index % 5 == 4 ? "cells" : "seqnas", architecture: "architecture \(index / 2) → ß", dataset: "events",
        datasetDigest: Self.datasetDigest, protocolDigest: try Self.protocolCard().digest,
        seed: index % 2 == 0 ? 0 : .max - UInt64(index)),
      origin: index % 6 == 0 ? nil : index % 6 == 1 ? Origin(kind: .search, searcher: "tpe", step: index) : .random,
      status: status, statusDetail: status == .completed ? nil : "stopped \"here\"", curves: curves,
      score: best.map { Score(metric: .rocAUC, epoch: $0 + 1, validation: validation[$0], test: 0.5) },
      counts: index % 7 == 0
        ? nil : Counts(parameters: 100 + index, supernetParameters: index % 2 == 0 ? nil : 900, forwardFLOPs: 5_000),
      teachers: index % 3 == 0 ? [Digest256(of: "teacher")] : [],
      costs: index % 4 == 0 ? nil : costs(epochs: epochs),
      provenance: index % 5 == 0 ? nil : provenance(startedAt: "2026-01-0\(1 + index % 9)T00:00:00Z"))
  }

  mutating func runs(_ count: Int) throws -> [RunRecord] { try (0..<count).map { try run($0) } }

  private mutating func costs(epochs: Int) -> Costs {
    Costs(
      epochs: (0..<epochs).map { _ in
        EpochCost(
          trainWallSeconds: generator.uniform(), trainCPUSeconds: generator.uniform(),
          evaluationWallSeconds: generator.uniform(), evaluationCPUSeconds: generator.uniform(),
          concurrentTrainers: 2)
      }, latencyBatch1Milliseconds: 0.25, latencyBatch64Milliseconds: epochs.isMultiple(of: 2) ? nil : 1.5)
  }

  private func provenance(startedAt: String) -> Provenance {
    Provenance(
      version: nasAtlasVersion, commit: "abc", cpuModel: "cpu", blasVersion: "OpenBLAS 0.3.21", blasCore: "Haswell",
      planDigest: Digest256(of: "plan"), startedAt: startedAt, finishedAt: startedAt)
  }

  static func vector(_ space: String, _ text: String) -> Data? {
    space == "seqnas" ? Data(Digest256(of: text).hex.utf8.prefix(16)) : nil
  }
}

/// A fresh folder, removed when released, with short ways to journals, working files and atlases in it.
final class Workshop {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("nasatlas-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }
  func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: file(name))) }
  func write(_ bytes: Data, _ name: String) throws { try bytes.write(to: URL(fileURLWithPath: file(name))) }

  /// Writes a journal in one piece: the same bytes that a writer appends, without a sync for each.
  @discardableResult
  func journal(_ name: String, _ entries: [JournalEntry]) throws -> String {
    var bytes = JournalFormat.header
    for entry in entries { bytes += JournalFormat.frame([UInt8](try CanonicalJSON.encode(entry))) }
    try write(Data(bytes), name)
    return file(name)
  }

  /// An atlas of `runs` with both cards.
  @discardableResult
  func atlas(_ name: String, _ runs: [RunRecord]) throws -> AtlasManifest {
    let path = try journal(
      name + ".journal",
      [.dataset(SyntheticRuns.datasetCard()), .trainingProtocol(try SyntheticRuns.protocolCard())]
        + runs.map(JournalEntry.run))
    let store = try WorkingStore(path: file(name + ".working"))
    try store.ingest(journals: [path], vector: SyntheticRuns.vector)
    return try store.publish(to: file(name))
  }
}
