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

  struct Space: Encodable {
    let name: String
    let architectures: Int
  }

  struct SettingReport: Encodable {
    let space: String
    let dataset: String
    let trainingProtocol: String
    let runs: Int
  }

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
    settings = atlas.settings.map {
      SettingReport(
        space: $0.space, dataset: $0.dataset, trainingProtocol: $0.protocolName ?? $0.protocolDigest.short,
        runs: $0.runCount)
    }
    datasets = atlas.datasetCards
    protocols = atlas.protocolCards
    sources = atlas.sourceCards
    metrics = atlas.metricCards
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
    for card in protocols { listing.add("protocol", "\(card.name) (\(card.digest.short))") }
    listing.add("runs", "\(NumberText.count(runs))")
    for row in settings {
      listing.add("  \(row.space)", "\(NumberText.count(row.runs)) on \(row.dataset) under \(row.trainingProtocol)")
    }
    if measurements > 0 { listing.add("measured", "\(NumberText.count(measurements)) values without training") }
    return listing.text
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
