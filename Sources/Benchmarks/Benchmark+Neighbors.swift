import Records
import Spaces
public import Store

// MARK: Neighbors

extension Benchmark {
  /// The neighbors of an architecture that the atlas has: those of its space, in the order of the space; where distances
  /// say which are neighbors, the nearest, two for each choice.
  ///
  /// Throws `noNeighbors` for a space without rules.
  public func neighbors(of entry: ArchitectureEntry) throws -> [ArchitectureEntry] {
    try neighbors(ofText: entry.canonicalText, space: entry.space).compactMap { text in
      try atlas.architecture(ArchitectureID(space: entry.space, canonicalText: text))
    }
  }

  /// The canonical texts of all neighbors of an architecture of a space, in the atlas or not, in the order of the space;
  /// where distances say which are neighbors, those of the atlas alone.
  ///
  /// Throws `noNeighbors` for a space without rules.
  public func neighbors(ofText text: String, space: String) throws -> [String] {
    if let points = try points(of: space) {
      return try points.nearest(to: text, count: points.neighborCount).map { points.texts[$0] }
    }
    guard let rules = try? spaces.space(space), let neighbors = try? rules.neighbors(of: text) else {
      throw BenchmarkError.noNeighbors(space: space)
    }
    return neighbors
  }

  /// Architectures of the atlas at the fewest elementary changes, at most `count`: the nearest first, those at one
  /// distance in the order of the space. Looks at no more than 20,000 architectures; empty for a space without rules. Where
  /// distances say which are neighbors, the nearest points.
  public func nearest(to canonicalText: String, space: String, count: Int) throws -> [ArchitectureEntry] {
    guard count > 0, let rules = try? spaces.space(space) else { return [] }
    if let points = try points(of: space) {
      return try points.nearest(to: canonicalText, count: count).compactMap { row in
        try atlas.architecture(ArchitectureID(space: space, canonicalText: points.texts[row]))
      }
    }
    var seen: Set<String> = [canonicalText]
    var ring = [canonicalText]
    var found: [ArchitectureEntry] = []
    while found.count < count, !ring.isEmpty, seen.count < 20_000 {
      var next: [String] = []
      for text in ring {
        guard let neighbors = try? rules.neighbors(of: text) else { return found }
        for neighbor in neighbors where seen.insert(neighbor).inserted {
          next.append(neighbor)
          if found.count < count,
            let entry = try atlas.architecture(ArchitectureID(space: space, canonicalText: neighbor))
          {
            found.append(entry)
          }
        }
        if found.count >= count || seen.count >= 20_000 { break }
      }
      ring = next
    }
    return found
  }

  /// The points of a space in which distances say which architectures are neighbors; nil for other spaces.
  private func points(of space: String) throws -> Points? {
    guard let rules = try? spaces.space(space), let encoding = rules.distanceEncoding else { return nil }
    return try pointTables.points(of: space) {
      let rows = atlas.spaces.filter { $0.name == space }.map(\.rows)
      let texts = try rows.flatMap { try atlas.architectures(rows: $0).map(\.canonicalText) }
      return try Points(texts: texts, rules: rules, encoding: encoding)
    }
  }
}
