import Benchmarks
import Foundation
import Records
import Spaces
import Store

/// A small atlas that has everything an atlas can have: two spaces, ragged seeds and curves, means, failed runs, scores,
/// costs, attributes, details, measurements with and without costs.
enum CraftedBase {
  private static let digest = Digest256(of: "prepared")

  private static func cards() throws -> [JournalEntry] {
    let grid = SpaceCard(
      definition: .object([
        "name": .string("tiny-grid"), "kind": .string("grid"),
        "parameters": .array([
          .object([
            "name": .string("width"), "kind": .string("ordinal"),
            "values": .array([.integer(1), .integer(2), .integer(60)]),
          ])
        ]),
      ]))
    let red = DatasetCard(
      name: "red", digest: digest, title: "Red", task: "none", source: "made up", license: nil, citation: "none",
      input: .eventSequences(length: 60, categorical: [], numeric: []),
      targets: [
        DatasetTarget(kind: "class", classNames: ["a", "b"], classCounts: [.train: [60, 1], .test: [2, 2]])
      ],
      splitMeaning: "none",
      primaryMetric: .accuracyPercent, knownDefects: [])
    let blue = DatasetCard(
      name: "blue", digest: nil, title: "Blue", task: "none", source: "made up", license: nil, citation: "none",
      splitMeaning: "none", primaryMetric: .accuracyPercent, knownDefects: ["one"])
    return [
      .source(
        SourceCard(name: "tiny", title: "Made up", origin: "this test", license: nil, citation: "none")),
      .metric(MetricCard(name: "accuracy_percent", unit: "percent", largerIsBetter: true, meaning: "right ones")),
      .metric(MetricCard(name: "loss", unit: "1", largerIsBetter: false, meaning: "cross-entropy")),
      .dataset(red), .dataset(blue), .trainingProtocol(try protocolCard()),
    ] + (grid.map { [.space($0)] } ?? [])
  }

  private static func protocolCard() throws -> ProtocolCard {
    try ProtocolCard(name: "three", settings: .object(["epochs": .integer(3), "rate": .number(0.5)]))
  }

  private static func run(_ space: String, _ text: String, _ number: Int, _ seed: Seed, _ dataset: String) throws
    -> RunRecord
  {
    let values = (0..<3).map { Double(50 + 3 * number + $0) + 0.25 }
    let failed = number % 5 == 4
    return RunRecord(
      key: RunKey(
        space: space, architecture: text, dataset: dataset, datasetDigest: dataset == "red" ? digest : nil,
        protocolDigest: try protocolCard().digest, seed: seed),
      origin: number % 3 == 0 ? Origin(kind: .search, arm: "tpe", step: number) : .random,
      status: failed ? .failed : .completed, statusDetail: failed ? "stopped" : nil,
      curves: [
        Curve(metric: .accuracyPercent, split: .validation, values: values),
        Curve(metric: .accuracyPercent, split: .test, values: [values[0], values[2]], at: [1, 3]),
        Curve(metric: .loss, split: .train, values: values.map { 1 / $0 }),
      ],
      score: failed
        ? nil : Score(metric: .accuracyPercent, epoch: 3, validation: values[2], test: values[2]),
      counts: Counts(parameters: 100 + number, flops: number % 2 == 0 ? 5_000 : nil),
      costs: number % 2 == 0
        ? Costs(perEpoch: ["train_seconds": [1.5, 2.5, 3.5], "concurrent_trainers": [2, 2, 2]])
        : Costs(total: ["train_seconds": 30]),
      provenance: number % 2 == 0 ? provenance : nil, source: number % 2 == 0 ? nil : "tiny",
      attributes: ["rank": .integer(Int64(number)), "note": .string("n\(number)")])
  }

  private static let provenance = Provenance(
    version: nasAtlasVersion, commit: "abc", planDigest: Digest256(of: "plan"), startedAt: "2026-01-01T00:00:00Z",
    finishedAt: "2026-01-01T00:01:00Z", device: Device(cpu: "cpu"))

  private static func entries() throws -> [JournalEntry] {
    let cells = try ["nats:0", "nats:6111", "nats:9930"].map {
      try SpaceCatalogue().space("nasbench201").canonicalText(of: $0)
    }
    var entries = try cards()
    for (number, cell) in cells.enumerated() {
      entries.append(.run(try run("nasbench201", cell, number, 777, "red")))
      entries.append(.run(try run("nasbench201", cell, number + 2, .unnamed(1), "red")))
      entries.append(.run(try run("nasbench201", cell, number + 3, .mean(of: 3), "red")))
      if number > 0 { entries.append(.run(try run("nasbench201", cell, number, .mean(of: 3), "blue"))) }
      for device in ["pi", "phone"] {
        entries.append(
          .measurement(
            ArchitectureMeasurement(
              space: "nasbench201", architecture: cell,
              quantity: Quantity(
                name: "latency", unit: "millisecond", device: device, conditions: ["batch": "1"], source: "tiny"),
              value: 4.5 + Double(number), costSeconds: number == 1 ? 2 : nil)))
      }
      entries.append(
        .measurement(
          ArchitectureMeasurement(
            space: "nasbench201", architecture: cell,
            quantity: Quantity(
              name: "train_seconds", unit: "second", dataset: "blue", protocolDigest: try protocolCard().digest),
            value: 9)))
    }
    for width in [1, 2] {
      entries.append(.run(try run("tiny-grid", "width=\(width)", width, 1, "red")))
    }
    return entries
  }

  /// Publishes it at `path`.
  static func publish(to path: String) throws {
    var bytes = JournalFormat.header
    for entry in try entries() { bytes += JournalFormat.frame(try JournalFormat.payload(entry)) }
    try Data(bytes).write(to: URL(fileURLWithPath: path + ".journal"))
    let store = try WorkingStore(path: path + ".working")
    try store.ingest(files: [path + ".journal"], reading: CatalogueReader())
    try store.publish(to: path, title: "Everything")
  }
}
