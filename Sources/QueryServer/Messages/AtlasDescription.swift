import Benchmarks
import Records
import Store

/// What a server tells of an atlas.
struct AtlasDescription: Encodable {
  struct SettingDescription: Encodable {
    let space: String
    let dataset: String
    let datasetDigest: Digest256?
    let protocolName: String
    let protocolDigest: Digest256
    let runs: Int
    let primaryMetric: Metric?
    let hasRecordedBestEpochs: Bool
    let measures: [String]
    let sources: [String]
  }

  struct SpaceDescription: Encodable {
    let name: String
    let architectures: Int
    let definition: SpaceCard?
  }

  let name: String
  let title: String?
  let digest: Digest256
  let format: Int
  let bytes: Int
  let architectures: Int
  let runs: Int
  /// Whether test values are withheld.
  let isSealed: Bool
  let spaces: [SpaceDescription]
  let settings: [SettingDescription]
  let quantities: [QuantityDescription]
  let metrics: [MetricCard]
  let datasets: [DatasetCard]
  let protocols: [ProtocolCard]
  let sources: [SourceCard]

  init(_ served: ServedAtlas) throws {
    let benchmark = served.benchmark
    let atlas = benchmark.atlas
    name = served.name
    title = atlas.title
    digest = atlas.digest
    format = atlas.manifest.format
    bytes = atlas.manifest.bytes
    architectures = try atlas.architectureCount()
    runs = atlas.runCount
    isSealed = served.isSealed
    spaces = atlas.spaces.map { SpaceDescription(name: $0.name, architectures: $0.rows.count, definition: $0.card) }
    settings = try atlas.settings.map { setting in
      SettingDescription(
        space: setting.space, dataset: setting.dataset, datasetDigest: setting.datasetDigest,
        protocolName: benchmark.protocolName(setting), protocolDigest: setting.protocolDigest, runs: setting.runCount,
        primaryMetric: setting.primaryMetric, hasRecordedBestEpochs: setting.hasScores,
        measures: setting.measures.map { "\($0.metric.name).\($0.split.rawValue)" },
        sources: try setting.sourceNames())
    }
    quantities = atlas.quantities.map { QuantityDescription($0) }
    metrics = atlas.metricCards
    datasets = atlas.datasetCards
    protocols = atlas.protocolCards
    sources = atlas.sourceCards
  }
}

/// A line of the list of atlases.
struct AtlasSummary: Encodable {
  let name: String
  let title: String?
  let digest: Digest256
  let bytes: Int
  let architectures: Int
  let runs: Int
  let isSealed: Bool

  init(_ served: ServedAtlas) throws {
    let atlas = served.benchmark.atlas
    name = served.name
    title = atlas.title
    digest = atlas.digest
    bytes = atlas.manifest.bytes
    architectures = try atlas.architectureCount()
    runs = atlas.runCount
    isSealed = served.isSealed
  }
}
