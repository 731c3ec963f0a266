import Records
import Reports
import Store

/// What `info` says of an atlas.
struct AtlasReport: Encodable {
  let path: String
  let digest: Digest256
  let bytes: Int
  let format: Int
  /// Version of nasatlas that published it.
  let version: String
  let title: String?
  let architectures: Int
  let runs: Int
  let measurements: Int
  let spaces: [Space]
  let settings: [SettingReport]
  let datasets: [DatasetCard]
  let protocols: [ProtocolCard]
  let sources: [SourceCard]
  let metrics: [MetricCard]
  let quantities: [QuantityReport]

  struct Space: Encodable {
    let name: String
    let architectures: Int
  }

  struct SettingReport: Encodable {
    let space: String
    let dataset: String
    let trainingProtocol: String
    let runs: Int
    /// Architectures that have a run.
    let architectures: Int
    /// How many architectures have how many runs, the most runs first.
    let runsPerArchitecture: [RunsPerArchitecture]
    /// The first of the distinct seeds, ascending.
    let seeds: [Seed]
    let distinctSeeds: Int
    /// What was measured, as `METRIC.SPLIT`.
    let measures: [String]
  }

  struct RunsPerArchitecture: Encodable {
    let runs: Int
    let architectures: Int
  }

  /// One name and unit, measured on one data set or on none.
  struct QuantityReport: Encodable {
    let space: String
    let name: String
    let unit: String
    let dataset: String?
    let devices: [String]
    let values: Int
  }

  /// Distinct seeds that are listed by name.
  private static let listedSeeds = 6

  init(_ atlas: Atlas) throws {
    path = atlas.path
    digest = atlas.digest
    bytes = atlas.manifest.bytes
    format = atlas.manifest.format
    version = atlas.manifest.version
    architectures = try atlas.architectureCount()
    title = atlas.title
    runs = atlas.runCount
    measurements = atlas.measurementCount
    spaces = atlas.spaces.map { Space(name: $0.name, architectures: $0.rows.count) }
    settings = try atlas.settings.map { try Self.report($0) }
    datasets = atlas.datasetCards
    protocols = atlas.protocolCards
    sources = atlas.sourceCards
    metrics = atlas.metricCards
    quantities = Self.report(atlas.quantities)
  }

  private static func report(_ setting: Setting) throws -> SettingReport {
    var byCount: [Int: Int] = [:]
    for row in setting.spaceRows {
      let runs = try setting.runs(ofArchitecture: row).count
      if runs > 0 { byCount[runs, default: 0] += 1 }
    }
    var seeds: Set<Seed> = []
    for run in 0..<setting.runCount { seeds.insert(try setting.seed(ofRun: run)) }
    return SettingReport(
      space: setting.space, dataset: setting.dataset,
      trainingProtocol: setting.protocolName ?? setting.protocolDigest.short, runs: setting.runCount,
      architectures: byCount.values.reduce(0, +),
      runsPerArchitecture: byCount.sorted { $0.key > $1.key }.map { .init(runs: $0.key, architectures: $0.value) },
      seeds: Array(seeds.sorted().prefix(listedSeeds)), distinctSeeds: seeds.count,
      measures: setting.measures.map { "\($0.metric).\($0.split.rawValue)" })
  }

  private static func report(_ quantities: [MeasuredQuantity]) -> [QuantityReport] {
    struct Key: Hashable {
      let space: String
      let name: String
      let unit: String
      let dataset: String?
    }
    var order: [Key] = []
    var groups: [Key: [MeasuredQuantity]] = [:]
    for entry in quantities {
      let key = Key(
        space: entry.space, name: entry.quantity.name, unit: entry.quantity.unit, dataset: entry.quantity.dataset)
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(entry)
    }
    return order.map { key in
      let group = groups[key] ?? []
      return QuantityReport(
        space: key.space, name: key.name, unit: key.unit, dataset: key.dataset,
        devices: Set(group.compactMap(\.quantity.device)).sorted(), values: group.reduce(0) { $0 + $1.count })
    }
  }

  var text: String {
    var listing = Listing()
    if let title { listing.add("title", title) }
    listing.add("atlas", path)
    listing.add("digest", digest.hex)
    listing.add("size", "\(NumberText.bytes(bytes)), format \(format), published by nasatlas \(version)")
    for space in spaces {
      listing.add("space", "\(space.name), \(NumberText.count(space.architectures)) architectures")
    }
    for card in datasets {
      listing.add("data set", "\(card.name)\(card.digest.map { " (\($0.short))" } ?? ""), \(card.title)")
      listing.add("  license", card.license ?? "not stated")
      listing.add("  cite", card.citation)
      if !card.classNames.isEmpty { listing.add("  classes", card.classNames.joined(separator: ", ")) }
      if !card.classCounts.isEmpty { listing.add("  rows", card.splitSizes) }
      listing.add("  split", card.splitMeaning)
    }
    for card in sources {
      listing.add("source", "\(card.name), \(card.title)")
      listing.add("  license", card.license ?? "not stated: do not redistribute the numbers")
      listing.add("  cite", card.citation)
    }
    for card in protocols { listing.add("protocol", "\(card.name) (\(card.digest.short))") }
    listing.add("runs", "\(NumberText.count(runs))")
    for row in settings {
      listing.add(
        "  \(row.dataset)",
        "\(NumberText.count(row.runs)) of \(row.space) under \(row.trainingProtocol)")
      listing.add("    seeds", row.seedText)
      listing.add("    values", row.measures.joined(separator: ", "))
    }
    if measurements > 0 { listing.add("measured", "\(NumberText.count(measurements)) values without training") }
    for line in quantityLines { listing.add("  " + line.name, line.text) }
    return listing.text
  }
}

extension AtlasReport {
  /// A line for the quantities that share space, data set, unit and devices.
  private var quantityLines: [(name: String, text: String)] {
    struct Key: Hashable {
      let space: String
      let dataset: String?
      let unit: String
      let devices: [String]
    }
    var order: [Key] = []
    var groups: [Key: [QuantityReport]] = [:]
    for row in quantities {
      let key = Key(space: row.space, dataset: row.dataset, unit: row.unit, devices: row.devices)
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(row)
    }
    return order.map { key in
      let rows = groups[key] ?? []
      let values = IngestText.count(rows.reduce(0) { $0 + $1.values }, "value", "values")
      return (
        key.dataset ?? key.space,
        rows.map(\.name).joined(separator: ", ") + (key.unit == "1" ? "" : " (\(key.unit))") + ": \(values)"
          + (spaces.count > 1 && key.dataset != nil ? " of \(key.space)" : "")
          + (key.devices.isEmpty ? "" : " on \(key.devices.joined(separator: ", "))")
      )
    }
  }
}

extension AtlasReport.SettingReport {
  /// `3 for 8,169 architectures, 2 for 7,456: 777, 888, 999`.
  fileprivate var seedText: String {
    let counts = runsPerArchitecture.prefix(4).enumerated().map { index, entry in
      let noun = index > 0 ? "" : entry.architectures == 1 ? " architecture" : " architectures"
      return "\(entry.runs) for \(NumberText.count(entry.architectures))" + noun
    }
    let names = seeds.map { "\($0)" }.joined(separator: ", ")
    let more = distinctSeeds > seeds.count ? " and \(NumberText.count(distinctSeeds - seeds.count)) more" : ""
    return counts.joined(separator: ", ") + (runsPerArchitecture.count > 4 ? " and others" : "") + ": \(names)\(more)"
  }
}

extension DatasetCard {
  /// Sequences of each split, for people.
  var splitSizes: String {
    Split.parts.map { split in
      "\(NumberText.count((classCounts[split] ?? []).reduce(0, +))) \(split.rawValue)"
    }.joined(separator: ", ")
  }
}
