/// What a ledger has spent.
public struct BudgetSpending: Hashable, Sendable, Codable {
  /// Questions, each time they are asked.
  public var queries: Int
  /// Epochs, each of a run once.
  public var epochs: Int
  public var simulatedTrainingSeconds: Double
  /// Questions about runs whose training time is not known; if any, the seconds are a lower bound.
  public var untimedQueries: Int

  public init(queries: Int = 0, epochs: Int = 0, simulatedTrainingSeconds: Double = 0, untimedQueries: Int = 0) {
    self.queries = queries
    self.epochs = epochs
    self.simulatedTrainingSeconds = simulatedTrainingSeconds
    self.untimedQueries = untimedQueries
  }

  /// What was spent since `earlier`.
  public static func - (later: BudgetSpending, earlier: BudgetSpending) -> BudgetSpending {
    BudgetSpending(
      queries: later.queries - earlier.queries, epochs: later.epochs - earlier.epochs,
      simulatedTrainingSeconds: later.simulatedTrainingSeconds - earlier.simulatedTrainingSeconds,
      untimedQueries: later.untimedQueries - earlier.untimedQueries)
  }
}

extension BudgetLedger {
  public var spending: BudgetSpending {
    BudgetSpending(
      queries: queries, epochs: epochs, simulatedTrainingSeconds: simulatedTrainingSeconds,
      untimedQueries: untimedQueries)
  }
}
