import Records
import Store

/// The best runs of an atlas on one data set, by the validation value that scores them.
struct Ranking: Encodable {
  struct Place: Encodable {
    let rank: Int
    let id: ArchitectureID
    let canonicalText: String
    let seed: UInt64
    /// Where the validation value is best, counted from 1.
    let epoch: Int
    let validation: Float
    /// At the same epoch.
    let test: Float?
    let parameters: Int?
    let forwardFLOPs: Int?
  }

  let dataset: String
  let metric: Metric
  let protocolName: String?
  /// Always `measured`: nothing is predicted.
  let source = "measured"
  let places: [Place]
  let atlasDigest: Digest256

  /// Throws a `CommandError` that lists what exists when data set, protocol or metric is unknown or not clear.
  init(_ atlas: Atlas, count: Int, dataset: String?, trainingProtocol: String?, metric: String?) throws {
    let cards = try atlas.datasets()
    var names = Set(cards.map(\.name))
    // A data set without a card is only known from its runs.
    if atlas.manifest.tables.first(where: { $0.name == "datasets" })?.rows != cards.count {
      names.formUnion(try atlas.contents().runs.map(\.dataset))
    }
    self.dataset = try Self.choose("data set", "--dataset", dataset, names.sorted())
    let protocols = try atlas.protocols()
    var chosenProtocol: Digest256?
    if protocols.count > 1 || trainingProtocol != nil {
      let runs = try atlas.contents().runs.filter { [name = self.dataset] in $0.dataset == name }
      let used = Set(runs.map(\.protocolDigest))
      let byName = Dictionary(
        used.map { (RunSelection.name($0, protocols), $0) }, uniquingKeysWith: { first, _ in first })
      chosenProtocol = byName[try Self.choose("protocol", "--protocol", trainingProtocol, byName.keys.sorted())]
    }
    protocolName = (chosenProtocol ?? protocols.first?.digest).map { RunSelection.name($0, protocols) }
    let primary = cards.first { [name = self.dataset] in $0.name == name }?.primaryMetric
    guard let ranked = metric.map({ Metric($0) }) ?? primary else {
      throw CommandError.noPrimaryMetric(dataset: self.dataset, known: try Self.rankedMetrics(atlas, self.dataset))
    }
    self.metric = ranked
    let runs = try atlas.bestRuns(ranked, dataset: self.dataset, protocolDigest: chosenProtocol, count: count)
    if runs.isEmpty {
      throw CommandError.notRanked(
        metric: ranked.name, dataset: self.dataset, known: try Self.rankedMetrics(atlas, self.dataset))
    }
    places = runs.enumerated().compactMap { index, run in
      run.score.map { score in
        Place(
          rank: index + 1, id: run.key.architectureID, canonicalText: run.key.architecture, seed: run.key.seed,
          epoch: score.epoch, validation: score.validation, test: score.test, parameters: run.counts?.parameters,
          forwardFLOPs: run.counts?.forwardFLOPs)
      }
    }
    atlasDigest = atlas.digest
  }

  private static func rankedMetrics(_ atlas: Atlas, _ dataset: String) throws -> [String] {
    Set(try atlas.runs(dataset: dataset).filter { $0.status == .completed }.compactMap(\.score?.metric.name)).sorted()
  }

  private static func choose(_ what: String, _ option: String, _ asked: String?, _ known: [String]) throws -> String {
    if let asked {
      guard known.contains(asked) else {
        throw CommandError.unknown(what: what, found: asked, option: option, known: known)
      }
      return asked
    }
    guard let only = known.first, known.count == 1 else {
      throw CommandError.ambiguous(what: what, option: option, known: known)
    }
    return only
  }

  /// A line of numbers a place, and the architecture below it.
  var text: String {
    var table = TextTable([
      ("rank", .right), ("validation", .right), ("test", .right), ("epoch", .right), ("seed", .right),
      ("parameters", .right), ("id", .left),
    ])
    for place in places {
      table.add([
        "\(place.rank)", NumberText.value(place.validation), place.test.map(NumberText.value) ?? "-",
        "\(place.epoch)", "\(place.seed)", place.parameters.map { NumberText.count($0) } ?? "-",
        String(place.id.hex.prefix(12)),
      ])
    }
    var lines = [
      "\(metric) on \(dataset)\(protocolName.map { " under \($0)" } ?? ""), \(source), atlas \(atlasDigest.short)"
    ]
    for (index, line) in table.lines.enumerated() {
      lines.append(line)
      if index > 0 { lines.append("      " + places[index - 1].canonicalText) }
    }
    return lines.joined(separator: "\n")
  }
}
