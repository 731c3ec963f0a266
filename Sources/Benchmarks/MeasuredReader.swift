public import Oracles
import Records
import Spaces
public import Store

/// Reads fields of architectures where runs play no part, as in an atlas of measurements alone: quantities such as
/// `latency[raspi4]`, and what an architecture is, such as `depth`.
public struct MeasuredReader: Sendable {
  private enum Reader: Sendable {
    case measured(MeasuredQuantity)
    case trait(ArchitectureTrait)
  }

  public let space: String
  private let rules: any TextualSpace
  private let benchmark: Benchmark
  private let readers: [FilterField: Reader]

  /// Throws `unknown` or `ambiguous` for a field that the space does not have, listing what there is, and
  /// ``DisclosureError`` for one that is withheld.
  public init(_ fields: [FilterField], _ benchmark: Benchmark, space: String, dataset: String?) throws {
    self.benchmark = benchmark
    self.space = space
    rules = try benchmark.spaces.space(space)
    var readers: [FilterField: Reader] = [:]
    for field in fields {
      // What was measured under a name comes before what the architecture is.
      let isMeasured = benchmark.atlas.quantities.contains { $0.space == space && $0.quantity.name == field.path[0] }
      if !isMeasured, let trait = rules.traits.first(where: { $0.field == field || $0.wholeField == field }) {
        readers[field] = .trait(trait)
      } else {
        readers[field] = .measured(try benchmark.measuredQuantity(field, space: space, dataset: dataset))
      }
    }
    self.readers = readers
  }

  /// The value of a field for the architecture with this row; nil where it is absent. `field` is one that the reader was
  /// made with.
  public func value(_ field: FilterField, row: Int) throws -> FilterValue? {
    guard let reader = readers[field] else { preconditionFailure("\(field) was not announced") }
    switch reader {
    case .measured(let quantity): return try quantity.value(ofArchitecture: row).map { .number($0) }
    case .trait(let trait):
      guard let entry = try benchmark.atlas.architecture(row: row) else { return nil }
      return switch try rules.value(of: trait, in: entry.canonicalText) {
      case .number(let number): .number(number)
      case .text(let text): .text(text)
      case nil: nil
      }
    }
  }

  /// The texts that a field may have; nil where any is possible.
  func listedTexts(_ field: FilterField) -> [String]? {
    guard case .trait(let trait)? = readers[field] else { return nil }
    return trait.listedTexts(in: rules)
  }

  /// The number that a field has for an architecture; nil where it is absent. Throws `notANumber` for a text.
  public func number(_ field: FilterField, row: Int) throws -> Double? {
    switch try value(field, row: row) {
    case .number(let number): number
    case .text(let text): throw BenchmarkError.notANumber(field: field.text, found: text)
    case nil: nil
    }
  }

  /// The unit of a field's numbers, `1` for numbers without unit; nil for texts.
  public func unit(_ field: FilterField) -> String? {
    guard let reader = readers[field] else { preconditionFailure("\(field) was not announced") }
    return switch reader {
    case .measured(let measured): measured.quantity.unit
    case .trait(let trait): if case .parameter = trait { nil } else { "1" }
    }
  }
}

extension Benchmark {
  /// Reads a filter over measurements of a space, and over what its architectures are.
  public func filter(_ text: String, measuredIn space: String) throws -> FilterExpression {
    let traits = (try? spaces.space(space))?.traits ?? []
    let names = atlas.quantities.filter { $0.space == space && shows($0) }.map(\.quantity.name)
    return try FilterExpression(
      parsing: text,
      vocabulary: FilterVocabulary(
        Set(names).sorted().flatMap { [$0, "\($0)[*]"] } + traits.flatMap { [$0.field.text, $0.wholeField.text] }))
  }

  /// The rows of a space whose architectures pass `filter`, ascending. Throws as ``MeasuredReader``.
  func rows(where filter: FilterExpression?, space: String, dataset: String?) throws -> [Int] {
    let rows = atlas.spaces.first { $0.name == space }?.rows ?? 0..<0
    guard let filter else { return Array(rows) }
    let reader = try MeasuredReader(filter.fields, self, space: space, dataset: dataset)
    try filter.checkTexts(reader.listedTexts)
    return try rows.filter { row in
      try Task.checkCancellation()
      return try filter.evaluate { try reader.value($0, row: row) }
    }
  }

  /// The `count` first architectures by a measurement or by what they are, runs left aside: for atlases that have none.
  ///
  /// `direction` nil is ascending. Throws `noValues` where no architecture that passes `filter` has a finite value.
  public func top(
    _ count: Int, by field: FilterField, _ direction: ObjectiveDirection? = nil, space: String? = nil,
    dataset: String? = nil, where condition: String? = nil, fields: [FilterField] = []
  ) throws -> FieldRanking {
    let space = try onlySpace(space)
    try checkMeasured(dataset, space: space)
    let filter = try condition.map { try self.filter($0, measuredIn: space) }
    let reader = try MeasuredReader(fields + [field], self, space: space, dataset: dataset)
    let (rows, values, tally) = try measuredPoints(
      [field], reader, try rows(where: filter, space: space, dataset: dataset))
    try checkMeasured(rows, tally, of: field.text, filter, space: space)
    let direction = direction ?? .minimise
    let order = rows.indices.sorted { left, right in
      let (a, b) = (values[left], values[right])
      return a == b ? left < right : (a < b) == (direction == .minimise)
    }
    let places = try order.prefix(max(0, count)).enumerated().map { rank, index in
      var further: [String: Double] = [:]
      for field in fields { further[field.text] = try reader.number(field, row: rows[index]) }
      return try place(rank, rows[index], values[index], runs: 0, fields: further)
    }
    return FieldRanking(
      space: space, dataset: nil, protocolName: nil,
      objective: .init(field: field.text, direction: direction, unit: reader.unit(field)),
      fieldUnits: Dictionary(
        fields.compactMap { field in reader.unit(field).map { (field.text, $0) } },
        uniquingKeysWith: { first, _ in first }),
      filter: filter?.canonicalText, runFilter: nil, architectureFilter: filter?.canonicalText,
      candidates: rows.count, omitted: tally.omissions, places: places, kind: "measured", atlasDigest: atlas.digest)
  }

  /// The Pareto front by measurements and by what architectures are, runs left aside: for atlases that have none.
  ///
  /// Throws `noObjectives`, and `noValues` where no architecture that passes `filter` has a finite value of each.
  public func paretoFront(
    _ objectives: [Objective], space: String? = nil, dataset: String? = nil, where condition: String? = nil
  ) throws -> ParetoAnswer {
    guard !objectives.isEmpty else { throw BenchmarkError.noObjectives }
    let space = try onlySpace(space)
    try checkMeasured(dataset, space: space)
    let filter = try condition.map { try self.filter($0, measuredIn: space) }
    let reader = try MeasuredReader(objectives.map(\.field), self, space: space, dataset: dataset)
    let (rows, values, tally) = try measuredPoints(
      objectives.map(\.field), reader, try self.rows(where: filter, space: space, dataset: dataset))
    try checkMeasured(rows, tally, of: objectives.map(\.field.text).joined(separator: " and "), filter, space: space)
    return ParetoAnswer(
      space: space, dataset: nil, datasetDigest: nil, protocolName: nil, protocolDigest: nil, sources: [], seeds: nil,
      objectives: objectives.map {
        .init(field: $0.field.text, direction: $0.direction, unit: reader.unit($0.field))
      },
      filter: filter?.canonicalText, runFilter: nil, architectureFilter: filter?.canonicalText,
      candidates: rows.count, omitted: tally.omissions, front: try front(of: objectives, rows, values),
      kind: "measured", atlasDigest: atlas.digest)
  }

  /// Of the rows those with a finite number of each field, their numbers row by row, and why the others are left out.
  private func measuredPoints(
    _ fields: [FilterField], _ reader: MeasuredReader, _ rows: [Int]
  ) throws -> (rows: [Int], values: [Double], tally: OmissionTally) {
    var (found, values, tally) = ([Int](), [Double](), OmissionTally())
    for row in rows {
      try Task.checkCancellation()
      let own = try fields.map { try reader.number($0, row: row) }
      if own.contains(where: { $0 == nil }) {
        tally.add(.noValue)
      } else if own.contains(where: { $0?.isFinite == false }) {
        tally.add(.notFinite)
      } else {
        found.append(row)
        values += own.compactMap(\.self)
      }
    }
    return (found, values, tally)
  }

  /// Throws where nothing is left. A filter that nothing passes is an answer.
  private func checkMeasured(
    _ rows: [Int], _ tally: OmissionTally, of field: String, _ filter: FilterExpression?, space: String
  ) throws {
    guard rows.isEmpty, filter == nil || !tally.omissions.isEmpty else { return }
    throw BenchmarkError.noValues(
      of: field, setting: space, omitted: tally.omissions.map { "\($0.architectures) \($0.reason.words)" })
  }
}

extension Benchmark {
  /// Every quantity of a space that may be shown, and the field that names it alone, in the order of the atlas.
  public func measuredFields(of space: String) -> [(field: FilterField, measured: MeasuredQuantity)] {
    let own = atlas.quantities.filter { $0.space == space && shows($0) }
    return own.compactMap { measured in
      let among = own.map(\.quantity).filter { $0.name == measured.quantity.name }
      let text = FieldReader.spell(measured.quantity, among: among)
      return (try? FilterField(parsing: text)).map { ($0, measured) }
    }
  }
}
