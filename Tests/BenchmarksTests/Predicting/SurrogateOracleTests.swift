import Benchmarks
import Oracles
import Records
import Spaces
import Surrogates
import TestSupport
import Testing

@Suite struct SurrogateOracleTests {
  let table: StudiedTable

  init() throws { table = try StudiedTable.shared() }

  @Test func itKeepsThePromisesOfAnOracle() async throws {
    let predicting = try PredictingLookup(table.lookup, table.surrogate())
    let texts = try (table.cells.prefix(4) + [table.unseen]).map {
      try NASBench201Space().byText.canonicalText(of: "nats:\($0)")
    }
    let candidates = texts.map { Candidate(space: "nasbench201", canonicalText: $0) }
    let violations = await checkOracle(
      candidates: candidates, fidelities: [.full], unknown: Candidate(space: "nasbench201", canonicalText: "nats:5")
    ) { SurrogateOracle(predicting, ledger: BudgetLedger(seed: 1, limits: $0)) }
    #expect(violations == [])
  }

  @Test func valuesAreThoseOfTheSurrogateAlsoWhereTheTableHasThem() async throws {
    let predicting = try PredictingLookup(table.lookup, table.surrogate())
    var oracle = SurrogateOracle(predicting, ledger: BudgetLedger(seed: 1))
    let text = try NASBench201Space().byText.canonicalText(of: "nats:\(table.cells[7])")
    let candidate = Candidate(space: "nasbench201", canonicalText: text)
    let observation = try await oracle.observe(candidate)
    let prediction = try predicting.predictions(of: [text])[0]
    #expect(observation.kind == .predicted && observation.trainSeconds == nil && observation.position == 0)
    #expect(observation.values.map(\.value) == [prediction.mean])
    #expect(observation.values.map(\.standardDeviation) == [prediction.standardDeviation])
    #expect(oracle.spending == BudgetSpending(queries: 1))
    let epoch = try table.lookup.epoch
    #expect(throws: OracleError.fullFidelityOnly(position: 3, only: "\(epoch)")) {
      try oracle.observe([OracleRequest(candidate, at: .position(3))])
    }
    #expect(throws: OracleError.self) {
      try oracle.observe([OracleRequest(Candidate(space: "seqnas", canonicalText: text))])
    }
    #expect(oracle.spending == BudgetSpending(queries: 1))
  }

  /// A surrogate that has learnt curves observes their epochs.
  @Test func curvesGiveLowerFidelities() async throws {
    let predicting = try PredictingLookup(table.lookup, table.curveSurrogate())
    let texts = try [table.cells[3], table.unseen].map { try NASBench201Space().byText.canonicalText(of: "nats:\($0)") }
    let candidates = texts.map { Candidate(space: "nasbench201", canonicalText: $0) }
    let violations = await checkOracle(
      candidates: candidates, fidelities: [.position(1), .position(2), .full],
      unknown: Candidate(space: "nasbench201", canonicalText: "nats:5")
    ) { SurrogateOracle(predicting, ledger: BudgetLedger(seed: 1, limits: $0)) }
    #expect(violations == [])
    var oracle = SurrogateOracle(predicting, ledger: BudgetLedger(seed: 1))
    // Mixed, so that each request has to get its own prediction.
    let observations = try oracle.observe([
      OracleRequest(candidates[0], at: .position(2)), OracleRequest(candidates[1]),
      OracleRequest(candidates[1], at: .position(1)), OracleRequest(candidates[0]),
    ])
    let curve = try #require(predicting.curves(texts[1]).mean)
    #expect(observations[2].values.map(\.value) == [curve[0].value])
    #expect(observations[2].values.map(\.standardDeviation) == [curve[0].standardDeviation])
    let finals = try predicting.predictions(of: texts)
    #expect(observations[1].values.map(\.value) == [finals[1].mean])
    #expect(observations[3].values.map(\.value) == [finals[0].mean])
    let early = try #require(observations[0].values.first?.value)
    #expect(abs(early / finals[0].mean - 0.8) < 0.1, "the table's curves are at 0.8 of their end")
    #expect(observations.allSatisfy { $0.kind == .predicted && $0.position == 0 })
    #expect(oracle.spending == BudgetSpending(queries: 4))
    #expect(throws: SurrogatesError.noSuchEpoch(epoch: 4, known: [1, 2, 3])) {
      try oracle.observe([OracleRequest(candidates[0], at: .position(4))])
    }
    #expect(oracle.spending == BudgetSpending(queries: 4))
  }
}
