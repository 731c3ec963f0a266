package import Records

/// Splits rows class by class: 0.2 of each class (rounded) for test, 0.2 for validation, the rest for training.
package enum StratifiedSplit {
  package static func assign(labels: [Int], classCount: Int, generator: SeededGenerator) -> [Split] {
    var assigned = [Split](repeating: .train, count: labels.count)
    for label in 0..<classCount {
      var rows = labels.indices.filter { labels[$0] == label }
      var stream = generator.stream("split class \(label)")
      stream.shuffle(&rows)
      let held = (rows.count + 2) / 5
      for row in rows.prefix(held) { assigned[row] = .test }
      for row in rows.dropFirst(held).prefix(held) { assigned[row] = .validation }
    }
    return assigned
  }
}
