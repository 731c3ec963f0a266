import Benchmarks
import Records

/// What a ledger has spent.
struct LedgerSpending: Encodable, Sendable {
  let queries: Int
  let epochs: Int
  let simulatedTrainingSeconds: Double
  /// Answers about runs whose training time is not known; if any, the seconds are a lower bound.
  let untimedQueries: Int

  init(_ budget: BudgetLedger<RunNumber>) {
    queries = budget.queries
    epochs = budget.epochs
    simulatedTrainingSeconds = budget.simulatedTrainingSeconds
    untimedQueries = budget.untimedQueries
  }
}

/// One answer of a ledger, with what was spent until then.
struct LedgerPoint: Encodable, Sendable {
  let architecture: String
  let epoch: String
  let value: Double?
  let spent: LedgerSpending
}

/// What a ledger tells of itself.
struct LedgerSummary: Encodable, Sendable {
  let terms: LedgerTerms
  let spent: LedgerSpending
  /// Absent limits are absent here too.
  let remaining: BudgetLimits
  /// Different answers.
  let asks: Int
  /// Absent while the ledger is open.
  let report: LedgerReport?
}
