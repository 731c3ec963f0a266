import Records
import Spaces
public import Store

/// Reads the fields that filters and objectives name, of the runs of one setting.
///
/// `accuracy_percent.validation` is the last value of a metric on a split; `seed`, `status`, `origin`, `source`,
/// `attribute.NAME`, counts such as `parameters` and costs such as `train_seconds` or `latency_milliseconds[batch=1]`
/// belong to a run; `latency[raspi4]` or `latency[raspi4,batch=1]` is
/// a measurement of the architecture; `depth`, `count[skip_connect]` and the parameters of a grid are what the
/// architecture is, also behind `architecture.`; `space`, `dataset`, `protocol` belong to the setting. Of an architecture the
/// numbers of runs are means (`docs/filters.md`).
public struct FieldReader: Sendable {
  public let setting: Setting
  private let benchmark: Benchmark
  private let readers: [FilterField: Reader]

  private enum Reader: Sendable {
    case text(String)
    case seed, status, origin, source, trainSeconds, epochs
    case score(String)
    case count(String)
    case cost(String)
    case attribute(String)
    case final(FinalValues)
    case measured(MeasuredQuantity)
    case trait(ArchitectureTrait, any TextualSpace)
  }

  /// Throws `unknown` or `ambiguous` for a field that the setting does not have, listing what there is, and
  /// ``DisclosureError`` for one that is withheld.
  public init(_ fields: [FilterField], benchmark: Benchmark, setting: Setting) throws {
    self.benchmark = benchmark
    self.setting = setting
    var readers: [FilterField: Reader] = [:]
    for field in fields {
      let reader = try Self.reader(field, benchmark, setting)
      guard Self.isShown(reader, field, benchmark, setting) else {
        throw DisclosureError.withheld(what: field.text)
      }
      readers[field] = reader
    }
    self.readers = readers
  }

  /// Asked of what a field means, not of how it is spelled. ``measured(_:_:space:dataset:_:)`` asks for measurements.
  private static func isShown(
    _ reader: Reader, _ field: FilterField, _ benchmark: Benchmark, _ setting: Setting
  ) -> Bool {
    switch reader {
    case .final: Split(rawValue: field.path[1]).map { benchmark.disclosure.shows(Metric(field.path[0]), $0) } ?? false
    case .score("score_test"): benchmark.disclosure.shows(.test)
    case .score: benchmark.showsScores(of: setting)
    case .attribute: benchmark.disclosure.showsAttributes
    case .text, .seed, .status, .origin, .source, .trainSeconds, .epochs, .count, .cost, .measured, .trait: true
    }
  }

  /// The value of a field for a run; nil where it is absent. `field` is one that the reader was made with.
  public func value(_ field: FilterField, run: Int) throws -> FilterValue? {
    guard let reader = readers[field] else { preconditionFailure("\(field) was not announced") }
    switch reader {
    case .text(let text): return .text(text)
    case .seed:
      let seed = try setting.seed(ofRun: run)
      if case .recorded(let number) = seed, let value = Double(exactly: number) { return .number(value) }
      return .text("\(seed)")
    case .status: return .text(try setting.status(ofRun: run).rawValue)
    case .origin: return try setting.origin(ofRun: run).map { .text($0.rawValue) }
    case .source: return try setting.source(ofRun: run).map { .text($0) }
    case .trainSeconds:
      let epochs = try setting.completedEpochs(ofRun: run)
      return try benchmark.simulatedTrainingSeconds(run: run, in: setting, upTo: epochs).map { .number($0.seconds) }
    case .epochs: return .number(Double(try setting.completedEpochs(ofRun: run)))
    case .score(let name): return try setting.scoreNumber(name, ofRun: run).map { .number($0) }
    case .count(let name): return try setting.count(name, ofRun: run).map { .number($0) }
    case .cost(let name): return try setting.cost(name, ofRun: run).map { .number($0) }
    case .attribute(let name): return try setting.attribute(name, ofRun: run).map { .number($0) }
    case .final(let values): return try values.value(ofRun: run).map { .number($0) }
    case .measured(let quantity):
      return try quantity.value(ofArchitecture: setting.architecture(ofRun: run)).map { .number($0) }
    case .trait(let trait, let space):
      guard let entry = try benchmark.atlas.architecture(row: setting.architecture(ofRun: run)) else { return nil }
      switch try space.value(of: trait, in: entry.canonicalText) {
      case .number(let number): return .number(number)
      case .text(let text): return .text(text)
      case nil: return nil
      }
    }
  }

  /// The value of a field for an architecture with these runs, at least one: the mean of a number of runs, the one value
  /// where all runs have the same; nil where it is absent.
  func value(_ field: FilterField, runs: [Int]) throws -> FilterValue? {
    guard let reader = readers[field] else { preconditionFailure("\(field) was not announced") }
    switch reader {
    case .text, .measured, .trait: return try value(field, run: runs[0])
    default:
      guard let mean = try mean(field, runs: runs) else { return nil }
      let first = try runs.lazy.compactMap { try number(field, run: $0) }.first ?? mean.value
      let isSame = try runs.allSatisfy { run in try number(field, run: run).map { $0 == first } ?? true }
      return .number(isSame ? first : mean.value)
    }
  }

  /// The texts that a field may have; nil where any is possible.
  func listedTexts(_ field: FilterField) -> [String]? {
    guard case .trait(let trait, let space)? = readers[field] else { return nil }
    return trait.listedTexts(in: space)
  }

  /// The setting in words.
  var settingName: String { benchmark.name(setting) }

  /// The number that a field has for a run; nil where it is absent, and for NaN. Throws `notANumber` for a text.
  public func number(_ field: FilterField, run: Int) throws -> Double? {
    switch try value(field, run: run) {
    case .number(let number): number.isNaN ? nil : number
    case .text(let text): throw BenchmarkError.notANumber(field: field.text, found: text)
    case nil: nil
    }
  }

  /// What was measured, for a field that is no matter of runs. `field` is one that the reader was made with.
  func measured(_ field: FilterField) -> MeasuredQuantity? {
    if case .measured(let quantity)? = readers[field] { quantity } else { nil }
  }

  /// The unit of a field's numbers, `1` for numbers without unit; nil for texts, and for what no card describes. `field`
  /// is one that the reader was made with.
  public func unit(_ field: FilterField) -> String? {
    guard let reader = readers[field] else { preconditionFailure("\(field) was not announced") }
    switch reader {
    case .trainSeconds: return "second"
    case .epochs: return "1"
    case .score(let name): return name == "score_epoch" ? "1" : nil
    case .count(let name), .cost(let name): return UnitInName.unit(of: name)
    case .final: return benchmark.atlas.card(of: Metric(field.path[0])).unit
    case .measured(let measured): return measured.quantity.unit
    case .trait(.parameter, _): return nil
    case .trait: return "1"
    case .text, .seed, .status, .origin, .source, .attribute: return nil
    }
  }

  /// The fields that runs of a setting may have, as filters spell them; and what every architecture is, unless only what
  /// was recorded is asked for.
  public static func vocabulary(
    _ benchmark: Benchmark, _ setting: Setting, recordedOnly: Bool = false
  ) -> FilterVocabulary {
    FilterVocabulary(
      ["space", "dataset", "protocol", "seed", "status", "origin", "source", "train_seconds", "epochs"]
        + numbers(setting) + attributes(benchmark, setting)
        + setting.measures.map { FilterField(path: [$0.metric.name, $0.split.rawValue]).text }
        + quantities(benchmark, setting).flatMap { [$0.name, "\($0.name)[*]"] }
        + (recordedOnly ? [] : traits(benchmark, setting)).flatMap { [$0.field.text, $0.wholeField.text] })
  }

  private static func traits(_ benchmark: Benchmark, _ setting: Setting) -> [ArchitectureTrait] {
    (try? benchmark.spaces.space(setting.space))?.traits ?? []
  }

  /// Names of attributes, which are withheld with their values: then any name can be asked for, and is refused.
  private static func attributes(_ benchmark: Benchmark, _ setting: Setting) -> [String] {
    guard benchmark.disclosure.showsAttributes else { return ["attribute.*"] }
    return setting.attributeNames.map { FilterField(path: ["attribute", $0]).text }
  }

  private static func numbers(_ setting: Setting) -> [String] {
    setting.scoreFields + setting.countNames + setting.costNames.filter { $0 != Costs.trainSeconds }
  }

  private static func quantities(_ benchmark: Benchmark, _ setting: Setting) -> [Quantity] {
    benchmark.atlas.quantities.filter { $0.space == setting.space }.map(\.quantity)
  }

  private static func reader(_ field: FilterField, _ benchmark: Benchmark, _ setting: Setting) throws -> Reader {
    let name = field.path[0]
    if name == "attribute", field.path.count > 1, !benchmark.disclosure.showsAttributes {
      throw DisclosureError.withheld(what: field.text)
    }
    if field.path.count == 2, field.selectors.isEmpty {
      if name == "attribute", setting.attributeNames.contains(field.path[1]) { return .attribute(field.path[1]) }
      if let split = Split(rawValue: field.path[1]), let values = setting.finals(Metric(name), split) {
        return .final(values)
      }
    }
    if field.path.count == 1, field.selectors.isEmpty {
      switch name {
      case "space": return .text(setting.space)
      case "dataset": return .text(setting.dataset)
      case "protocol": return .text(benchmark.protocolName(setting))
      case "seed": return .seed
      case "status": return .status
      case "origin": return .origin
      case "source": return .source
      case "train_seconds": return .trainSeconds
      case "epochs": return .epochs
      default: break
      }
      if setting.scoreFields.contains(name) { return .score(name) }
      if setting.countNames.contains(name) { return .count(name) }
    }
    if field.path.count == 1 {
      if setting.costNames.contains(field.text) { return .cost(field.text) }
      let quantity = try measured(
        field, benchmark, space: setting.space, dataset: setting.dataset, setting.protocolDigest)
      if let quantity { return .measured(quantity) }
    }
    // What was recorded under a name comes before what the architecture is.
    if let trait = traits(benchmark, setting).first(where: { $0.field == field || $0.wholeField == field }) {
      return .trait(trait, try benchmark.spaces.space(setting.space))
    }
    throw BenchmarkError.unknown(
      what: "field", found: field.text, known: vocabulary(benchmark, setting).names)
  }

  /// The quantity that a field such as `latency[raspi4,batch=1]` means: its name, and what stands in brackets, which is
  /// the device, a condition as `name=value`, or `dataset=`, `split=`, `source=`, `unit=`. Throws ``DisclosureError`` for
  /// one that is withheld.
  static func measured(
    _ field: FilterField, _ benchmark: Benchmark, space: String, dataset: String?, _ protocolDigest: Digest256?
  ) throws -> MeasuredQuantity? {
    let named = benchmark.atlas.quantities.filter { $0.space == space && $0.quantity.name == field.path[0] }
    var candidates = benchmark.quantities(of: field).filter { $0.space == space }
    guard !candidates.isEmpty || named.isEmpty else {
      let quantities = named.map(\.quantity)
      throw BenchmarkError.unknown(
        what: "quantity", found: field.text, known: quantities.map { spell($0, among: quantities) }.sorted())
    }
    // What was measured on the data asked about comes before what was measured on other data.
    let own = candidates.filter { $0.quantity.dataset == dataset }
    if !own.isEmpty { candidates = own }
    let underProtocol = candidates.filter { $0.quantity.protocolDigest == protocolDigest }
    if !underProtocol.isEmpty { candidates = underProtocol }
    guard candidates.count <= 1 else {
      throw BenchmarkError.ambiguous(
        what: "quantity", known: candidates.map { spell($0.quantity, among: candidates.map(\.quantity)) }.sorted())
    }
    if let found = candidates.first { try benchmark.check(found) }
    return candidates.first
  }

  static func selects(_ selector: FilterField.Selector, _ quantity: Quantity) -> Bool {
    switch selector.key {
    case nil:
      quantity.device == selector.value || quantity.split?.rawValue == selector.value
        || quantity.conditions.values.contains(selector.value)
    case "device": quantity.device == selector.value
    case "dataset": quantity.dataset == selector.value
    case "split" where quantity.split != nil: quantity.split?.rawValue == selector.value
    case "source": quantity.source == selector.value
    case "unit": quantity.unit == selector.value
    case let name?: quantity.conditions[name] == selector.value
    }
  }

  /// A quantity as a field names it, with as much in brackets as tells it from the others.
  static func spell(_ quantity: Quantity, among others: [Quantity]) -> String {
    var selectors = [quantity.device].compactMap { $0.map { FilterField.Selector(value: $0) } }
    if let split = quantity.split { selectors.append(.init(key: "split", value: split.rawValue)) }
    selectors += quantity.conditions.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: $0.value) }
    if Set(others.map(\.dataset)).count > 1, let dataset = quantity.dataset {
      selectors.append(.init(key: "dataset", value: dataset))
    }
    if Set(others.map(\.source)).count > 1, let source = quantity.source {
      selectors.append(.init(key: "source", value: source))
    }
    if Set(others.map(\.unit)).count > 1 { selectors.append(.init(key: "unit", value: quantity.unit)) }
    return FilterField(path: [quantity.name], selectors: selectors).text
  }
}

extension ArchitectureTrait {
  /// As filters spell it: `depth`, `count[skip_connect]`, the name of a parameter.
  var field: FilterField { spelled([]) }

  /// The same behind `architecture.`, for names that records have too.
  var wholeField: FilterField { spelled(["architecture"]) }

  private func spelled(_ head: [String]) -> FilterField {
    switch self {
    case .parameter(let name): FilterField(path: head + [name])
    case .count(let operation): FilterField(path: head + ["count"], selectors: [.init(value: operation)])
    case .depth: FilterField(path: head + ["depth"])
    }
  }
}
