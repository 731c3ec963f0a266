import Foundation
import Records

/// Takes the runs of a setting apart into columns.
struct SettingColumns {
  private(set) var count = 0
  private(set) var scalars: [ColumnKey: SparseColumn] = [:]
  private(set) var curves: [ColumnKey: PieceColumn] = [:]
  private(set) var details: [RunDetails?] = []
  private(set) var seeds: [Seed] = []
  private(set) var architectures: [Int] = []
  /// Metrics, sources and lists of positions as they were met here.
  private var names = AtlasNames()
  private var hasDetails = false

  /// The final values and curves of one metric and split. Kept apart from the rest since nearly all time goes there.
  private struct MetricColumns {
    let metric: Metric
    let split: Split
    var finals = SparseColumn()
    var curves = PieceColumn()
    var positionLists = SparseColumn()
  }
  private var metrics: [MetricColumns] = []
  private var fields: [RunField: SparseColumn] = [:]
  private var attributes: [String: SparseColumn] = [:]
  private var counts: [String: SparseColumn] = [:]
  private var costs: [String: SparseColumn] = [:]
  private var epochCosts: [String: PieceColumn] = [:]

  /// Adds a run of the architecture that has the row `architecture`.
  mutating func add(_ record: RunRecord, architecture: Int) {
    let run = count
    count += 1
    architectures.append(architecture)
    seeds.append(record.key.seed)
    func set(_ field: RunField, _ value: Double?) {
      if let value { fields[field, default: SparseColumn()].set(value, at: run) }
    }
    if record.status != .completed { fields[.status, default: SparseColumn()].fill(0, to: run) }
    if fields[.status] != nil { set(.status, Double(record.status.number)) }
    set(.origin, record.origin.map { Double($0.kind.number) })
    set(.source, record.source.map { Double(names.source($0)) })
    if let score = record.score {
      set(.scoreMetric, Double(names.metric(score.metric)))
      set(.scoreEpoch, Double(score.epoch))
      set(.scoreValidation, score.validation)
      set(.scoreTest, score.test)
    }
    for (name, value) in record.counts?.values ?? [:] {
      counts[name, default: SparseColumn()].set(Double(value), at: run)
    }
    if let costs = record.costs { add(costs, run) }
    for (place, curve) in record.curves.enumerated() { add(curve, place, run) }
    for (name, value) in record.attributes {
      if let number = value.columnNumber { attributes[name, default: SparseColumn()].set(number, at: run) }
    }
    let detail = RunDetails(of: record)
    details.append(detail.isEmpty ? nil : detail)
    hasDetails = hasDetails || !detail.isEmpty
  }

  private mutating func add(_ costs: Costs, _ run: Int) {
    for (name, value) in costs.total { self.costs[name, default: SparseColumn()].set(value, at: run) }
    for (name, values) in costs.perEpoch { epochCosts[name, default: PieceColumn()].set(values, at: run) }
  }

  private mutating func add(_ curve: Curve, _ place: Int, _ run: Int) {
    guard let last = curve.values.last else { return }
    var index = place
    // Records of one setting nearly always have the same curves in the same places.
    if !(metrics.indices.contains(index) && metrics[index].metric == curve.metric
      && metrics[index].split == curve.split)
    {
      index = metrics.firstIndex { $0.metric == curve.metric && $0.split == curve.split } ?? metrics.count
      if index == metrics.count {
        metrics.append(MetricColumns(metric: curve.metric, split: curve.split))
      }
    }
    metrics[index].finals.set(last, at: run)
    if curve.values.count > 1 { metrics[index].curves.set(curve.values, at: run) }
    if let at = curve.at, !at.elementsEqual(1..<at.count + 1) {
      metrics[index].positionLists.fill(0, to: run)
      metrics[index].positionLists.set(Double(names.positionList(at)), at: run)
    } else if !metrics[index].positionLists.values.isEmpty {
      metrics[index].positionLists.fill(0, to: run + 1)
    }
  }

  /// Brings all columns to full length and numbers names as the whole atlas does. Gives the runs in the order of
  /// architecture and seed, by the numbers that they were added with.
  mutating func finish(naming atlas: inout AtlasNames) -> [Int] {
    for metric in metrics {
      var metric = metric
      metric.finals.pad(to: count)
      scalars[ColumnKey(.final, metric.metric.name, metric.split)] = metric.finals
      if !metric.curves.lengths.isEmpty {
        metric.curves.pad(to: count)
        curves[ColumnKey(.curve, metric.metric.name, metric.split)] = metric.curves
      }
      if !metric.positionLists.values.isEmpty {
        metric.positionLists.fill(0, to: count)
        scalars[ColumnKey(.curveAt, metric.metric.name, metric.split)] = metric.positionLists
      }
    }
    for (field, column) in fields {
      var column = column
      column.pad(to: count)
      scalars[ColumnKey(field)] = column
    }
    for (kind, columns) in [(ColumnKey.Kind.attribute, attributes), (.count, counts), (.cost, costs)] {
      for (name, column) in columns {
        var column = column
        column.pad(to: count)
        scalars[ColumnKey(kind, name)] = column
      }
    }
    for (name, column) in epochCosts {
      var column = column
      column.pad(to: count)
      curves[ColumnKey(.epochCost, name)] = column
    }
    addSeeds()
    scalars[ColumnKey(.architecture)] = SparseColumn(architectures.map { Double($0) })
    if !hasDetails { details = [] }
    number(naming: &atlas)
    metrics = []
    return (0..<count).sorted { (architectures[$0], seeds[$0]) < (architectures[$1], seeds[$1]) }
  }

  /// Names get their numbers in sorted order, so that numbers do not depend on the order in which runs were added.
  private mutating func number(naming atlas: inout AtlasNames) {
    for metric in metrics.map(\.metric).sorted(by: { $0.name < $1.name }) { _ = atlas.metric(metric) }
    for metric in names.metrics.sorted(by: { $0.name < $1.name }) { _ = atlas.metric(metric) }
    for source in names.sources.sorted() { _ = atlas.source(source) }
    for list in names.positionLists.sorted(by: { $0.lexicographicallyPrecedes($1) }) { _ = atlas.positionList(list) }
    scalars[ColumnKey(.scoreMetric)]?.renumber(names.metrics.map { atlas.metric($0) })
    scalars[ColumnKey(.source)]?.renumber(names.sources.map { atlas.source($0) })
    let lists = names.positionLists.map { atlas.positionList($0) }
    for key in scalars.keys where key.kind == .curveAt { scalars[key]?.renumber(lists) }
  }

  private mutating func addSeeds() {
    func add(_ field: RunField, _ number: (Seed) -> UInt64) {
      let numbers = seeds.map(number)
      if numbers.contains(where: { $0 != 0 }) { scalars[ColumnKey(field)] = SparseColumn(numbers.map { Double($0) }) }
    }
    add(.seedKind) { UInt64($0.kind) }
    add(.seedHigh) { $0.number >> (32 as UInt64) }
    add(.seedLow) { $0.number & 0xffff_ffff }
  }
}

/// Metrics, sources and lists of positions of an atlas, numbered from 1 in the order in which they are met.
struct AtlasNames {
  private(set) var metrics: [Metric] = []
  private(set) var sources: [String] = []
  private(set) var positionLists: [[Int]] = []
  private var metricIDs: [Metric: Int] = [:]
  private var sourceIDs: [String: Int] = [:]
  private var positionListIDs: [[Int]: Int] = [:]

  mutating func metric(_ metric: Metric) -> Int {
    if let id = metricIDs[metric] { return id }
    metrics.append(metric)
    metricIDs[metric] = metrics.count
    return metrics.count
  }

  mutating func source(_ name: String) -> Int {
    if let id = sourceIDs[name] { return id }
    sources.append(name)
    sourceIDs[name] = sources.count
    return sources.count
  }

  mutating func positionList(_ positions: [Int]) -> Int {
    if let id = positionListIDs[positions] { return id }
    positionLists.append(positions)
    positionListIDs[positions] = positionLists.count
    return positionLists.count
  }
}
