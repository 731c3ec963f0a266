import Records
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
      listing.add("  licence", card.licence ?? "none stated")
      listing.add("  cite", card.citation)
      if !card.classNames.isEmpty { listing.add("  classes", card.classNames.joined(separator: ", ")) }
      if !card.classCounts.isEmpty { listing.add("  rows", card.splitSizes) }
      listing.add("  split", card.splitMeaning)
    }
    for card in sources {
      listing.add("source", "\(card.name), \(card.title)")
      listing.add("  licence", card.licence ?? "none stated: the numbers may not be shipped")
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
    for row in quantities {
      listing.add(
        "  \(row.name)",
        "\(NumberText.count(row.values)) of \(row.space)" + (row.dataset.map { " for \($0)" } ?? "")
          + (row.unit == "1" ? "" : ", \(row.unit)")
          + (row.devices.isEmpty ? "" : ", on \(row.devices.joined(separator: ", "))"))
    }
    return listing.text
  }
}

extension AtlasReport.SettingReport {
  /// `8,169 architectures with 3, 7,456 with 2: 777, 888, 999`.
  fileprivate var seedText: String {
    let counts = runsPerArchitecture.prefix(4).map { entry in
      "\(NumberText.count(entry.architectures)) with \(entry.runs)"
    }
    let names = seeds.map { "\($0)" }.joined(separator: ", ")
    let more = distinctSeeds > seeds.count ? " and \(distinctSeeds - seeds.count) more" : ""
    return "of \(NumberText.count(architectures)) architectures " + counts.joined(separator: ", ")
      + (runsPerArchitecture.count > 4 ? " and others" : "") + ": \(names)\(more)"
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
