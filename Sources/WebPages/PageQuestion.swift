import Benchmarks
import Oracles
import Records
import Reports
import Store

/// What an atlas's page is about: a setting and a measure, and which rows in which order.
struct PageQuestion {
  let atlas: PageAtlas
  let setting: Setting
  let measure: Setting.Measure
  let lookup: Lookup
  /// As the user wrote it; empty for all.
  let condition: String
  let filter: FilterExpression?
  /// The field that rows are sorted by; nil for the measure.
  let sort: FilterField?
  let isReversed: Bool
  /// The field on the other axis of the trade-off.
  let against: FilterField?
  /// The columns beside the measure that the request chooses; empty for the usual ones.
  let chosen: [FilterField]
  /// Costs and other traits that the setting has: numbers of runs and measurements, not scores.
  let costs: [FilterField]
  let page: Int

  /// Rows have the measure and at most this many other columns unless the request chooses.
  private static let usualColumns = 4
  /// Columns at most.
  private static let mostColumns = 40

  /// Throws ``PageError``, `BenchmarkError`, `DisclosureError` and `FilterError`.
  ///
  /// Where the request names no setting, it is the one with the most runs, of `architecture` if any has.
  init(_ atlas: PageAtlas, _ request: PageRequest, about architecture: ArchitectureEntry? = nil) throws {
    self.atlas = atlas
    let settings = atlas.benchmark.atlas.settings.filter { !atlas.measures($0).isEmpty }
    let known = try architecture.map { entry in
      try settings.filter { try !$0.runs(ofArchitecture: entry.row).isEmpty }
    }
    let offered = known.flatMap { $0.isEmpty ? nil : $0 } ?? settings
    guard let first = offered.first(where: { one in offered.allSatisfy { $0.runCount <= one.runCount } }) else {
      throw PageError.noRuns(atlas: atlas.name)
    }
    let name = request.value("setting")
    guard let setting = name.map({ name in settings.first { atlas.settingName($0) == name } }) ?? first else {
      throw PageError.unknownSetting(found: name ?? "", known: settings.map(atlas.settingName))
    }
    self.setting = setting
    measure = try Self.measure(request.value("measure"), atlas, setting)
    let epoch = try request.value("epoch").map { text in
      guard let epoch = EpochChoice(text) else { throw PageError.badNumber(name: "epoch", found: text) }
      return epoch
    }
    lookup = try atlas.benchmark.lookup(metric: measure.metric, measure.split, epoch, in: setting)
    if epoch != nil { try lookup.requireAnswers() }
    condition = request.value("where") ?? ""
    filter = condition.isEmpty ? nil : try atlas.benchmark.filter(condition, for: setting)
    sort = try request.value("sort").map { try FilterField(parsing: $0) }
    isReversed = request.value("order") == "reversed"
    costs = Self.costs(atlas, setting)
    against = try request.value("against").map { try FilterField(parsing: $0) } ?? Self.usualCost(costs)
    chosen = try request.values("show").prefix(Self.mostColumns).map { try FilterField(parsing: $0) }
    let number = request.value("page") ?? "1"
    guard let page = Int(number), (1...1_000_000).contains(page) else {
      throw PageError.badNumber(name: "page", found: number)
    }
    self.page = page
    try atlas.benchmark.check((filter?.fields ?? []) + chosen + [sort, against].compactMap(\.self), in: setting)
  }

  private static func measure(_ text: String?, _ atlas: PageAtlas, _ setting: Setting) throws -> Setting.Measure {
    let known = atlas.measures(setting)
    if let text {
      guard let found = known.first(where: { Self.name($0) == text }) else {
        throw PageError.unknownMeasure(found: text, known: known.map(Self.name))
      }
      return found
    }
    let primary = known.filter { $0.metric == setting.primaryMetric }
    return primary.first { $0.split == .validation } ?? primary.first
      ?? known.first { $0.split == .validation } ?? known[0]
  }

  static func name(_ measure: Setting.Measure) -> String {
    FilterField(path: [measure.metric.name, measure.split.rawValue]).text
  }

  /// The costs that people ask for first.
  private static let firstCosts = ["parameters", "flops", "train_seconds"].map { FilterField($0) }

  /// The first of ``firstCosts`` that the atlas has, or any.
  private static func usualCost(_ known: [FilterField]) -> FilterField? {
    firstCosts.first(where: known.contains) ?? known.first
  }

  private static func costs(_ atlas: PageAtlas, _ setting: Setting) -> [FilterField] {
    let names = FieldReader.vocabulary(atlas.benchmark, setting, recordedOnly: true).names
    let left: Set = ["space", "dataset", "protocol", "seed", "status", "origin", "source", "epochs", "score_epoch"]
    let plain = names.filter { !left.contains($0) && !$0.hasPrefix("score_") && !$0.hasSuffix("[*]") }
      .compactMap { try? FilterField(parsing: $0) }.filter { $0.path.count == 1 }
    return plain.flatMap { field in
      if holdsNumbers(field, atlas, setting) { return [field] }
      // Several measurements have this name: each is a field with what tells it apart in brackets.
      return atlas.benchmark.spellings(of: field, in: setting).filter { holdsNumbers($0, atlas, setting) }
    }
  }

  /// Whether the first runs have the field, as a number.
  private static func holdsNumbers(_ field: FilterField, _ atlas: PageAtlas, _ setting: Setting) -> Bool {
    guard let reader = try? FieldReader([field], benchmark: atlas.benchmark, setting: setting) else { return false }
    return (0..<min(setting.runCount, 50)).contains { (try? reader.number(field, run: $0)) != nil }
  }

  /// All fields that a table can show beside the measure: other measures, the same metric first, then costs.
  var offered: [FilterField] {
    let others = atlas.measures(setting).filter { $0 != measure }
    let siblings = others.filter { $0.metric == measure.metric } + others.filter { $0.metric != measure.metric }
    return siblings.map { FilterField(path: [$0.metric.name, $0.split.rawValue]) } + costs
  }

  /// The columns beside the measure: those chosen, else other splits of the metric and the costs that people ask for
  /// first. Throws ``PageError/unknownColumn(found:known:)``.
  func columns() throws -> [FilterField] {
    let offered = offered
    guard chosen.isEmpty else {
      for field in chosen where !offered.contains(field) && field != own {
        throw PageError.unknownColumn(found: field.text, known: offered.map(\.text))
      }
      return offered.filter(chosen.contains)
    }
    let first = Self.firstCosts
    let siblings = offered.filter { $0.path.count == 2 && $0.path[0] == measure.metric.name }
    let costs = offered.filter { $0.path.count == 1 && !first.contains($0) }
    let wanted = siblings + first.filter(offered.contains) + costs
    let usual = wanted.prefix(Self.usualColumns)
    return offered.filter(usual.contains)
  }

  /// A field as a heading, with its unit.
  func heading(_ field: FilterField) -> String {
    let reader = try? FieldReader([field], benchmark: atlas.benchmark, setting: setting)
    return field.heading(unit: reader?.unit(field))
  }

  /// The measure in words, without its unit: "accuracy, validation".
  var measureWords: String { "\(ReadableName.words(measure.metric.name).text), \(measure.split.rawValue)" }
  /// The symbol of the measure's unit behind a number, or nothing.
  var unitMark: String {
    lookup.card.unit == "fraction" ? "" : ReadableName.symbol(lookup.card.unit).map { " \($0)" } ?? ""
  }

  /// What an address needs to ask about the same measure.
  var measureQuery: [(String, String)] {
    [
      ("setting", atlas.settingName(setting)), ("measure", Self.name(measure)),
      ("epoch", lookup.epoch == atlas.benchmark.usualEpoch(in: setting) ? "" : "\(lookup.epoch)"),
    ]
  }

  /// What an address needs to ask the same again, but for the order and the page.
  var query: [(String, String)] {
    measureQuery + [("where", condition), ("against", against?.text ?? "")] + chosen.map { ("show", $0.text) }
  }

  /// The measure as a field.
  var own: FilterField { FilterField(path: [measure.metric.name, measure.split.rawValue]) }

  /// Whether rows stand in another order than that of the ranking.
  var isSorted: Bool { sort != nil || isReversed }

  /// The field that rows are sorted by, and which values come first.
  var ordering: (field: FilterField, direction: ObjectiveDirection) {
    let field = sort ?? own
    let usual = atlas.benchmark.direction(of: field, in: setting)
    return (field, isReversed ? (usual == .minimise ? .maximise : .minimise) : usual)
  }

  /// The best of all rows that pass, or those that `sort` puts first.
  func places(_ count: Int, fields: [FilterField]) throws -> (
    places: [Ranking.Place], candidates: Int, units: [String: String]
  ) {
    let benchmark = atlas.benchmark
    guard isSorted else {
      let ranking = try benchmark.top(count, lookup, where: filter, fields: fields)
      return (ranking.places, ranking.candidates, ranking.fieldUnits)
    }
    let (field, direction) = ordering
    let ranking = try benchmark.top(count, by: field, direction, in: setting, where: filter, fields: fields + [own])
    return (ranking.places, ranking.candidates, [:])
  }
}

extension FilterField {
  /// The field as a heading: its name in words, what tells it from others of that name, and the symbol of its unit.
  func heading(unit: String?) -> String {
    let path = path.first == "attribute" ? Array(path.dropFirst()) : path
    let details = path.dropFirst() + selectors.map { ($0.key.map { "\($0) " } ?? "") + $0.value }
    return ReadableName.text(path.first ?? "", details: Array(details), unit: unit)
  }
}
