import Records

extension Answer {
  /// For people: the values first, then what they are, then the curve.
  var text: String {
    var listing = Listing()
    for value in values { listing.add(value.split.rawValue, describe(value)) }
    listing.add("metric", unit.map { "\(metric), \($0)" } ?? metric.name)
    if let first = values.first {
      listing.add("epoch", epochs(first.points))
      listing.add("seeds", first.points.map { "\($0.seed)" }.joined(separator: ", "))
      listing.add("status", Set(first.points.map(\.status.rawValue)).sorted().joined(separator: ", "))
    }
    listing.add("data set", "\(dataset) (\(datasetDigest.short))")
    listing.add("protocol", "\(protocolName) (\(protocolDigest.short))")
    listing.add("id", architecture.id.hex)
    listing.add("source", "\(source), atlas \(atlasDigest.short)")
    var text = listing.text + "\n\(architecture.space) architecture\n  \(architecture.canonicalText)"
    if let table = curveTable { text += "\n\n" + table }
    return text
  }

  private func describe(_ value: SplitValue) -> String {
    guard value.points.count > 1 else { return NumberText.value(value.value) }
    let all = value.points.map(\.value)
    return NumberText.value(value.value) + ", the mean of \(all.count) seeds, from "
      + NumberText.value(all.min() ?? value.value) + " to " + NumberText.value(all.max() ?? value.value)
  }

  private func epochs(_ points: [Point]) -> String {
    let numbers = points.map { "\($0.epoch)" }.joined(separator: ", ")
    switch epochRule {
    case "best": return numbers + " (best validation \(epochChosenBy?.name ?? "score"))"
    case "last": return numbers + " (last)"
    default: return Set(points.map(\.epoch)).count == 1 ? "\(points[0].epoch)" : numbers
    }
  }

  /// One line an epoch, one column a split; the epoch of the answer is marked.
  private var curveTable: String? {
    guard let curves, let longest = curves.map(\.values.count).max() else { return nil }
    let isRagged = curves.contains { Set($0.runs).count > 1 }
    var header: [(title: String, alignment: TextTable.Alignment)] = [("epoch", .right)]
    header += curves.map { ($0.split.rawValue, .right) }
    if isRagged { header.append(("runs", .right)) }
    header.append(("", .left))
    var table = TextTable(header)
    let chosen = Set(values.first?.points.map(\.epoch) ?? [])
    for epoch in 0..<longest {
      var cells = ["\(epoch + 1)"]
      cells += curves.map { epoch < $0.values.count ? NumberText.value($0.values[epoch]) : "-" }
      if isRagged { cells.append("\(curves.map { epoch < $0.runs.count ? $0.runs[epoch] : 0 }.max() ?? 0)") }
      table.add(cells + [chosen.contains(epoch + 1) ? "<" : ""])
    }
    return table.text
  }
}
