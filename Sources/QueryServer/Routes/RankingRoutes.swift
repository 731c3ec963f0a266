import Benchmarks
import Hummingbird
import Records
import Store

/// The best architectures, fronts, neighbors.
struct RankingRoutes {
  let settings: ServerSettings

  var endpoints: [Endpoint] {
    [
      Endpoint(
        method: .get, path: "/v1/atlases/{atlas}/top",
        summary:
          "The best architectures by the mean over runs, and how many are left out and why. Equal values are in the "
          + "order of places. `by` ranks by any field, smallest first unless :max follows it; a metric keeps its own "
          + "direction.",
        parameters: Parameter.question + [
          Parameter("count", .number(1...settings.pageRows, default: min(10, settings.pageRows)), "How many."), .filter,
          Parameter("by", "A field instead of the metric, such as `parameters` or `latency[raspi4]:min`."),
          Parameter("show", "A further field to return; may be repeated.").repeatable,
        ],
        answer: Endpoint.json(
          .object(["anyOf": .array([Schema.reference("Ranking"), Schema.reference("FieldRanking")])])),
        followsFromAtlas: true, isKept: true, work: .rankings, handler: .atlas { try top($0, $1) }),
      Endpoint(
        method: .get, path: "/v1/atlases/{atlas}/pareto",
        summary: "The Pareto-optimal (non-dominated) architectures.",
        parameters: Parameter.setting + [
          Parameter("objective", "FIELD, FIELD:min or FIELD:max; repeat for each objective.").required.repeatable,
          .filter,
        ],
        answer: Endpoint.json(Schema.reference("ParetoAnswer")), followsFromAtlas: true, isKept: true, work: .rankings,
        handler: .atlas { try pareto($0, $1) }),
      Endpoint(
        method: .get, path: "/v1/atlases/{atlas}/neighbors",
        summary: "The neighbors of an architecture that have a value, best first.",
        parameters: Parameter.oneArchitecture + Parameter.question,
        answer: Endpoint.json(Schema.reference("NeighborAnswer")), followsFromAtlas: true, isKept: true,
        work: .rankings,
        handler: .atlas { call, atlas in
          let spelling = try atlas.spelling(of: call.parameters.architecture(), space: call.parameters["space"])
          var question = try call.parameters.question()
          question.space = question.space ?? spelling.space
          return try Reply.json(
            atlas.benchmark.neighbors(ofText: spelling.canonicalText, atlas.lookup(question)))
        }),
    ]
  }

  private func top(_ call: Call, _ atlas: ServedAtlas) throws -> Response {
    let parameters = call.parameters
    let count = parameters.number("count")
    let fields = try parameters.all("show").map { try FilterField(parsing: $0) }
    guard let by = parameters["by"] else {
      let binding = try atlas.binding(parameters.question())
      let filter = try parameters["where"].map { try atlas.benchmark.filter($0, for: binding.lookup.setting) }
      let ranking = try atlas.benchmark.top(count, binding.lookup, where: filter, fields: fields)
      return try Reply.json(JSONText.line(ranking, context: binding.context))
    }
    for name in ["metric", "split", "epoch", "seed"] where parameters[name] != nil {
      throw Problem(
        .unprocessableContent, "server.contradiction", "by replaces the metric, so \(name) has no effect",
        hint: "leave out \(name)")
    }
    let question = try parameters.question()
    guard !atlas.atlas.settings.isEmpty else {
      guard question.trainingProtocol == nil else { throw BenchmarkError.noRuns(atlas: atlas.name) }
      let (field, direction) = try Objective.spelled(by)
      return try Reply.json(
        atlas.benchmark.top(
          count, by: field, direction, space: question.space, dataset: question.dataset, where: parameters["where"],
          fields: fields))
    }
    let setting = try atlas.benchmark.setting(question)
    let objective = try atlas.benchmark.objective(by, in: setting)
    let filter = try parameters["where"].map { try atlas.benchmark.filter($0, for: setting) }
    return try Reply.json(
      atlas.benchmark.top(count, by: objective.field, objective.direction, in: setting, where: filter, fields: fields))
  }

  private func pareto(_ call: Call, _ atlas: ServedAtlas) throws -> Response {
    let question = try call.parameters.question()
    let texts = call.parameters.all("objective")
    guard texts.count <= 8 else {
      throw Problem(
        .unprocessableContent, "server.too_many_objectives", "too many objectives: \(texts.count); allowed: at most 8")
    }
    guard !atlas.atlas.settings.isEmpty else {
      guard question.trainingProtocol == nil else { throw BenchmarkError.noRuns(atlas: atlas.name) }
      return try Reply.json(
        atlas.benchmark.paretoFront(
          texts.map(Objective.init(ofMeasurement:)), space: question.space, dataset: question.dataset,
          where: call.parameters["where"]))
    }
    let setting = try atlas.benchmark.setting(question)
    let objectives = try texts.map { try atlas.benchmark.objective($0, in: setting) }
    let filter = try call.parameters["where"].map { try atlas.benchmark.filter($0, for: setting) }
    return try Reply.json(atlas.benchmark.paretoFront(objectives, in: setting, where: filter))
  }
}
