package import Foundation
package import Records

/// Everything that is known of one data set: its card less the numbers, where its source lies, and how that is read.
package struct DatasetRecipe: Sendable {
  package struct SourceTable: Sendable {
    package let file: String
    package let sha256: Digest256
  }

  package enum Source: Sendable {
    /// Tables that tools/setup makes, checked by digest.
    case tables([SourceTable])
    /// Files that a user names; `accepts` says which.
    case userPath(accepts: String)
  }

  package var name: String
  /// Raised whenever the prepared bytes would change, so that older prepared files are made again.
  package var version: Int = 1
  package var title: String
  package var about: String
  package var sourceName: String
  package var license: String
  package var citation: String
  package var classNames: [String]
  package var splitMeaning: String
  package var categoricalFeatures: [String]
  package var numericFeatures: [String]
  package var sequenceLength: Int
  package var primaryMetric: Metric
  package var knownDefects: [String]
  package var source: Source
  /// Rows of each class over all splits in the published source; preparing anything else is an error.
  package var publishedClassCounts: [Int]
  /// Reads a folder of tables, or the path that a user named.
  package var read: @Sendable (URL) throws -> LabelledEvents

  static let seededSplit =
    "stratified by label and drawn once with a fixed seed: 0.6 train, 0.2 validation, 0.2 test; stored with the data"

  static func tables(_ digests: KeyValuePairs<String, String>) -> Source {
    .tables(
      digests.map { file, hex in
        guard let digest = Digest256(hex: hex) else { preconditionFailure("the digest of \(file) is not one") }
        return SourceTable(file: file, sha256: digest)
      })
  }

  /// The seed of the splits, the same for every set and for ever.
  package static let splitSeed: UInt64 = 20_240_601

  /// Reads, labels, splits and codes the source.
  package func prepare(from place: URL) throws -> EventDataset {
    if case .tables(let tables) = source {
      for table in tables { _ = try SourceFile.checked(place.appendingPathComponent(table.file), sha256: table.sha256) }
    }
    let events = try read(place)
    var counts = [Int](repeating: 0, count: classNames.count)
    for label in events.labels { counts[label] += 1 }
    guard counts == publishedClassCounts else {
      throw DatasetError.wrongCounts(
        dataset: name, what: "the number of sequences of each class", expected: "\(publishedClassCounts)",
        found: "\(counts)")
    }
    return try assemble(events)
  }

  /// What `prepare` does after reading; the counts are not checked, so that a small table of one's own can be tried.
  package func assemble(_ events: LabelledEvents) throws -> EventDataset {
    let assignment =
      events.official
      ?? StratifiedSplit.assign(
        labels: events.labels, classCount: classNames.count,
        generator: SeededGenerator(seed: Self.splitSeed).stream(name))
    let tensors = try TensorBuilder.build(
      events, assignment: assignment, sequenceLength: sequenceLength, dataset: name)
    var classCounts: [Split: [Int]] = [:]
    for split in Split.parts {
      classCounts[split] = classNames.indices.map { label in
        tensors[split].labels.count { $0 == Int32(label) }
      }
    }
    let digest = tensors.digest(
      name: name, sequenceLength: sequenceLength, numericCount: numericFeatures.count, classCount: classNames.count)
    let card = DatasetCard(
      name: name, digest: digest, title: title, task: "classification", about: about, source: sourceName,
      license: license, citation: citation,
      input: .eventSequences(length: sequenceLength, categorical: categoricalFeatures, numeric: numericFeatures),
      targets: [DatasetTarget(kind: "class", classNames: classNames, classCounts: classCounts)],
      splitMeaning: splitMeaning,
      primaryMetric: primaryMetric, knownDefects: knownDefects)
    return EventDataset(
      card: card, sequenceLength: sequenceLength, categoricalCardinalities: tensors.cardinalities,
      numericCount: numericFeatures.count, classCount: classNames.count, train: tensors[.train],
      validation: tensors[.validation], test: tensors[.test])
  }
}

extension TensorBuilder.Tensors {
  package subscript(split: Split) -> EventSplit {
    splits[split] ?? EventSplit(lengths: [], times: [], categorical: [], numeric: [], labels: [])
  }

  /// SHA-256 over a line of sizes and then, for train, validation and test, the little-endian bytes of lengths, times,
  /// categorical, numeric and labels.
  package func digest(name: String, sequenceLength: Int, numericCount: Int, classCount: Int) -> Digest256 {
    var builder = Digest256.Builder()
    let counts = Split.parts.map { String(self[$0].count) }.joined(separator: ",")
    let codes = cardinalities.map(String.init).joined(separator: ",")
    builder.update(
      Data("\(name) T=\(sequenceLength) K=\(codes) M=\(numericCount) classes=\(classCount) N=\(counts)\n".utf8))
    for split in Split.parts {
      let part = self[split]
      part.lengths.withUnsafeBytes { builder.update($0) }
      part.times.withUnsafeBytes { builder.update($0) }
      part.categorical.withUnsafeBytes { builder.update($0) }
      part.numeric.withUnsafeBytes { builder.update($0) }
      part.labels.withUnsafeBytes { builder.update($0) }
    }
    return builder.finish()
  }
}
