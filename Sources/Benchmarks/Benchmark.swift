public import Records
public import Spaces
public import Store
import Synchronization

/// Answers questions from an atlas.
///
/// Safe to share: nothing in it changes but what was read and checked once and is remembered.
public final class Benchmark: Sendable {
  public let atlas: Atlas
  /// The built-in spaces and those that the atlas defines.
  public let spaces: SpaceCatalogue
  /// What this benchmark answers: everything, or nothing that tells test values.
  public let disclosure: Disclosure
  let withheld: Withheld
  let hashTable = AtomicLazyReference<HashTable>()
  let pointTables = PointTables()
  let epochTable = EpochTable()
  let rankingColumns = RankingColumns()

  /// Throws `SpacesError` for a space whose definition in the atlas is no definition.
  public init(_ atlas: Atlas, disclosure: Disclosure = .open) throws {
    self.atlas = atlas
    self.disclosure = disclosure
    withheld = try Withheld(atlas, disclosure)
    var spaces = SpaceCatalogue()
    for space in atlas.spaces {
      if let card = space.card { try spaces.define(SpaceDefinition(card: card)) }
    }
    self.spaces = spaces
  }

  /// Opens the atlas at `path`; `preload` reads, checks and decodes all of it at once.
  public convenience init(path: String, preload: Bool = false, disclosure: Disclosure = .open) throws {
    try self.init(Atlas(path: path, preload: preload), disclosure: disclosure)
  }

  // MARK: Settings

  /// The one setting that the question is about. Throws `unknown` or `ambiguous`, listing what there is.
  public func setting(_ question: Question) throws -> Setting {
    guard !atlas.settings.isEmpty else { throw BenchmarkError.noRuns(atlas: atlas.path) }
    var settings = try Self.narrow(atlas.settings, "space", chosen: question.space) { $0.space }
    let among = settings
    settings = try Self.narrow(settings, "data set", chosen: question.dataset) { Self.datasetName($0, among: among) }
    let name = question.trainingProtocol.map { protocolName($0, among: settings) }
    settings = try Self.narrow(settings, "protocol", chosen: name) { self.protocolName($0) }
    return settings[0]
  }

  /// All settings that the names leave; those that are nil leave all. Throws `unknown`, listing what there is.
  func settings(space: String?, dataset: String?, trainingProtocol: String?) throws -> [Setting] {
    var settings = atlas.settings
    guard !settings.isEmpty else { return [] }
    if let space { settings = try Self.narrow(settings, "space", chosen: space) { $0.space } }
    let among = settings
    if let dataset {
      settings = try Self.narrow(settings, "data set", chosen: dataset) { Self.datasetName($0, among: among) }
    }
    if let trainingProtocol {
      let name = protocolName(trainingProtocol, among: settings)
      settings = try Self.narrow(settings, "protocol", chosen: name) { self.protocolName($0) }
    }
    return settings
  }

  /// The name of a setting's data set; of several with one name, with the first digits of the digest.
  static func datasetName(_ setting: Setting, among settings: [Setting]) -> String {
    let isShared = settings.contains { $0.dataset == setting.dataset && $0.datasetDigest != setting.datasetDigest }
    return isShared ? "\(setting.dataset)@\(setting.datasetDigest?.short ?? "unknown")" : setting.dataset
  }

  /// The name of a setting's protocol where no other has it, else the first digits of its digest.
  public func protocolName(_ setting: Setting) -> String {
    guard let name = setting.protocolName else { return setting.protocolDigest.short }
    let isShared = atlas.settings.contains {
      $0.protocolName == name && $0.protocolDigest != setting.protocolDigest
    }
    return isShared ? setting.protocolDigest.short : name
  }

  /// The name of the protocol whose digest begins with `chosen`, eight digits or more, if that is one; else `chosen`.
  private func protocolName(_ chosen: String, among settings: [Setting]) -> String {
    let digits = chosen.lowercased()
    guard digits.utf8.count >= 8 else { return chosen }
    let names = Set(settings.filter { $0.protocolDigest.hex.hasPrefix(digits) }.map { self.protocolName($0) })
    return names.count == 1 ? names.first ?? chosen : chosen
  }

  /// A setting in words: `cifar10 under nasbench201-200`.
  public func name(_ setting: Setting) -> String {
    "\(Self.datasetName(setting, among: atlas.settings)) under \(protocolName(setting))"
  }

  private static func narrow(
    _ settings: [Setting], _ what: String, chosen: String?, by name: (Setting) -> String
  ) throws -> [Setting] {
    var known: [String] = []
    for found in settings.map(name) where !known.contains(found) { known.append(found) }
    guard let chosen else {
      guard known.count <= 1 else { throw BenchmarkError.ambiguous(what: what, known: known) }
      return settings
    }
    guard known.contains(chosen) else { throw BenchmarkError.unknown(what: what, found: chosen, known: known) }
    return settings.filter { name($0) == chosen }
  }

  /// The metric that a question is about: its own, else the primary one of the data set.
  func metric(_ question: Question, _ setting: Setting) throws -> Metric {
    var known: [String] = []
    for measure in setting.measures where !known.contains(measure.metric.name) { known.append(measure.metric.name) }
    guard let metric = question.metric ?? setting.primaryMetric ?? (known.count == 1 ? Metric(known[0]) : nil) else {
      throw BenchmarkError.noPrimaryMetric(dataset: setting.dataset, known: known)
    }
    guard known.contains(metric.name) else {
      throw BenchmarkError.unknown(what: "metric", found: metric.name, known: known)
    }
    return metric
  }

  /// The question bound to what the atlas has: from here on an answer is a matter of nanoseconds. Throws
  /// ``DisclosureError`` for what is withheld, and `unknownEpoch` for a limit of best-so-far behind all epochs.
  public func lookup(_ question: Question = Question()) throws -> Lookup {
    try lookup(question, in: setting(question))
  }

  /// The same for a setting that is known already.
  public func lookup(
    metric: Metric?, _ split: Split, _ epoch: EpochChoice? = nil, in setting: Setting
  ) throws -> Lookup {
    try lookup(Question(metric: metric, split: split, epoch: epoch), in: setting)
  }

  /// The same question for a setting that is known already.
  public func lookup(_ question: Question, in setting: Setting) throws -> Lookup {
    guard disclosure.shows(question.split) else {
      let path = [question.metric?.name, question.split.rawValue].compactMap(\.self)
      throw DisclosureError.withheld(what: FilterField(path: path).text)
    }
    let metric = try metric(question, setting)
    try check(metric, question.split)
    guard let finals = setting.finals(metric, question.split), question.publishedSplit == nil else {
      throw unknownSplit(question, metric, setting)
    }
    let epoch = question.epoch ?? usualEpoch(in: setting)
    try check(epoch, of: metric, in: setting)
    let lookup = Lookup(
      benchmark: self, setting: setting, card: atlas.card(of: metric), split: question.split,
      epoch: epoch, seeds: question.seeds, finals: finals)
    if case .bestSoFar(let limit?) = epoch { try lookup.requireEpoch(atLeast: limit) }
    return lookup
  }
}

extension Benchmark {
  /// Says which splits there are, and which other data sets have one that is missing: those named like the one asked,
  /// such as `cifar10-valid` for `cifar10`, else all.
  private func unknownSplit(_ question: Question, _ metric: Metric, _ setting: Setting) -> BenchmarkError {
    let wanted = Setting.Measure(metric, question.split)
    var others: [String] = []
    if !setting.measures.contains(wanted) {
      for other in atlas.settings
      where other.space == setting.space && other.dataset != setting.dataset && other.measures.contains(wanted)
        && !others.contains(other.dataset)
      {
        others.append(other.dataset)
      }
    }
    let near = others.filter { NearestName.rank(setting.dataset, $0) == 2 }
    return .unknownSplit(
      split: question.publishedSplit ?? question.split.rawValue,
      here: question.publishedSplit == nil ? nil : question.split.rawValue, metric: metric.name,
      dataset: setting.dataset, known: setting.measures.filter { $0.metric == metric }.map(\.split.rawValue),
      elsewhere: near.isEmpty ? others : near)
  }
}

extension Setting {
  /// The metric that the data set is scored by, where a card says it.
  public var primaryMetric: Metric? { datasetCard?.primaryMetric }

  /// True when runs have a recorded best epoch.
  public var hasScores: Bool { scoreFields.contains("score_epoch") }
}
