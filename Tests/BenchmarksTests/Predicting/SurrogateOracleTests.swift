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
}
