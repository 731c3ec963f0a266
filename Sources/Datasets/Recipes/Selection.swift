import Records

extension EventTable {
  /// Keeps the sequences to which `label` gives a class; a sequence without events is never kept.
  func labelled(_ label: (_ name: String, _ events: Range<Int>) -> Int?) -> LabelledEvents {
    var kept = EventTable(copyingVocabulariesOf: self)
    var labels: [Int] = []
    for (index, name) in sequences.enumerated() {
      let range = events(of: index)
      guard !range.isEmpty, let value = label(name, range) else { continue }
      labels.append(value)
      kept.appendSequence(name, from: self, range)
    }
    return LabelledEvents(table: kept, labels: labels)
  }
}

/// The quarters of a sample: quantiles by linear interpolation between order statistics, intervals closed above, as
/// R's type 7 and pandas' `qcut` have them.
struct Quarters {
  let bounds: [Double]

  init(of values: [Double]) {
    let sorted = values.sorted()
    bounds = [0.25, 0.5, 0.75].map { share in
      guard let last = sorted.last else { return .nan }
      let place = share * Double(sorted.count - 1)
      let below = Int(place)
      let above = below + 1 < sorted.count ? sorted[below + 1] : last
      return sorted[below] + (place - Double(below)) * (above - sorted[below])
    }
  }

  /// 0...3
  func index(of value: Double) -> Int { bounds.count { value > $0 } }
}
