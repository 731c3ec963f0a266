import Benchmarks
import Hummingbird
import Records
import Store

/// The best architectures, fronts, neighbours.
struct RankingRoutes {
  let shelf: AtlasShelf
  let settings: ServerSettings

  func add(to router: Router<RequestState>) {
    router.get("/v1/atlases/:atlas/top") { request, context in
      try top(request, shelf.atlas(context.pathText("atlas")))
    }
    router.get("/v1/atlases/:atlas/pareto") { request, context in
      try pareto(request, shelf.atlas(context.pathText("atlas")))
    }
    router.get("/v1/atlases/:atlas/neighbors") { request, context in
      try neighbours(request, shelf.atlas(context.pathText("atlas")))
    }
  }

  private func top(_ request: Request, _ atlas: ServedAtlas) throws -> Response {
    let parameters = try QueryParameters(
      request, known: ["count", "where", "show"] + QueryParameters.question, repeatable: ["show"])
    let count = try parameters.number("count", default: 10, in: 1...settings.pageRows)
    let lookup = try atlas.lookup(parameters.question())
    let benchmark = atlas.benchmark
    let filter = try parameters["where"].map { try benchmark.filter($0, for: lookup.setting) }
    let fields = try parameters.all("show").map { try FilterField(parsing: $0) }
    return try Reply.json(benchmark.top(count, lookup, where: filter, fields: fields), entityTag: atlas.entityTag)
  }

  private func pareto(_ request: Request, _ atlas: ServedAtlas) throws -> Response {
    let parameters = try QueryParameters(
      request, known: ["space", "dataset", "protocol", "objective", "where"], repeatable: ["objective"])
    let benchmark = atlas.benchmark
    let setting = try benchmark.setting(parameters.question())
    let objectives = try parameters.all("objective").map { try benchmark.objective($0, in: setting) }
    let filter = try parameters["where"].map { try benchmark.filter($0, for: setting) }
    return try Reply.json(
      benchmark.paretoFront(objectives, in: setting, where: filter), entityTag: atlas.entityTag)
  }

  private func neighbours(_ request: Request, _ atlas: ServedAtlas) throws -> Response {
    let parameters = try QueryParameters(request, known: ["architecture"] + QueryParameters.question)
    let spelling = try atlas.benchmark.spelling(of: parameters.required("architecture"), space: parameters["space"])
    var question = try parameters.question()
    question.space = question.space ?? spelling.space
    return try Reply.json(
      atlas.benchmark.neighbours(ofText: spelling.canonicalText, atlas.lookup(question)), entityTag: atlas.entityTag)
  }
}
