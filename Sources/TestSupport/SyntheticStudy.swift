public import Foundation
public import Records
public import Spaces

/// A made-up study of the SeqNAS space: cards and run records that look like trained ones, all from a seed.
///
/// Architectures are real; curves follow 1 - a·epoch^(-b) with noise. Nothing in them was measured.
public struct SyntheticStudy: Sendable {
  public var seed: UInt64
  public var architectures: Int
  public var seedsPerArchitecture: Int
  public var epochs: Int
  /// Whether a number computed without training, `synflow`, is told of each architecture: how good it is, and noise.
  public var hasProxy: Bool

  public init(
    seed: UInt64 = 1, architectures: Int, seedsPerArchitecture: Int = 1, epochs: Int = 5, hasProxy: Bool = false
  ) {
    self.seed = seed
    self.hasProxy = hasProxy
    self.architectures = architectures
    self.seedsPerArchitecture = seedsPerArchitecture
    self.epochs = epochs
  }

  public static let datasetCard = DatasetCard(
    name: "synthetic-events", digest: Digest256(of: "synthetic-events"), title: "Made-up events",
    task: "classification", about: "which of two kinds of sequence is it?", source: "made up from a seed",
    license: "CC0-1.0",
    citation: "none", input: .eventSequences(length: 16, categorical: ["kind"], numeric: ["amount"]),
    targets: [
      DatasetTarget(
        kind: "class", classNames: ["calm", "busy"],
        classCounts: [.train: [60, 60], .validation: [20, 20], .test: [20, 20]])
    ], splitMeaning: "by row, 0.6, 0.2, 0.2", primaryMetric: .accuracy,
    knownDefects: ["nothing in it happened"])

  public func protocolCard() throws -> ProtocolCard {
    try ProtocolCard(name: "synthetic", settings: .object(["epochs": .integer(Int64(epochs))]))
  }

  /// The architectures, different ones, in the order of the draw.
  public func drawnArchitectures() -> [EventSequenceArchitecture] {
    let space = EventSequenceSpace(hasNumericFeatures: true)
    var generator = SeededGenerator(seed: seed).stream("architectures")
    var seen: Set<EventSequenceArchitecture> = []
    var drawn: [EventSequenceArchitecture] = []
    while drawn.count < architectures {
      let architecture = space.sample(using: &generator)
      if seen.insert(architecture).inserted { drawn.append(architecture) }
    }
    return drawn
  }

  /// Both cards, then the runs: those of one architecture together, seeds counted from 1.
  public func entries() throws -> [JournalEntry] {
    let card = try protocolCard()
    var generator = SeededGenerator(seed: seed).stream("curves")
    var entries: [JournalEntry] = [.dataset(Self.datasetCard), .trainingProtocol(card)]
    var proxies = SeededGenerator(seed: seed).stream("proxies")
    for architecture in drawnArchitectures() {
      let runs = (0..<seedsPerArchitecture).map { run(architecture, seed: UInt64($0 + 1), card, &generator) }
      entries += runs.map { .run($0) }
      guard hasProxy, let score = runs.first?.score?.validation else { continue }
      entries.append(
        .measurement(
          ArchitectureMeasurement(
            space: "seqnas", architecture: architecture.canonicalText,
            quantity: Quantity(name: "synflow", unit: "score", dataset: Self.datasetCard.name),
            value: 100 * score + proxies.uniform())))
    }
    return entries
  }

  /// The bytes of a journal of ``entries()``: what a writer appends, without a sync for each.
  public func journal() throws -> Data {
    var bytes = JournalFormat.header
    for entry in try entries() { bytes += JournalFormat.frame(try JournalFormat.payload(entry)) }
    return Data(bytes)
  }

  private func run(
    _ architecture: EventSequenceArchitecture, seed: UInt64, _ card: ProtocolCard, _ generator: inout SeededGenerator
  ) -> RunRecord {
    var curves: [Curve] = []
    let gap = 0.2 + 0.3 * generator.uniform()
    for split in Split.parts {
      for metric in [Metric.loss, .accuracy, .rocAUC, .macroF1] {
        let values = (1...epochs).map { epoch in
          let distance = gap * pow(Double(epoch), -0.4) + 0.01 * generator.uniform()
          return Double(Float(metric == .loss ? distance : 1 - distance))
        }
        curves.append(Curve(metric: metric, split: split, values: values))
      }
    }
    let validation = curves.first { $0.metric == .accuracy && $0.split == .validation }?.values ?? []
    let test = curves.first { $0.metric == .accuracy && $0.split == .test }?.values ?? []
    let best = validation.indices.max { validation[$0] < validation[$1] } ?? 0
    return RunRecord(
      key: RunKey(
        space: "seqnas", architecture: architecture.canonicalText, dataset: Self.datasetCard.name,
        datasetDigest: Self.datasetCard.digest, protocolDigest: card.digest, seed: .recorded(seed)),
      origin: .random, status: .completed, curves: curves,
      score: Score(metric: .accuracy, epoch: best + 1, validation: validation[best], test: test[best]),
      counts: Counts(parameters: 10_000, supernetParameters: 90_000, flops: 1_000_000), costs: nil,
      provenance: nil)
  }
}
