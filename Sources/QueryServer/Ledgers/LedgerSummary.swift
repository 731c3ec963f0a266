import Oracles
import Records

/// One answer of a ledger, with what was spent until then.
struct LedgerPoint: Encodable, Sendable {
  let architecture: String
  let epoch: String
  let value: Double?
  let spent: BudgetSpending
}

/// What a ledger tells of itself.
struct LedgerSummary: Encodable, Sendable {
  let terms: LedgerTerms
  let spent: BudgetSpending
  /// Absent limits are absent here too.
  let remaining: BudgetLimits
  /// Different answers.
  let asks: Int
  /// Absent while the ledger is open.
  let report: LedgerReport?
}
