public import Oracles
import Records

/// The conformance kit of ``Oracle``: the violations found, as messages, none when an oracle keeps its promises.
///
/// `make` gives a new oracle with limits. Every candidate is asked at every fidelity; at least one must complete. Checks
/// that values follow the goals; that runs which do not complete have none; that only predictions have deviations; that
/// equal histories give equal values; that many at once are observed as each alone, and the order changes no value; that
/// each epoch is charged once and costs add up to the spending; that an unknown candidate, and a budget that is too
/// small, throw and change nothing. `repeatsSeconds` is false for oracles that measure time.
public func checkOracle<Tested: Oracle>(
  candidates: [Candidate], fidelities: [Fidelity], unknown: Candidate, repeatsSeconds: Bool = true,
  make: (BudgetLimits) throws -> Tested
) async -> [String] {
  var check = OracleCheck(repeatsSeconds: repeatsSeconds)
  let requests = candidates.flatMap { candidate in
    fidelities.sorted().map { OracleRequest(candidate, at: $0) }
  }
  do {
    let observed = try await check.alone(try make(.unlimited), requests)
    check.forms(observed, of: try make(.unlimited).subject)
    check.equal(try await check.alone(try make(.unlimited), requests), observed, "a second oracle")
    try await check.manyAtOnce(try make(.unlimited), requests, observed)
    try await check.otherOrder(try make(.unlimited), requests, observed)
    try await check.epochsOnce(try make(.unlimited), requests, observed)
    try await check.unknown(try make(.unlimited), requests, unknown)
    try await check.limits(requests, observed, make: make)
  } catch {
    check.report("it throws \(error)")
  }
  return check.violations
}

private struct OracleCheck {
  let repeatsSeconds: Bool
  var violations: [String] = []

  init(repeatsSeconds: Bool) { self.repeatsSeconds = repeatsSeconds }

  mutating func report(_ what: String) { violations.append(what) }

  mutating func alone(_ oracle: some Oracle, _ requests: [OracleRequest]) async throws -> [Observation] {
    var oracle = oracle
    if oracle.spending != BudgetSpending() { report("a new oracle has spent \(oracle.spending)") }
    var observed: [Observation] = []
    for request in requests {
      let before = oracle.spending
      let observation = try await oracle.observe(request.candidate, at: request.fidelity)
      if observation.candidate != request.candidate || observation.fidelity != request.fidelity {
        report("\(request) is answered with \(observation.candidate) at \(observation.fidelity)")
      }
      let cost = oracle.spending - before
      if !costsAgree(cost, observation.cost) { report("\(request) costs \(observation.cost), and \(cost) are spent") }
      observed.append(observation)
    }
    return observed
  }

  mutating func forms(_ observed: [Observation], of subject: OracleSubject) {
    if subject.goals.isEmpty { report("there is no goal") }
    if !observed.contains(where: { $0.status == .completed }) { report("no run completes") }
    for observation in observed {
      let name = "\(observation.candidate) at \(observation.fidelity)"
      if observation.status == .completed {
        if observation.values.map(\.metric) != subject.goals.map(\.metric) {
          report("\(name): values of other metrics")
        }
      } else if !observation.values.isEmpty {
        report("\(name): values of a run that is \(observation.status)")
      }
      for value in observation.values {
        if value.split != subject.split { report("\(name): a value of the split \(value.split)") }
        if value.value.isNaN { report("\(name): a value is NaN") }
        switch (observation.kind, value.standardDeviation) {
        case (.measured, nil): break
        case (.predicted, let deviation?) where deviation >= 0 && deviation.isFinite: break
        default: report("\(name): \(observation.kind) with the deviation \(value.standardDeviation as Any)")
        }
      }
      if observation.position < 0 { report("\(name): the position \(observation.position)") }
      if let seconds = observation.trainSeconds, !(seconds >= 0 && seconds.isFinite) {
        report("\(name): \(seconds) seconds")
      }
      if observation.cost.queries != 1 { report("\(name): \(observation.cost.queries) queries") }
      if observation.cost.epochs < 0 || observation.cost.simulatedTrainingSeconds < 0 {
        report("\(name): costs of \(observation.cost)")
      }
    }
  }

  mutating func manyAtOnce(
    _ oracle: some Oracle, _ requests: [OracleRequest], _ expected: [Observation]
  ) async throws {
    var oracle = oracle
    if try await !oracle.observe([]).isEmpty { report("no requests give observations") }
    if oracle.spending != BudgetSpending() { report("no requests cost \(oracle.spending)") }
    equal(try await oracle.observe(requests), expected, "all at once")
    if oracle.spending.queries != requests.count { report("all at once: \(oracle.spending.queries) queries") }
  }

  /// Costs depend on what was asked before, values do not.
  mutating func otherOrder(
    _ oracle: some Oracle, _ requests: [OracleRequest], _ expected: [Observation]
  ) async throws {
    var oracle = oracle
    let reversed = try await oracle.observe(requests.reversed())
    if reversed.reversed().map(\.values) != expected.map(\.values) { report("another order gives other values") }
    let epochs = expected.reduce(0) { $0 + $1.cost.epochs }
    if oracle.spending.epochs != epochs {
      report("another order costs \(oracle.spending.epochs) epochs, not \(epochs)")
    }
  }

  mutating func epochsOnce(
    _ oracle: some Oracle, _ requests: [OracleRequest], _ expected: [Observation]
  ) async throws {
    var oracle = oracle
    _ = try await oracle.observe(requests)
    let spent = oracle.spending
    let again = try await oracle.observe(requests)
    if again.map(\.values) != expected.map(\.values) { report("the same questions again give other values") }
    let cost = oracle.spending - spent
    if cost.queries != requests.count || cost.epochs != 0 || cost.simulatedTrainingSeconds != 0 {
      report("the same questions again cost \(cost)")
    }
  }

  mutating func unknown(_ oracle: some Oracle, _ requests: [OracleRequest], _ unknown: Candidate) async throws {
    var oracle = oracle
    _ = try await oracle.observe(Array(requests.prefix(1)))
    let spent = oracle.spending
    for requests in [[OracleRequest(unknown)], requests + [OracleRequest(unknown)]] {
      do {
        _ = try await oracle.observe(requests)
        report("an unknown candidate is observed")
      } catch is any UserFacingError {}
      if oracle.spending != spent { report("an unknown candidate costs \(oracle.spending - spent)") }
    }
  }

  /// A limit one below what is needed refuses the last question, alone and among others; the limit itself does not.
  mutating func limits<Tested: Oracle>(
    _ requests: [OracleRequest], _ expected: [Observation], make: (BudgetLimits) throws -> Tested
  ) async throws {
    let epochs = expected.reduce(0) { $0 + $1.cost.epochs }
    let needed = [BudgetLimits(queries: requests.count)] + (epochs > 0 ? [BudgetLimits(epochs: epochs)] : [])
    for limits in needed {
      var enough = try make(limits)
      equal(try await enough.observe(requests), expected, "a budget that is just enough")
      var short = try make(
        BudgetLimits(queries: limits.queries.map { $0 - 1 }, epochs: limits.epochs.map { $0 - 1 }))
      do {
        _ = try await short.observe(requests)
        report("a budget of \(limits) less 1 is enough")
      } catch is BudgetError {}
      if short.spending != BudgetSpending() { report("a refusal costs \(short.spending)") }
    }
  }

  mutating func equal(_ found: [Observation], _ expected: [Observation], _ what: String) {
    guard found.count == expected.count else {
      return report("\(what): \(found.count) of \(expected.count) observations")
    }
    for (found, expected) in zip(found, expected) {
      let isEqual =
        found.candidate == expected.candidate && found.fidelity == expected.fidelity && found.status == expected.status
        && found.values == expected.values && found.position == expected.position && found.kind == expected.kind
        && costsAgree(found.cost, expected.cost) && (!repeatsSeconds || found.trainSeconds == expected.trainSeconds)
      if !isEqual { report("\(what) observes \(found), not \(expected)") }
    }
  }

  /// Sums of seconds differ in their last digits.
  private func costsAgree(_ left: BudgetSpending, _ right: BudgetSpending) -> Bool {
    let seconds = (left.simulatedTrainingSeconds, right.simulatedTrainingSeconds)
    return left.queries == right.queries && left.epochs == right.epochs && left.untimedQueries == right.untimedQueries
      && (!repeatsSeconds || abs(seconds.0 - seconds.1) <= 1e-9 * max(1, seconds.0, seconds.1))
  }
}
