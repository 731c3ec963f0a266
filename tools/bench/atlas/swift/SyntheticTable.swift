import Foundation
import Records
import Spaces

/// The table of the size of NAS-Bench-101, by the formula of `synthetic.py`.
enum SyntheticTable {
  static let architectures = 423_624
  static let epochs = [4, 12, 36, 108]
  static let repeats = 3
  static let space = "nb101size"
  static let dataSet = "synthetic"
  static let source = "synthetic"

  /// What the eight numbers of a row are. Halfway values stand at half of the epochs.
  static let measures: [(metric: Metric, split: Split, isHalfway: Bool)] = [
    (Metric("halfway_training_seconds"), .train, true), (Metric("halfway_accuracy"), .train, true),
    (Metric("halfway_accuracy"), .validation, true), (Metric("halfway_accuracy"), .test, true),
    (Metric("training_seconds"), .train, false), (.accuracy, .train, false), (.accuracy, .validation, false),
    (.accuracy, .test, false),
  ]

  /// A value in millionths.
  static func millionths(architecture: Int, fidelity: Int, repetition: Int, measure: Int) -> UInt64 {
    let place = ((architecture * epochs.count + fidelity) * repeats + repetition) * measures.count + measure
    let drawn = Draws.output(seed: 101, UInt64(place))
    let count = UInt64(epochs[fidelity])
    switch measure {
    case 0: return 4_500_000 * count + drawn % (14_000_000 * count + 1)
    case 4: return 9_000_000 * count + drawn % (28_000_000 * count + 1)
    default: return 100_000 + drawn % 850_001
    }
  }

  /// The hash of an architecture as the JSON that an opaque space wants.
  static func text(_ architecture: Int) -> String { "\"\(MD5Digest(of: Array("\(architecture)".utf8)).hex)\"" }

  static func cards() throws -> [JournalEntry] {
    guard
      let space = SpaceCard(definition: .object(["name": .string(Self.space), "kind": .string("opaque")]))
    else { throw Complaint("the card of \(Self.space) is none") }
    var cards: [JournalEntry] = [
      .source(SourceCard(name: source, title: "Synthetic", origin: "a formula", license: nil, citation: "none")),
      .space(space),
      .dataset(
        DatasetCard(
          name: dataSet, digest: nil, title: "Synthetic", task: "none", source: "a formula", license: nil,
          citation: "none", splitMeaning: "none", primaryMetric: .accuracy, knownDefects: [])),
    ]
    cards += metricCards
    for protocolCard in try protocols() { cards.append(.trainingProtocol(protocolCard)) }
    return cards
  }

  /// Of the metrics that are not known by name.
  static var metricCards: [JournalEntry] {
    [
      MetricCard(name: "halfway_training_seconds", unit: "second", largerIsBetter: false, meaning: "half the training"),
      MetricCard(name: "training_seconds", unit: "second", largerIsBetter: false, meaning: "the training"),
      MetricCard(name: "halfway_accuracy", unit: "fraction", largerIsBetter: true, meaning: "after half the training"),
    ].map { .metric($0) }
  }

  /// One a fidelity.
  static func protocols() throws -> [ProtocolCard] {
    try epochs.map { try ProtocolCard(name: "\(space)-\($0)", settings: .object(["epochs": .integer(Int64($0))])) }
  }

  /// The runs of an architecture, one a fidelity and repeat.
  static func runs(_ architecture: Int, protocols: [ProtocolCard]) -> [RunRecord] {
    let text = text(architecture)
    return epochs.indices.flatMap { fidelity in
      (0..<repeats).map { repetition in
        RunRecord(
          key: RunKey(
            space: space, architecture: text, dataset: dataSet, datasetDigest: nil,
            protocolDigest: protocols[fidelity].digest, seed: .unnamed(UInt64(repetition + 1))),
          origin: Origin(kind: .exhaustive),
          curves: measures.enumerated().map { place, measure in
            let value = millionths(
              architecture: architecture, fidelity: fidelity, repetition: repetition, measure: place)
            let position = measure.isHalfway ? epochs[fidelity] / 2 : epochs[fidelity]
            return Curve(metric: measure.metric, split: measure.split, values: [Double(value) / 1e6], at: [position])
          }, source: source)
      }
    }
  }
}
