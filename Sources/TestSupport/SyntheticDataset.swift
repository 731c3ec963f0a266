public import Datasets
import Records

/// A small data set with signal: the class shows in the codes and in the numbers.
public enum SyntheticDataset {
  /// The same data on every call with the same sizes.
  public static func make(rows: Int = 96, classes: Int = 2, numericCount: Int = 1, positions: Int = 12) -> EventDataset
  {
    var generator = SeededGenerator(seed: 11)
    func split(_ rows: Int) -> EventSplit {
      var lengths: [Int32] = []
      var times: [Float] = []
      var categorical: [UInt16] = []
      var numeric: [Float] = []
      var labels: [Int32] = []
      for row in 0..<rows {
        let label = row % classes
        let length = 3 + generator.integer(below: positions - 3)
        lengths.append(Int32(length))
        labels.append(Int32(label))
        for position in 0..<positions {
          let real = position < length
          times.append(real ? Float(position) / Float(positions) : 1)
          let code = 1 + (generator.chance(0.7) ? label : generator.integer(below: 5))
          categorical.append(real ? UInt16(code) : 0)
          for _ in 0..<numericCount {
            numeric.append(real ? Float(label) + Float(generator.uniform()) * 2 : 0)
          }
        }
      }
      return EventSplit(lengths: lengths, times: times, categorical: categorical, numeric: numeric, labels: labels)
    }
    let (train, validation, test) = (split(rows), split(rows / 2), split(rows / 2))
    func counts(_ split: EventSplit) -> [Int] {
      (0..<classes).map { index in split.labels.count { $0 == Int32(index) } }
    }
    let card = DatasetCard(
      name: "synthetic", digest: Digest256(of: "synthetic"), title: "Synthetic", task: "classification", source: "test",
      license: "CC0", citation: "none",
      input: .eventSequences(
        length: positions, categorical: ["code"], numeric: (0..<numericCount).map { "number \($0)" }),
      targets: [
        DatasetTarget(
          kind: "class", classNames: (0..<classes).map { "class \($0)" },
          classCounts: [.train: counts(train), .validation: counts(validation), .test: counts(test)])
      ], splitMeaning: "generated",
      primaryMetric: .rocAUC, knownDefects: [])
    return EventDataset(
      card: card, sequenceLength: positions, categoricalCardinalities: [6], numericCount: numericCount,
      classCount: classes, train: train, validation: validation, test: test)
  }
}
