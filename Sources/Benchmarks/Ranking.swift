public import Oracles
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
  /// The cards that tell where the runs of the setting come from.
  public let sources: [String]
  /// Units of the further fields, where they have one.
  public let fieldUnits: [String: String]
  /// The filter in its canonical spelling.
  public let filter: String?
  /// The parts of the filter that choose runs.
  public let runFilter: String?
  /// The parts of the filter that take or leave architectures by means over these runs.
  public let architectureFilter: String?
  /// Architectures that passed and have a finite value.
  public let candidates: Int
  /// Architectures that are left out though the filter does not leave them out.
  public let omitted: [Omission]
  public let places: [Place]
}

/// The architectures that no other one beats in every objective.
public struct ParetoAnswer: Hashable, Sendable, Codable {
  public struct Objective: Hashable, Sendable, Codable {
    public let field: String
    public let direction: ObjectiveDirection
    /// Absent where nothing tells it.
    public let unit: String?
  }

  public struct Point: Hashable, Sendable, Codable {
    public let architecture: Answer.Architecture
    /// One an objective, in their order.
    public let values: [Double]
  }

  public let space: String
  /// Nil, as all of the setting, where measurements are compared and runs play no part.
  public let dataset: String?
  public let datasetDigest: Digest256?
  public let protocolName: String?
  public let protocolDigest: Digest256?
  /// The cards that name where the runs of the setting come from.
  public let sources: [String]
  /// The rule that chose the runs: always `mean`.
  public let seeds: String?
  public let objectives: [Objective]
  public let filter: String?
  /// The parts of the filter that choose runs.
  public let runFilter: String?
  /// The parts of the filter that take or leave architectures by means over these runs.
  public let architectureFilter: String?
  /// Architectures that passed and have a finite value of every objective.
  public let candidates: Int
  /// Architectures that are left out though the filter does not leave them out.
  public let omitted: [Omission]
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

  /// Reads an objective over what was measured, or what architectures are: smaller is better unless `:max` follows.
  public init(ofMeasurement text: String) throws {
    let (field, direction) = try Self.spelled(text)
    self.init(field, direction ?? .minimise)
  }

  /// Reads `FIELD`, `FIELD:min` or `FIELD:max`; the direction is nil without an ending.
  public static func spelled(_ text: String) throws -> (field: FilterField, direction: ObjectiveDirection?) {
    for (ending, direction) in [(":min", ObjectiveDirection.minimise), (":max", .maximise)] where text.hasSuffix(ending)
    {
      return (try FilterField(parsing: String(text.dropLast(ending.count))), direction)
    }
    return (try FilterField(parsing: text), nil)
  }
}

extension Benchmark {
  /// The `count` best architectures by the value that `lookup` gives, over the runs that pass `filter`; equal values in
  /// the order of the atlas. Each place has the mean of `fields` over the same runs too.
  ///
  /// Runs that did not complete are left out, unless the filter itself asks for a status. Linear in the number of runs.
  /// Throws `CancellationError` where the task is cancelled, and a ``BenchmarkError`` that lists what exists where no
  /// architecture has a value for another reason than the filter's part about architectures.
  public func top(
    _ count: Int, _ lookup: Lookup, where filter: FilterExpression? = nil, fields: [FilterField] = []
  ) throws -> Ranking {
    let setting = lookup.setting
    let reader = try FieldReader((filter?.fields ?? []) + fields, benchmark: self, setting: setting)
    let choice = try RunFilter(seeds: lookup.seeds, filter: filter, reader: reader)
    let table = RankingTable(self, choice)
    let column = try table.column(lookup)
    let passing = try table.passing()
    let tally = column.tally(where: passing)
    let best = column.best(count, largerIsBetter: lookup.card.largerIsBetter, where: passing)
    if best.candidates == 0 { try choice.checkEmpty(lookup.measureName, tally, lookup: lookup) }
    let places = try places(best.architectures, column, in: setting) { row in
      guard !fields.isEmpty else { return [:] }
      let runs = try choice.runs(ofArchitecture: row).filter { try lookup.value(ofRun: $0) != nil }
      var values: [String: Double] = [:]
      for field in fields { values[field.text] = try reader.mean(field, runs: runs)?.value }
      return values
    }
    var units: [String: String] = [:]
    for field in fields { units[field.text] = reader.unit(field) }
    return Ranking(
      context: lookup.context, sources: try setting.sourceNames(), fieldUnits: units, filter: filter?.canonicalText,
      runFilter: choice.parts.runs?.canonicalText, architectureFilter: choice.parts.architectures?.canonicalText,
      candidates: best.candidates, omitted: tally.omissions, places: places)
  }

  /// The Pareto front of any objectives over the architectures of a setting; objectives are means over completed runs
  /// that pass `filter`. Throws `noObjectives` for none, and as ``top(_:_:where:fields:)`` for an empty front.
  public func paretoFront(
    _ objectives: [Objective], in setting: Setting, where filter: FilterExpression? = nil
  ) throws -> ParetoAnswer {
    guard !objectives.isEmpty else { throw BenchmarkError.noObjectives }
    let reader = try FieldReader((filter?.fields ?? []) + objectives.map(\.field), benchmark: self, setting: setting)
    let choice = try RunFilter(seeds: .mean, filter: filter, reader: reader)
    let table = RankingTable(self, choice)
    let columns = try objectives.map { try table.column($0.field) }
    let (rows, values, tally) = RankedColumn.points(columns, of: setting.spaceRows, where: try table.passing())
    if rows.isEmpty { try choice.checkEmpty(objectives.map(\.field.text).joined(separator: " and "), tally) }
    return ParetoAnswer(
      space: setting.space, dataset: setting.dataset, datasetDigest: setting.datasetDigest,
      protocolName: setting.protocolName, protocolDigest: setting.protocolDigest, sources: try setting.sourceNames(),
      seeds: "\(SeedChoice.mean)",
      objectives: objectives.map {
        .init(field: $0.field.text, direction: $0.direction, unit: reader.unit($0.field))
      },
      filter: filter?.canonicalText, runFilter: choice.parts.runs?.canonicalText,
      architectureFilter: choice.parts.architectures?.canonicalText, candidates: rows.count, omitted: tally.omissions,
      front: try front(of: objectives, rows, values), kind: "measured", atlasDigest: atlas.digest)
  }

  /// The points of the front, the best of the first objective first. `values` has one number an objective for each row.
  func front(of objectives: [Objective], _ rows: [Int], _ values: [Double]) throws -> [ParetoAnswer.Point] {
    let width = objectives.count
    let front = Oracles.paretoFront(of: values, directions: objectives.map(\.direction)).sorted { left, right in
      let (a, b) = (values[left * width], values[right * width])
      return a == b ? left < right : (a < b) == (objectives[0].direction == .minimise)
    }
    return try front.compactMap { index in
      try atlas.architecture(row: rows[index]).map {
        ParetoAnswer.Point(
          architecture: Answer.Architecture($0), values: Array(values[(index * width)..<((index + 1) * width)]))
      }
    }
  }

  /// Reads a filter over the fields of a setting, each part of it about runs or about architectures. `values` are bound
  /// to its parameters.
  public func filter(
    _ text: String, for setting: Setting, binding values: [String: FilterValue] = [:]
  ) throws -> FilterExpression {
    let filter = try FilterExpression(parsing: text, vocabulary: FieldReader.vocabulary(self, setting))
    _ = try FilterParts(filter)
    return filter.parameters.isEmpty && values.isEmpty ? filter : try filter.binding(values)
  }

  /// What an architecture is ranked by.
  enum Outcome {
    /// A mean, and over how many runs.
    case mean(Double, Int)
    case filtered
    case lacking(Omission.Reason)
  }

  /// The mean of the value of a question over the runs that count, before the filter's part about architectures.
  func outcome(_ lookup: Lookup, _ row: Int, _ choice: RunFilter) throws -> Outcome {
    if choice.countsAllCompletedRuns, case .last = lookup.epoch, let mean = try lookup.finals.mean(ofArchitecture: row)
    {
      return .mean(mean.value, mean.count)
    }
    switch try choice.counted(ofArchitecture: row) {
    case .filtered: return .filtered
    case .lacking(let reason): return .lacking(reason)
    case .runs(let runs):
      if let mean = try lookup.mean(of: runs) { return .mean(mean.value, mean.count) }
      return .lacking(try runs.contains { try lookup.finals.value(ofRun: $0) != nil } ? .noEpoch : .noValue)
    }
  }

  /// The value by which an architecture is ranked, and how many runs it is a mean of; nil for one without a value.
  func mean(_ lookup: Lookup, _ row: Int, _ choice: RunFilter) throws -> (value: Double, count: Int)? {
    if choice.parts.architectures != nil {
      guard case .runs = try choice.choice(ofArchitecture: row) else { return nil }
    }
    guard case .mean(let value, let count) = try outcome(lookup, row, choice) else { return nil }
    return (value, count)
  }
}

extension Lookup {
  /// The metric and the split in words.
  var measureName: String { "\(metric.name) on \(split.rawValue)" }
}
