public import Records
import Store

/// The neighbors of an architecture in its space that have a value, the best first.
public struct NeighborAnswer: Hashable, Sendable, Codable {
  public let space: String
  public let id: ArchitectureID
  public let canonicalText: String
  /// The value of the architecture itself; absent where there is none.
  public let value: Double?
  public let context: AnswerContext
  /// How many neighbors it has in the space.
  public let neighbors: Int
  /// The atlas may have neighbors that have no such value; these are not among the places.
  public let places: [Ranking.Place]
}

extension Benchmark {
  /// The neighbors of an architecture, in the atlas or not, that have a value by `lookup`.
  ///
  /// Throws `noNeighbors` for a space without rules, and as ``Lookup/requireAnswers()`` where nothing has such a value.
  public func neighbors(ofText text: String, _ lookup: Lookup) throws -> NeighborAnswer {
    let space = lookup.setting.space
    let texts = try neighbors(ofText: text, space: space)
    let reader = try FieldReader([], benchmark: self, setting: lookup.setting)
    let choice = try RunFilter(seeds: lookup.seeds, filter: nil, reader: reader)
    var found: [(entry: ArchitectureEntry, value: Double, runs: Int)] = []
    for neighbor in texts {
      guard let entry = try atlas.architecture(ArchitectureID(space: space, canonicalText: neighbor)),
        let mean = try mean(lookup, entry.row, choice), mean.value.isFinite
      else { continue }
      found.append((entry, mean.value, mean.count))
    }
    if found.isEmpty { try lookup.requireAnswers() }
    let larger = lookup.card.largerIsBetter
    found.sort { $0.value == $1.value ? $0.entry.row < $1.entry.row : ($0.value > $1.value) == larger }
    let id = ArchitectureID(space: space, canonicalText: text)
    return NeighborAnswer(
      space: space, id: id, canonicalText: text, value: try lookup.value(of: id), context: lookup.context,
      neighbors: texts.count,
      places: found.enumerated().map { index, place in
        Ranking.Place(
          rank: index + 1, architecture: Answer.Architecture(place.entry), value: place.value, runs: place.runs,
          fields: [:])
      })
  }
}
