public import Oracles
public import Records
public import Store

/// Architectures ranked by a field.
public struct FieldRanking: Hashable, Sendable, Codable {
  public let space: String
  /// Nil where measurements are ranked and runs play no part.
  public let dataset: String?
  public let protocolName: String?
  public let objective: ParetoAnswer.Objective
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
  /// `runs` of a place is 0 where measurements are ranked.
  public let places: [Ranking.Place]
  public let kind: String
  public let atlasDigest: Digest256
}

extension Benchmark {
  /// Which way is better for a field: what the card says of a metric, smaller for everything else.
  public func direction(of field: FilterField, in setting: Setting) -> ObjectiveDirection {
    guard field.path.count == 2, field.selectors.isEmpty, let split = Split(rawValue: field.path[1]),
      setting.finals(Metric(field.path[0]), split) != nil
    else { return .minimise }
    return atlas.card(of: Metric(field.path[0])).largerIsBetter ? .maximise : .minimise
  }

  /// Reads `FIELD`, `FIELD:min` or `FIELD:max`; without an ending the field has its own direction.
  public func objective(_ text: String, in setting: Setting) throws -> Objective {
    let (field, direction) = try Objective.spelled(text)
    return Objective(field, direction ?? self.direction(of: field, in: setting))
  }

  /// The `count` first architectures by the mean of a field over their completed runs that pass `filter`. `direction`
  /// nil takes ``direction(of:in:)``. Throws as ``top(_:_:where:fields:)`` where no architecture has a value.
  public func top(
    _ count: Int, by field: FilterField, _ direction: ObjectiveDirection? = nil, in setting: Setting,
    where filter: FilterExpression? = nil, fields: [FilterField] = []
  ) throws -> FieldRanking {
    let reader = try FieldReader((filter?.fields ?? []) + fields + [field], benchmark: self, setting: setting)
    let direction = direction ?? self.direction(of: field, in: setting)
    let choice = try RunFilter(seeds: .mean, filter: filter, reader: reader)
    let table = RankingTable(self, choice)
    let column = try table.column(field)
    let passing = try table.passing()
    let tally = column.tally(where: passing)
    let best = column.best(count, largerIsBetter: direction == .maximise, where: passing)
    if best.candidates == 0 { try choice.checkEmpty(field.text, tally) }
    let places = try places(best.architectures, column, in: setting) { row in
      guard !fields.isEmpty else { return [:] }
      let runs = try choice.runs(ofArchitecture: row)
      var values: [String: Double] = [:]
      for field in fields { values[field.text] = try reader.mean(field, runs: runs)?.value }
      return values
    }
    var units: [String: String] = [:]
    for field in fields { units[field.text] = reader.unit(field) }
    return FieldRanking(
      space: setting.space, dataset: setting.dataset, protocolName: setting.protocolName,
      objective: .init(field: field.text, direction: direction, unit: reader.unit(field)), fieldUnits: units,
      filter: filter?.canonicalText, runFilter: choice.parts.runs?.canonicalText,
      architectureFilter: choice.parts.architectures?.canonicalText, candidates: best.candidates,
      omitted: tally.omissions, places: places, kind: "measured", atlasDigest: atlas.digest)
  }

  /// The space that was asked for, or the only one. Throws `unknown` or `ambiguous`.
  public func onlySpace(_ asked: String?) throws -> String {
    let names = atlas.spaces.map(\.name)
    if let asked, !names.contains(asked) { throw BenchmarkError.unknown(what: "space", found: asked, known: names) }
    guard let space = asked ?? (names.count == 1 ? names[0] : nil) else {
      throw BenchmarkError.ambiguous(what: "space", known: names)
    }
    return space
  }

  /// Throws `unknown` for a data set that nothing of the space was measured on.
  func checkMeasured(_ dataset: String?, space: String) throws {
    guard let dataset else { return }
    let known = Set(atlas.quantities.filter { $0.space == space }.compactMap(\.quantity.dataset))
    guard known.contains(dataset) else {
      throw BenchmarkError.unknown(what: "data set", found: dataset, known: known.sorted())
    }
  }

  /// All quantities that a field may mean, by its name and what stands in brackets.
  public func quantities(of field: FilterField) -> [MeasuredQuantity] {
    atlas.quantities.filter { measured in
      measured.quantity.name == field.path[0]
        && field.selectors.allSatisfy { FieldReader.selects($0, measured.quantity) }
    }
  }

  /// The fields that spell one quantity of a setting's space each, for a name that several share.
  public func spellings(of field: FilterField, in setting: Setting) -> [FilterField] {
    let measured = quantities(of: field).filter {
      $0.space == setting.space && shows($0) && [nil, setting.dataset].contains($0.quantity.dataset)
    }
    let spelled = measured.map(\.quantity)
    return spelled.compactMap { try? FilterField(parsing: FieldReader.spell($0, among: spelled)) }
  }

  /// The measured quantity that a field spells. Throws `unknown`, listing those of the space.
  public func measuredQuantity(_ field: FilterField, space: String, dataset: String?) throws -> MeasuredQuantity {
    guard let found = try FieldReader.measured(field, self, space: space, dataset: dataset, nil) else {
      let spelled = atlas.quantities.filter { $0.space == space }.map(\.quantity)
      throw BenchmarkError.unknown(
        what: "field", found: field.text,
        known: Set(spelled.map { own in FieldReader.spell(own, among: spelled.filter { $0.name == own.name }) })
          .sorted())
    }
    return found
  }

  /// The places of the best architectures of a column, numbered from 0 within the setting's rows. `fields` gives what
  /// else is shown of a row.
  func places(
    _ best: [Int], _ column: RankedColumn, in setting: Setting, fields: (Int) throws -> [String: Double]
  ) throws -> [Ranking.Place] {
    try best.enumerated().map { index, architecture in
      let row = setting.spaceRows.lowerBound + architecture
      return try place(
        index, row, column.values[architecture], runs: Int(column.counts[architecture]), fields: fields(row))
    }
  }

  func place(
    _ index: Int, _ row: Int, _ value: Double, runs: Int, fields: [String: Double]
  ) throws -> Ranking.Place {
    guard let architecture = try atlas.architecture(row: row) else {
      throw BenchmarkError.unknownID(id: "row \(row)", atlas: atlas.path)
    }
    return Ranking.Place(
      rank: index + 1, architecture: Answer.Architecture(architecture), value: value, runs: runs, fields: fields)
  }
}
