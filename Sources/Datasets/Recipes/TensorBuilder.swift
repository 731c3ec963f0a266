package import Records

/// Fits codes and the time scale on the events kept of the train split, then cuts, pads and codes every split.
package enum TensorBuilder {
  package struct Tensors {
    package var cardinalities: [Int]
    package var splits: [Split: EventSplit]

    package init(cardinalities: [Int], splits: [Split: EventSplit]) {
      self.cardinalities = cardinalities
      self.splits = splits
    }
  }

  /// `sequenceLength` is T: the last T events are kept.
  ///
  /// Throws `wrongCounts` where the train split has more categories than a code can tell apart.
  package static func build(
    _ source: LabelledEvents, assignment: [Split], sequenceLength: Int, dataset: String
  ) throws -> Tensors {
    let table = source.table
    var seen = table.vocabularies.map { [Bool](repeating: false, count: $0.count) }
    var earliest = Double.infinity
    var latest = -Double.infinity
    for (index, split) in assignment.enumerated() where split == .train {
      for event in table.events(of: index).suffix(sequenceLength) {
        earliest = min(earliest, table.times[event])
        latest = max(latest, table.times[event])
        for feature in seen.indices { seen[feature][Int(table.codes[event * seen.count + feature])] = true }
      }
    }
    var cardinalities: [Int] = []
    var coding: [[UInt16]] = []
    for (feature, vocabulary) in table.vocabularies.enumerated() {
      // Ordered by the bytes of the text, so that the codes depend on neither file order nor locale.
      let kept = vocabulary.indices.filter { seen[feature][$0] && !vocabulary[$0].isEmpty }
        .sorted { vocabulary[$0].utf8.lexicographicallyPrecedes(vocabulary[$1].utf8) }
      guard kept.count < Int(UInt16.max) else {
        throw DatasetError.wrongCounts(
          dataset: dataset, what: "categories of feature \(feature)", expected: "at most \(UInt16.max - 1)",
          found: "\(kept.count)")
      }
      var codes = [UInt16](repeating: 0, count: vocabulary.count)
      for (rank, index) in kept.enumerated() { codes[index] = UInt16(rank + 1) }
      coding.append(codes)
      cardinalities.append(kept.count + 1)
    }
    let scale = TimeScale(earliest: earliest, latest: latest)
    var splits: [Split: EventSplit] = [:]
    for split in Split.parts {
      let rows = assignment.indices.filter { assignment[$0] == split }
      splits[split] = fill(rows, source, coding, scale, sequenceLength)
    }
    return Tensors(cardinalities: cardinalities, splits: splits)
  }

  private static func fill(
    _ rows: [Int], _ source: LabelledEvents, _ coding: [[UInt16]], _ scale: TimeScale, _ length: Int
  ) -> EventSplit {
    let table = source.table
    let categoricalCount = coding.count
    let numericCount = table.numericCount
    let positions = rows.count * length
    var lengths: [Int32] = []
    var times = [Float](repeating: 1, count: positions)
    var categorical = [UInt16](repeating: 0, count: positions * categoricalCount)
    var numeric = [Float](repeating: 0, count: positions * numericCount)
    for (row, index) in rows.enumerated() {
      let events = table.events(of: index).suffix(length)
      lengths.append(Int32(events.count))
      for (step, event) in events.enumerated() {
        let position = row * length + step
        times[position] = scale.apply(table.times[event])
        for feature in 0..<categoricalCount {
          let code = Int(table.codes[event * categoricalCount + feature])
          categorical[position * categoricalCount + feature] = coding[feature][code]
        }
        for feature in 0..<numericCount {
          let value = table.numbers[event * numericCount + feature]
          numeric[position * numericCount + feature] = value.isFinite ? value : 0
        }
      }
    }
    return EventSplit(
      lengths: lengths, times: times, categorical: categorical, numeric: numeric,
      labels: rows.map { Int32(source.labels[$0]) })
  }
}

/// Times to [0, 1] by the range seen in training, clipped.
private struct TimeScale {
  let earliest: Double
  let latest: Double

  func apply(_ time: Double) -> Float {
    guard latest > earliest else { return 0 }
    return Float(min(max((time - earliest) / (latest - earliest), 0), 1))
  }
}
