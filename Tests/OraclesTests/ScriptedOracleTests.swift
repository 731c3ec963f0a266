import Oracles
import Records
import TestSupport
import Testing

@Suite struct ScriptedOracleTests {
  private static let subject = OracleSubject(
    space: "made-up", goals: [.init(.accuracy, .maximise), .init(Metric("latency_milliseconds"), .minimise)],
    split: .validation)

  private static func candidate(_ text: String) -> Candidate { Candidate(space: "made-up", canonicalText: text) }

  private static let scripts: [Candidate: ScriptedOracle.Script] = [
    candidate("a"): .init(values: [[0.5, 3], [0.75, 3], [0.625, 3]], seconds: [1, 2, 4]),
    candidate("b"): .init(values: [[0.25, 2], [0.5, 2], [0.5, 2]]),
    candidate("fails"): .init(values: [[0.125, 1]], seconds: [8, 0.5], fault: .failed),
    candidate("times out"): .init(values: [[0.5, 1], [0.5, 1]], seconds: [1, 1, 100], fault: .timedOut),
    candidate("diverges"): .init(values: [], seconds: [0.25], fault: .diverged),
  ]

  private static let candidates = scripts.keys.sorted { $0.canonicalText < $1.canonicalText }
  private static let unknown = candidate("unknown")

  private static func oracle(_ limits: BudgetLimits = .unlimited, failing: Set<Int> = []) -> ScriptedOracle {
    ScriptedOracle(subject, scripts, limits: limits, failingRequests: failing)
  }

  @Test func itKeepsThePromisesOfAnOracle() async {
    let violations = await checkOracle(
      candidates: Self.candidates, fidelities: [.position(1), .position(3), .full, .position(2)], unknown: Self.unknown
    ) { Self.oracle($0) }
    #expect(violations == [])
  }

  @Test func runsEndAsScripted() throws {
    var oracle = Self.oracle()
    let observed = try oracle.observe([
      OracleRequest(Self.candidate("a"), at: .position(2)), OracleRequest(Self.candidate("a")),
      OracleRequest(Self.candidate("fails"), at: .position(1)), OracleRequest(Self.candidate("fails")),
      OracleRequest(Self.candidate("diverges")), OracleRequest(Self.candidate("b")),
    ])
    #expect(observed.map(\.status) == [.completed, .completed, .completed, .failed, .diverged, .completed])
    #expect(observed.map(\.position) == [2, 3, 1, 1, 0, 3])
    #expect(observed.map(\.trainSeconds) == [3, 7, 8, 8.5, 0.25, nil])
    #expect(observed.map { $0.values.map(\.value) } == [[0.75, 3], [0.625, 3], [0.125, 1], [], [], [0.5, 2]])
    #expect(observed.map(\.cost.epochs) == [2, 1, 1, 0, 0, 3])
    #expect(observed.map(\.cost.simulatedTrainingSeconds) == [3, 4, 8, 0.5, 0.25, 0])
    #expect(
      oracle.spending == BudgetSpending(queries: 6, epochs: 7, simulatedTrainingSeconds: 15.75, untimedQueries: 1))
  }

  @Test func aFaultOfTheOracleChargesNothing() async throws {
    var oracle = Self.oracle(failing: [1])
    let requests = [OracleRequest(Self.candidate("a")), OracleRequest(Self.candidate("b"))]
    #expect(throws: ScriptedOracle.ScriptedFault(request: 1)) { try oracle.observe(requests) }
    #expect(oracle.spending == BudgetSpending())
    #expect(try oracle.observe(requests).count == 2)
  }

  @Test func unknownCandidatesAndPositionsAreRefused() async throws {
    var oracle = Self.oracle()
    #expect(throws: OracleError.unknownCandidate("unknown", space: "made-up")) {
      try oracle.observe([OracleRequest(Self.unknown)])
    }
    for position in [0, -1, 4] {
      #expect(throws: OracleError.invalidPosition(position, candidate: "a", last: 3)) {
        try oracle.observe([OracleRequest(Self.candidate("a"), at: .position(position))])
      }
    }
    #expect(oracle.spending == BudgetSpending())
  }

  /// Seconds of observations on the clock: a paused run, a run that fails, and the order of ends.
  @Test func aClockTakesObservations() async throws {
    var oracle = Self.oracle()
    var clock = try SimulatedClock<Candidate>(workerCount: 2)
    for (text, fidelity) in [("a", Fidelity.position(2)), ("fails", .full), ("a", .full)] {
      let observation = try await oracle.observe(Self.candidate(text), at: fidelity)
      try clock.submit(
        observation.candidate, secondsUpToEnd: try #require(observation.trainSeconds), status: observation.status)
    }
    var ends: [String] = []
    while let end = clock.next() { ends.append("\(end.run) \(end.worker) \(end.endSeconds) \(end.status)") }
    #expect(ends == ["a 0 3.0 completed", "a 0 7.0 completed", "fails 1 8.5 failed"])
  }

  @Test(arguments: FlawedOracle.Flaw.allCases)
  func theKitFindsEveryFlaw(flaw: FlawedOracle.Flaw) async {
    let violations = await checkOracle(
      candidates: Self.candidates, fidelities: [.position(1), .full], unknown: Self.unknown
    ) { FlawedOracle(flaw: flaw, inner: Self.oracle($0)) }
    #expect(!violations.isEmpty)
  }

  @Test func everyErrorSaysWhatToDo() {
    let errors: [OracleError] = [
      .invalidWorkerCount(0), .invalidSeconds(-1, run: "r"), .unknownCandidate("c", space: "s"),
      .invalidPosition(4, candidate: "c", last: 3), .fullFidelityOnly(position: 1, only: "best"),
      .noObservation(candidate: "c"),
    ]
    #expect(Set(errors.map(\.code)).count == errors.count)
    #expect(errors.allSatisfy { $0.remedy != nil && $0.code.hasPrefix("oracles.") })
    #expect(errors[3].message == "c has no position 4; allowed: 1 to 3")
  }

  @Test func theFullFidelityComesLast() {
    #expect([Fidelity.full, .position(9), .position(10)].sorted() == [.position(9), .position(10), .full])
    #expect(!(Fidelity.full < .full))
  }
}

/// An oracle that breaks one promise.
struct FlawedOracle: Oracle {
  enum Flaw: CaseIterable {
    case otherMetrics, valuesOfFailures, deviations, reorders, paysBeforeRefusal, ignoresLimits, hidesCosts, drifts
  }

  let flaw: Flaw
  var inner: ScriptedOracle
  private var asked = 0

  init(flaw: Flaw, inner: ScriptedOracle) {
    self.flaw = flaw
    self.inner = inner
  }

  var subject: OracleSubject { inner.subject }
  var spending: BudgetSpending { inner.spending }

  mutating func observe(_ requests: [OracleRequest]) throws -> [Observation] {
    asked += requests.count
    var observed: [Observation] = []
    switch flaw {
    case .paysBeforeRefusal: for request in requests { observed += try inner.observe([request]) }
    case .ignoresLimits:
      do { observed = try inner.observe(requests) } catch is BudgetError { return [] }
    default: observed = try inner.observe(requests)
    }
    if flaw == .reorders { observed.reverse() }
    return observed.map(changed)
  }

  private func changed(_ found: Observation) -> Observation {
    var (values, cost) = (found.values, found.cost)
    switch flaw {
    case .otherMetrics: values.reverse()
    case .valuesOfFailures where values.isEmpty: values = [.init(metric: .accuracy, split: .validation, value: 0)]
    case .deviations:
      values = values.map { .init(metric: $0.metric, split: $0.split, value: $0.value, standardDeviation: 1) }
    case .drifts:
      values = values.map { .init(metric: $0.metric, split: $0.split, value: $0.value + Double(asked)) }
    case .hidesCosts: cost = BudgetSpending(queries: 1)
    default: break
    }
    return Observation(
      candidate: found.candidate, fidelity: found.fidelity, status: found.status, values: values,
      position: found.position, trainSeconds: found.trainSeconds, kind: found.kind, cost: cost)
  }
}
