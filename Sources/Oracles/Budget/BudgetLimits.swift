/// How much a client may spend; nil means without limit.
public struct BudgetLimits: Hashable, Sendable, Codable {
  public var queries: Int?
  public var epochs: Int?
  public var simulatedTrainingSeconds: Double?

  public init(queries: Int? = nil, epochs: Int? = nil, simulatedTrainingSeconds: Double? = nil) {
    self.queries = queries
    self.epochs = epochs
    self.simulatedTrainingSeconds = simulatedTrainingSeconds
  }

  /// No limit at all.
  public static let unlimited = BudgetLimits()
}
