import Records
public import Store

// What this benchmark shows, by its ``Disclosure``. Whatever binds a question, a field or a measurement asks here.
extension Benchmark {
  /// The measures of a setting that are shown, in the order of the atlas.
  public func shownMeasures(of setting: Setting) -> [Setting.Measure] {
    setting.measures.filter { disclosure.shows($0.metric, $0.split) }
  }

  public func shows(_ measured: MeasuredQuantity) -> Bool { !withheld.quantities.contains(ObjectIdentifier(measured)) }

  /// Throws ``DisclosureError`` for a measured quantity that is withheld.
  public func check(_ measured: MeasuredQuantity) throws {
    guard shows(measured) else { throw DisclosureError.withheld(what: FieldReader.spell(measured.quantity, among: [])) }
  }

  /// Throws ``DisclosureError`` for fields that are withheld, and what ``FieldReader`` throws for those that are not
  /// there.
  public func check(_ fields: [FilterField], in setting: Setting) throws {
    _ = try FieldReader(fields, benchmark: self, setting: setting)
  }

  /// The epoch of a question that names none: the recorded best one where runs have it and it is shown, else the last.
  public func usualEpoch(in setting: Setting) -> EpochChoice {
    setting.hasScores && showsScores(of: setting) ? .best : .last
  }

  func check(_ metric: Metric, _ split: Split) throws {
    guard disclosure.shows(metric, split) else {
      throw DisclosureError.withheld(what: FilterField(path: [metric.name, split.rawValue]).text)
    }
  }

  /// The best epoch follows from a metric's validation values.
  func check(_ epoch: EpochChoice, of metric: Metric, in setting: Setting) throws {
    guard case .best = epoch,
      !showsScores(of: setting) || !disclosure.shows(setting.primaryMetric ?? metric, .validation)
    else { return }
    throw DisclosureError.withheld(what: "the best epoch")
  }

  /// Whether the scores of runs are of metrics that are shown.
  func showsScores(of setting: Setting) -> Bool { !withheld.scores.contains(setting.id) }

  /// What of an atlas is withheld, found once.
  struct Withheld: Sendable {
    var quantities: Set<ObjectIdentifier> = []
    /// Ids of settings.
    var scores: Set<Int> = []

    init(_ atlas: Atlas, _ disclosure: Disclosure) throws {
      guard disclosure != .open else { return }
      let metrics = Set((atlas.metricCards + MetricCard.known).map(\.name)).sorted()
      for measured in atlas.quantities where !disclosure.shows(measured.quantity, metrics: metrics) {
        quantities.insert(ObjectIdentifier(measured))
      }
      for setting in atlas.settings {
        let metrics = try setting.scoreMetrics()
        if metrics.contains(where: { !disclosure.shows($0, .validation) }) { scores.insert(setting.id) }
      }
    }
  }
}
