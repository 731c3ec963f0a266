import Benchmarks
import Hummingbird
import NIOCore
import Oracles
import Records
import Store

/// Budgets: opened, asked, read, closed.
struct LedgerRoutes {
  var endpoints: [Endpoint] {
    [
      Endpoint(
        method: .post, path: "/v1/atlases/{atlas}/ledgers",
        summary:
          "Open a ledger for a question, with a budget of queries, epochs or simulated training seconds, or several "
          + "of these. A ledger without a budget must be declared unlimited. The id is random, and everyone who knows "
          + "it can use the ledger.",
        parameters: Parameter.question,
        body: Endpoint.Body(
          content: Endpoint.json(
            Schema.closed([
              "queries?": Self.whole, "epochs?": Self.whole,
              "simulatedTrainingSeconds?": .object(["type": "number", "minimum": 0]), "unlimited?": Schema.flag,
            ]))), status: .created, answer: Endpoint.json(Schema.reference("Ledger")), writes: true,
        work: .ledgers, handler: .postedToAtlas { try open($0, $1) }),
      Endpoint(
        method: .get, path: "/v1/ledgers/{ledger}",
        summary: "The spending of a ledger, and its report after it is closed.",
        answer: Endpoint.json(Schema.reference("Ledger")),
        handler: .plain { call in try Reply.json(ledger(call).summary) }),
      Endpoint(
        method: .get, path: "/v1/ledgers/{ledger}/history",
        summary: "The answers of a ledger in order, with the spending up to each.",
        answer: Endpoint.json(Schema.object(["answers": Schema.array(Schema.record)])), work: .ledgers,
        handler: .plain { call in try Reply.json(["answers": ledger(call).history]) }),
      Endpoint(
        method: .post, path: "/v1/ledgers/{ledger}/ask",
        summary:
          "The value of an architecture, charged once: repeated queries of the same architecture at the same epoch "
          + "are free.",
        body: Endpoint.Body(
          content: Endpoint.json(
            Schema.closed(["architecture": ArchitectureKey.schema, "epoch?": Parameter.epoch.schema]))),
        answer: Endpoint.json(
          Schema.object(["answer": Schema.reference("Answer"), "ledger": Schema.reference("Ledger")])), writes: true,
        work: .ledgers, handler: .posted { try ask($0) }),
      Endpoint(
        method: .post, path: "/v1/ledgers/{ledger}/close",
        summary:
          "Close a ledger with the chosen architecture, which must be one that it queried. The report contains the "
          + "regret and the test value of that architecture only.",
        body: Endpoint.Body(content: Endpoint.json(Schema.closed(["incumbent": ArchitectureKey.schema]))),
        answer: Endpoint.json(Schema.reference("Ledger")), writes: true, work: .ledgers,
        handler: .posted { try close($0) }),
    ]
  }

  private static let budgets = 0...1_000_000_000
  private static let whole: JSONValue = .object([
    "type": "integer", "minimum": 0, "maximum": .integer(Int64(budgets.upperBound)),
  ])

  private func book(_ call: Call) throws -> LedgerBook {
    guard let book = call.book else {
      throw Problem(
        .notFound, "server.no_ledgers", "this server has no ledgers",
        hint: "the operator can set state-folder")
    }
    return book
  }

  private func ledger(_ call: Call) throws -> Ledger {
    let ledger = try book(call).ledger(call.path("ledger"))
    try ledger.check(call.shelf)
    return ledger
  }

  private func open(_ call: Call, _ atlas: ServedAtlas) throws -> Endpoint.Answering {
    let book = try book(call)
    try checkTokens(atlas, call)
    let question = try call.parameters.question()
    guard question.seeds != .all else {
      throw Problem(
        .unprocessableContent, "server.many_values", "seed=all has one value per run, not one per architecture",
        allowed: ["mean"])
    }
    let lookup = try atlas.ledgerLookup(question)
    // A ledger over nothing would answer no question.
    try lookup.requireAnswers()
    return { body in
      let ledger = try book.open(atlas, lookup, limits(body))
      var response = try Reply.json(ledger.summary)
      response.status = .created
      response.headers[.location] = "/v1/ledgers/\(ledger.terms.id)"
      return response
    }
  }

  /// The budget that a body gives.
  private func limits(_ body: ByteBuffer) throws -> BudgetLimits {
    let members = ["queries", "epochs", "simulatedTrainingSeconds", "unlimited"]
    let hint = "send {\"queries\": 100}, or {\"unlimited\": true}"
    let refusal = JSONReader.Refusal(code: "server.bad_body", hint: hint)
    var (limits, isUnlimited) = (BudgetLimits(), false)
    try JSONReader.read(body, members, refusal) { member, reader in
      switch member {
      case "queries": limits.queries = try reader.whole(in: Self.budgets)
      case "epochs": limits.epochs = try reader.whole(in: Self.budgets)
      case "unlimited": isUnlimited = try reader.flag()
      default:
        let seconds = try reader.number()
        guard seconds.isFinite, seconds >= 0 else { throw JSONReader.Fault.wanted("a finite number from 0") }
        limits.simulatedTrainingSeconds = seconds
      }
    }
    let isLimited = limits != BudgetLimits()
    guard isLimited != isUnlimited else {
      throw Problem(
        .unprocessableContent, isLimited ? "server.contradiction" : "server.no_budget",
        isLimited ? "a ledger cannot have a budget and be unlimited" : "the ledger has no budget", hint: hint,
        allowed: members)
    }
    return limits
  }

  private func ask(_ call: Call) throws -> Endpoint.Answering {
    let (ledger, atlas) = try ledgerAndAtlas(call)
    return { body in
      var (architecture, epoch): (ArchitectureKey?, EpochChoice?)
      try JSONReader.read(
        body, ["architecture", "epoch"], required: ["architecture"],
        JSONReader.Refusal(code: "server.bad_body", hint: "send {\"architecture\": \"…\"}")
      ) { member, reader in
        if member == "epoch" {
          epoch = try QueryParameters.epoch(reader.text())
        } else {
          architecture = try reader.oneArchitecture()
        }
      }
      let entry = try found(architecture, ledger, atlas)
      struct Told: Encodable {
        let answer: Answer
        let ledger: LedgerSummary
      }
      let answer = try ledger.ask(entry, epoch: epoch, atlas)
      return try Reply.json(Told(answer: answer, ledger: ledger.summary))
    }
  }

  private func close(_ call: Call) throws -> Endpoint.Answering {
    let (ledger, atlas) = try ledgerAndAtlas(call)
    return { body in
      var incumbent: ArchitectureKey?
      try JSONReader.read(
        body, ["incumbent"], required: ["incumbent"],
        JSONReader.Refusal(code: "server.bad_body", hint: "send {\"incumbent\": \"…\"}")
      ) { _, reader in incumbent = try reader.oneArchitecture() }
      let entry = try found(incumbent, ledger, atlas)
      _ = try ledger.close(entry, atlas)
      return try Reply.json(ledger.summary)
    }
  }

  /// The ledger of a path, and its atlas.
  private func ledgerAndAtlas(_ call: Call) throws -> (Ledger, ServedAtlas) {
    let ledger = try ledger(call)
    let atlas = try call.shelf.atlas(ledger.terms.atlas).atlas
    try checkTokens(atlas, call)
    return (ledger, atlas)
  }

  /// Ledgers of a sealed atlas give away test values one by one, so anyone may not open many of them.
  private func checkTokens(_ atlas: ServedAtlas, _ call: Call) throws {
    guard atlas.isSealed, call.settings.tokenFile.isEmpty else { return }
    throw Problem(
      .forbidden, "server.sealed_needs_tokens", "\(atlas.name) is sealed, but this server has no token-file",
      hint: "the operator can set token-file")
  }

  private func found(_ key: ArchitectureKey?, _ ledger: Ledger, _ atlas: ServedAtlas) throws -> ArchitectureEntry {
    guard let key else { preconditionFailure("the reader has met every required member") }
    return try atlas.find(key, space: ledger.terms.question.space).entry
  }
}
