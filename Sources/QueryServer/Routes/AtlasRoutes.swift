import Benchmarks
import Hummingbird
import NIOCore
import Records
import Store

/// What a server tells of its atlases and their architectures.
struct AtlasRoutes {
  let shelf: AtlasShelf
  let settings: ServerSettings

  func add(to router: Router<RequestState>) {
    router.get("/v1/atlases") { request, _ in
      _ = try QueryParameters(request, known: [])
      return try Reply.json(["atlases": shelf.atlases.map { try AtlasSummary($0) }])
    }
    router.get("/v1/atlases/:atlas") { request, context in
      _ = try QueryParameters(request, known: [])
      let atlas = try shelf.atlas(context.pathText("atlas"))
      return try Reply.json(AtlasDescription(atlas), entityTag: atlas.entityTag)
    }
    router.get("/v1/atlases/:atlas/architectures") { request, context in
      try page(request, shelf.atlas(context.pathText("atlas")))
    }
    router.get("/v1/atlases/:atlas/architectures/:architecture") { request, context in
      let parameters = try QueryParameters(request, known: ["space"])
      let atlas = try shelf.atlas(context.pathText("atlas"))
      let entry = try atlas.benchmark.architecture(context.pathText("architecture"), space: parameters["space"])
      return try Reply.json(ArchitectureDescription(entry, atlas.benchmark), entityTag: atlas.entityTag)
    }
    router.get("/v1/atlases/:atlas/sample") { request, context in
      try sample(request, shelf.atlas(context.pathText("atlas")))
    }
  }

  /// A page of architectures; the token of the next one holds only for this very atlas.
  private func page(_ request: Request, _ atlas: ServedAtlas) throws -> Response {
    let parameters = try QueryParameters(request, known: ["page", "limit"])
    let limit = try parameters.number("limit", default: min(100, settings.pageRows), in: 1...settings.pageRows)
    var first = 1
    if let text = parameters["page"] {
      first = try PageToken(text, atlas: atlas.digest).row
    }
    let count = try atlas.benchmark.atlas.architectureCount()
    let end = min(count + 1, first + limit)
    let entries = first < end ? try atlas.benchmark.atlas.architectures(rows: first..<end) : []
    struct Page: Encodable {
      let architectures: [ArchitectureLine]
      let total: Int
      let nextPage: String?
    }
    return try Reply.json(
      Page(
        architectures: entries.map { ArchitectureLine($0) }, total: count,
        nextPage: end <= count ? PageToken(row: end, atlas: atlas.digest).text : nil),
      entityTag: atlas.entityTag)
  }

  /// Architectures that have runs in a setting, each drawn with the same chance; the same seed draws the same.
  private func sample(_ request: Request, _ atlas: ServedAtlas) throws -> Response {
    let parameters = try QueryParameters(request, known: ["space", "dataset", "protocol", "count", "seed"])
    let count = try parameters.number("count", default: 1, in: 1...settings.pageRows)
    let seed = try parameters.number("seed", default: 0, in: 0...Int.max)
    let question = Question(
      space: parameters["space"], dataset: parameters["dataset"], trainingProtocol: parameters["protocol"])
    let setting = try atlas.benchmark.setting(question)
    var generator = SeededGenerator(seed: UInt64(seed)).stream("server/sample")
    let entries = try (0..<count).compactMap { _ in
      try atlas.benchmark.atlas.architecture(row: atlas.benchmark.randomRow(in: setting, using: &generator))
    }
    return try Reply.json(["architectures": entries.map { ArchitectureLine($0) }], entityTag: atlas.entityTag)
  }
}

/// An architecture in a list. Its place counts from 0 through the atlas; batches name architectures by it.
struct ArchitectureLine: Encodable {
  let place: Int
  let id: ArchitectureID
  let space: String
  let canonicalText: String

  init(_ entry: ArchitectureEntry) {
    place = entry.row - 1
    id = entry.id
    space = entry.space
    canonicalText = entry.canonicalText
  }
}

/// An architecture, and what it is called elsewhere.
struct ArchitectureDescription: Encodable {
  let architecture: ArchitectureLine
  let identifiers: [String: String]

  init(_ entry: ArchitectureEntry, _ benchmark: Benchmark) throws {
    architecture = ArchitectureLine(entry)
    identifiers = Dictionary(
      try benchmark.identifiers(of: entry).map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
  }
}

extension RequestState {
  /// A part of the path, percent-decoded.
  func pathText(_ name: String) throws -> String {
    guard let text = parameters.get(name) else { throw Problem.missingParameter(name) }
    return try QueryParameters.decoded(text.utf8, plusIsSpace: false)
  }
}
