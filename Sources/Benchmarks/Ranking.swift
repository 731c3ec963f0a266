public import Records
public import Store

/// The best architectures of a setting.
public struct Ranking: Hashable, Sendable, Codable {
  public struct Place: Hashable, Sendable, Codable {
    /// Counted from 1.
    public let rank: Int
    public let architecture: Answer.Architecture
    /// Mean over the runs that count.
    public let value: Double
    /// How many runs the mean is of.
    public let runs: Int
    /// Further fields that were asked for, by name; absent where the architecture has none.
    public let fields: [String: Double]
  }

  public let context: AnswerContext
  /// The filter in its canonical spelling.
  public let filter: String?
  /// Architectures that passed and have a value.
  public let candidates: Int
  public let places: [Place]
}

/// The architectures that no other one beats in every objective.
public struct ParetoAnswer: Hashable, Sendable, Codable {
  public struct Objective: Hashable, Sendable, Codable {
    public let field: String
    public let direction: ObjectiveDirection
  }

  public struct Point: Hashable, Sendable, Codable {
    public let architecture: Answer.Architecture
    /// One an objective, in their order.
    public let values: [Double]
  }

  public let space: String
  public let dataset: String
  public let protocolName: String?
  public let objectives: [Objective]
  public let filter: String?
  /// Architectures that passed and have a value of every objective.
  public let candidates: Int
  /// Sorted by the first objective, the best first.
  public let front: [Point]
  public let kind: String
  public let atlasDigest: Digest256
}

/// Something to rank architectures by: a field, and which way is better.
public struct Objective: Hashable, Sendable {
  public let field: FilterField
  public let direction: ObjectiveDirection

  public init(_ field: FilterField, _ direction: ObjectiveDirection) {
    self.field = field
    self.direction = direction
  }
}

extension Benchmark {
  /// The `count` best architectures by the value that `lookup` gives, over the runs that pass `filter`; equal values in
  /// the order of the atlas. Each place has the mean of `fields` over the same runs too.
  ///
  /// Runs that did not complete are left out, unless the filter itself asks for a status. Linear in the number of runs.
  public func top(
    _ count: Int, _ lookup: Lookup, where filter: FilterExpression? = nil, fields: [FilterField] = []
  ) throws -> Ranking {
    let reader = try FieldReader((filter?.fields ?? []) + fields, benchmark: self, setting: lookup.setting)
    var found: [(row: Int, value: Double, runs: Int)] = []
    for row in lookup.setting.spaceRows {
      guard let mean = try mean(lookup, row, filter, reader), !mean.value.isNaN else { continue }
      found.append((row, mean.value, mean.count))
    }
    let larger = lookup.card.largerIsBetter
    let candidates = found.count
    found.sort { $0.value == $1.value ? $0.row < $1.row : ($0.value > $1.value) == larger }
    let places = try found.prefix(max(0, count)).enumerated().map { index, entry in
      guard let architecture = try atlas.architecture(row: entry.row) else {
        throw BenchmarkError.unknownID(id: "row \(entry.row)", atlas: atlas.path)
      }
      var values: [String: Double] = [:]
      for field in fields {
        values[field.text] = try mean(of: field, entry.row, lookup.setting, filter, reader)?.value
      }
      return Ranking.Place(
        rank: index + 1, architecture: Answer.Architecture(architecture), value: entry.value, runs: entry.runs,
        fields: values)
    }
    return Ranking(
      context: lookup.context, filter: filter?.canonicalText, candidates: candidates, places: places)
  }

  /// The Pareto front of any objectives over the architectures of a setting; objectives are means over completed runs
  /// that pass `filter`.
  public func paretoFront(
    _ objectives: [Objective], in setting: Setting, where filter: FilterExpression? = nil
  ) throws -> ParetoAnswer {
    let reader = try FieldReader((filter?.fields ?? []) + objectives.map(\.field), benchmark: self, setting: setting)
    var rows: [Int] = []
    var values: [Double] = []
    next: for row in setting.spaceRows {
      var point: [Double] = []
      for objective in objectives {
        guard let value = try mean(of: objective.field, row, setting, filter, reader) else { continue next }
        point.append(value.value)
      }
      rows.append(row)
      values += point
    }
    let width = objectives.count
    var front = Benchmarks.paretoFront(of: values, directions: objectives.map(\.direction))
    if let first = objectives.first {
      front.sort { left, right in
        let (a, b) = (values[left * width], values[right * width])
        return a == b ? left < right : (a < b) == (first.direction == .minimise)
      }
    }
    return ParetoAnswer(
      space: setting.space, dataset: setting.dataset, protocolName: setting.protocolName,
      objectives: objectives.map { .init(field: $0.field.text, direction: $0.direction) },
      filter: filter?.canonicalText, candidates: rows.count,
      front: try front.compactMap { index in
        try atlas.architecture(row: rows[index]).map {
          ParetoAnswer.Point(
            architecture: Answer.Architecture($0), values: Array(values[(index * width)..<((index + 1) * width)]))
        }
      }, kind: "measured", atlasDigest: atlas.digest)
  }

  /// Reads a filter over the fields of a setting. `values` are bound to its parameters.
  public func filter(
    _ text: String, for setting: Setting, binding values: [String: FilterValue] = [:]
  ) throws -> FilterExpression {
    let filter = try FilterExpression(parsing: text, vocabulary: FieldReader.vocabulary(self, setting))
    return filter.parameters.isEmpty && values.isEmpty ? filter : try filter.binding(values)
  }

  private func mean(
    _ lookup: Lookup, _ row: Int, _ filter: FilterExpression?, _ reader: FieldReader
  ) throws -> (value: Double, count: Int)? {
    guard let filter else {
      if case .last = lookup.epoch, case .mean = lookup.seeds { return try lookup.finals.mean(ofArchitecture: row) }
      return try lookup.mean(ofArchitecture: row) { _ in true }
    }
    return try lookup.mean(ofArchitecture: row) { run in try filter.evaluate { try reader.value($0, run: run) } }
  }

  /// The mean of a field over the completed runs of an architecture that pass, and of how many.
  func mean(
    of field: FilterField, _ row: Int, _ setting: Setting, _ filter: FilterExpression?, _ reader: FieldReader
  ) throws -> (value: Double, count: Int)? {
    var sum = 0.0
    var count = 0
    for run in try setting.runs(ofArchitecture: row) where try setting.status(ofRun: run) == .completed {
      if let filter, try !filter.evaluate({ try reader.value($0, run: run) }) { continue }
      guard let value = try reader.number(field, run: run) else { continue }
      sum += value
      count += 1
    }
    return count == 0 ? nil : (sum / Double(count), count)
  }
}
