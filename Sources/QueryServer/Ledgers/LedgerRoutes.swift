import Benchmarks
import Foundation
import Hummingbird
import NIOCore
import NIOFoundationCompat
import Records
import Store

/// Budgets: opened, asked, read, closed.
struct LedgerRoutes {
  var endpoints: [Endpoint] {
    [
      Endpoint(
        method: .post, path: "/v1/atlases/{atlas}/ledgers",
        summary:
          "Open a ledger over a question with a budget of queries, epochs or simulated training seconds, or several of "
          + "them; without any only where it is said to be unlimited. Its id is random; whoever knows it may use it.",
        parameters: Parameter.question,
        body: Endpoint.Body(
          content: Endpoint.json(
            Schema.closed([
              "queries?": Self.whole, "epochs?": Self.whole,
              "simulatedTrainingSeconds?": .object(["type": "number", "minimum": 0]), "unlimited?": Schema.flag,
            ]))), status: .created, answer: Endpoint.json(Schema.reference("Ledger")), writes: true,
        handler: .atlas { try await open($0, $1) }),
      Endpoint(
        method: .get, path: "/v1/ledgers/{ledger}",
        summary: "What a ledger has spent, and its report once it is closed.",
        answer: Endpoint.json(Schema.reference("Ledger")),
        handler: .plain { call in try Reply.json(book(call).ledger(call.path("ledger")).summary) }),
      Endpoint(
        method: .get, path: "/v1/ledgers/{ledger}/history",
        summary: "The answers of a ledger in their order, with what was spent until then.",
        answer: Endpoint.json(Schema.object(["answers": Schema.array(Schema.record)])),
        handler: .plain { call in try Reply.json(["answers": book(call).ledger(call.path("ledger")).history]) }),
      Endpoint(
        method: .post, path: "/v1/ledgers/{ledger}/ask",
        summary: "The value of an architecture, charged once: the same architecture at the same epoch again is free.",
        body: Endpoint.Body(
          content: Endpoint.json(
            Schema.closed(["architecture": ArchitectureKey.schema, "epoch?": Parameter.epoch.schema]))),
        answer: Endpoint.json(
          Schema.object(["answer": Schema.reference("Answer"), "ledger": Schema.reference("Ledger")])), writes: true,
        handler: .plain { try await ask($0) }),
      Endpoint(
        method: .post, path: "/v1/ledgers/{ledger}/close",
        summary:
          "Close a ledger with the architecture that was chosen, one that it asked. Its report tells the regret, "
          + "and the test value of that architecture alone.",
        body: Endpoint.Body(content: Endpoint.json(Schema.closed(["incumbent": ArchitectureKey.schema]))),
        answer: Endpoint.json(Schema.reference("Ledger")), writes: true, isLong: true,
        handler: .plain { try await close($0) }),
    ]
  }

  private static let whole: JSONValue = .object(["type": "integer", "minimum": 0, "maximum": 1_000_000_000])

  private func book(_ call: Call) throws -> LedgerBook {
    guard let book = call.book else {
      throw Problem(
        .notFound, "server.no_ledgers", "this server keeps no ledgers", hint: "start it with --set state-folder=FOLDER")
    }
    return book
  }

  private func open(_ call: Call, _ atlas: ServedAtlas) async throws -> Response {
    struct Budget: Decodable {
      var queries: Int?
      var epochs: Int?
      var simulatedTrainingSeconds: Double?
      var unlimited: Bool?
    }
    let members = ["queries", "epochs", "simulatedTrainingSeconds", "unlimited"]
    let hint = "send {\"queries\": 100}, or {\"unlimited\": true}"
    let budget = try await call.read(Budget.self, allowed: members, hint: hint)
    let isLimited = budget.queries != nil || budget.epochs != nil || budget.simulatedTrainingSeconds != nil
    guard isLimited != (budget.unlimited ?? false) else {
      throw Problem(
        .unprocessableContent, isLimited ? "server.contradiction" : "server.no_budget",
        isLimited ? "the ledger has a budget and is said to be unlimited" : "the ledger has no budget", hint: hint,
        allowed: members)
    }
    let whole = [budget.queries, budget.epochs].compactMap { $0 }
    guard whole.allSatisfy({ (0...1_000_000_000).contains($0) }),
      budget.simulatedTrainingSeconds.map({ $0.isFinite && $0 >= 0 }) ?? true
    else { throw Problem.badBody("a budget is 0 or more", hint: hint) }
    let question = try call.parameters.question()
    guard question.seeds != .all else {
      throw Problem(.unprocessableContent, "server.many_values", "seed=all has a value a run", allowed: ["mean"])
    }
    let ledger = try book(call).open(
      atlas, atlas.lookup(question),
      BudgetLimits(
        queries: budget.queries, epochs: budget.epochs, simulatedTrainingSeconds: budget.simulatedTrainingSeconds))
    var response = try Reply.json(ledger.summary)
    response.status = .created
    response.headers[.location] = "/v1/ledgers/\(ledger.terms.id)"
    return response
  }

  private func ask(_ call: Call) async throws -> Response {
    struct Asked: Decodable {
      let architecture: ArchitectureKey
      let epoch: String?
    }
    let asked = try await call.read(
      Asked.self, allowed: ["architecture", "epoch"], hint: "send {\"architecture\": \"…\"}")
    let ledger = try book(call).ledger(call.path("ledger"))
    let (atlas, entry) = try found(asked.architecture, ledger, call)
    struct Told: Encodable {
      let answer: Answer
      let ledger: LedgerSummary
    }
    let answer = try ledger.ask(entry, epoch: asked.epoch.map { try QueryParameters.epoch($0) }, atlas)
    return try Reply.json(Told(answer: answer, ledger: ledger.summary))
  }

  private func close(_ call: Call) async throws -> Response {
    struct Chosen: Decodable { let incumbent: ArchitectureKey }
    let chosen = try await call.read(Chosen.self, allowed: ["incumbent"], hint: "send {\"incumbent\": \"…\"}")
    let ledger = try book(call).ledger(call.path("ledger"))
    let (atlas, entry) = try found(chosen.incumbent, ledger, call)
    _ = try ledger.close(entry, atlas)
    return try Reply.json(ledger.summary)
  }

  private func found(_ key: ArchitectureKey, _ ledger: Ledger, _ call: Call) throws -> (ServedAtlas, ArchitectureEntry)
  {
    let atlas = try call.shelf.atlas(ledger.terms.atlas).atlas
    return (atlas, try atlas.find(key, space: ledger.terms.question.space).entry)
  }
}
