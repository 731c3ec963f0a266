import Foundation
import Oracles
import Records
import Testing

/// The cases of `tools/python/tests/golden/ledger.json`, which the Python client runs through a server.
@Suite struct LedgerCasesTests {
  private struct File: Decodable {
    let secondsPerEpoch: [String: Double?]
    let cases: [Case]
  }

  private struct Case: Decodable {
    let name: String
    let limits: Limits
    let steps: [Step]
  }

  private struct Limits: Decodable {
    let queries: Int?
    let epochs: Int?
    let simulatedSeconds: Double?
  }

  private struct Step: Decodable {
    let run: String
    let epoch: Int
    /// The code of the error.
    let refused: String?
    /// Queries, epochs, seconds and untimed queries after the step.
    let spent: [Double]
  }

  @Test func everyCase() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let file = try decoder.decode(
      File.self, from: Data(contentsOf: root.appendingPathComponent("tools/python/tests/golden/ledger.json")))
    #expect(file.cases.count >= 5)
    let runs = file.secondsPerEpoch.keys.sorted()
    for one in file.cases {
      var ledger = BudgetLedger<RunNumber>(
        seed: 1,
        limits: BudgetLimits(
          queries: one.limits.queries, epochs: one.limits.epochs, simulatedTrainingSeconds: one.limits.simulatedSeconds
        ))
      for (place, step) in one.steps.enumerated() {
        let number = try #require(runs.firstIndex(of: step.run))
        let seconds = file.secondsPerEpoch[step.run].flatMap { $0 }.map { $0 * Double(step.epoch) }
        var refusal: String?
        do {
          try ledger.charge(run: RunNumber(high: 0, low: UInt64(number)), epoch: step.epoch, secondsUpToEpoch: seconds)
        } catch {
          refusal = error.code
        }
        #expect(refusal == step.refused, "\(one.name), step \(place)")
        let spent = [
          Double(ledger.queries), Double(ledger.epochs), ledger.simulatedTrainingSeconds, Double(ledger.untimedQueries),
        ]
        #expect(spent == step.spent, "\(one.name), step \(place)")
      }
    }
  }
}
