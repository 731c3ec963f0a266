public import Records

/// Why a budget ledger refuses: a limit, or a charge or snapshot that cannot be.
public enum BudgetError: UserFacingError, Equatable {
  case queriesExceeded(spent: Int, asked: Int, limit: Int)
  case epochsExceeded(spent: Int, asked: Int, limit: Int)
  case simulatedTrainingSecondsExceeded(spent: Double, asked: Double, limit: Double)
  /// Simulated seconds are limited, and the source does not tell the time of a run that is asked for.
  case timeUnknown(run: String, limit: Double)
  /// A charge with a negative or absurd number; `reason` names it.
  case invalidCharge(reason: String)
  /// A stored ledger that no history of questions can have made.
  case invalidSnapshot(reason: String)

  public var code: String {
    switch self {
    case .queriesExceeded: "oracles.budget_queries"
    case .epochsExceeded: "oracles.budget_epochs"
    case .simulatedTrainingSecondsExceeded: "oracles.budget_simulated_seconds"
    case .timeUnknown: "oracles.budget_time_unknown"
    case .invalidCharge: "oracles.budget_invalid_charge"
    case .invalidSnapshot: "oracles.budget_invalid_snapshot"
    }
  }

  public var message: String {
    switch self {
    case .queriesExceeded(let spent, let asked, let limit):
      "the budget of \(limit) queries is too small: \(spent) spent, \(asked) more requested"
    case .epochsExceeded(let spent, let asked, let limit):
      "the budget of \(limit) epochs is too small: \(spent) spent, \(asked) more requested"
    case .simulatedTrainingSecondsExceeded(let spent, let asked, let limit):
      "the budget of \(limit) simulated training seconds is too small: \(spent) spent, \(asked) more requested"
    case .timeUnknown(let run, let limit):
      "the run \(run) has no recorded training time, so it cannot be charged to the budget of \(limit) simulated "
        + "training seconds"
    case .invalidCharge(let reason): "invalid charge: \(reason)"
    case .invalidSnapshot(let reason): "invalid snapshot of a budget ledger: \(reason)"
    }
  }

  public var remedy: String? {
    switch self {
    case .queriesExceeded, .epochsExceeded, .simulatedTrainingSecondsExceeded:
      "request less, raise the limit, or reset the ledger"
    case .timeUnknown: "limit epochs or queries instead of seconds"
    case .invalidCharge: "check the training times of the source"
    case .invalidSnapshot: "start a new ledger"
    }
  }

  public var exitStatus: ExitStatus {
    switch self {
    case .queriesExceeded, .epochsExceeded, .simulatedTrainingSecondsExceeded, .timeUnknown: .unavailable
    case .invalidCharge, .invalidSnapshot: .dataError
    }
  }
}
