/// A ledger as its page shows it.
public struct PageLedger: Sendable {
  /// A ledger in the list of all. Whoever knows a whole id may spend its budget, so the list has the first digits alone.
  public struct Line: Sendable {
    let digits: String
    let atlas: String
    let subject: String
    let spent: String
    let state: String

    public init(id: String, atlas: String, subject: String, spent: String, isClosed: Bool) {
      digits = String(id.prefix(8))
      self.atlas = atlas
      self.subject = subject
      self.spent = spent
      state = isClosed ? "closed" : "open"
    }
  }

  /// An answer, with what was spent when it was given.
  public struct Step: Sendable {
    public let architecture: String
    public let value: Double?
    public let queries: Int
    public let epochs: Int
    public let seconds: Double

    public init(architecture: String, value: Double?, queries: Int, epochs: Int, seconds: Double) {
      self.architecture = architecture
      self.value = value
      self.queries = queries
      self.epochs = epochs
      self.seconds = seconds
    }
  }

  public let id: String
  public let atlas: String
  /// What is asked: the measure, and what it is of.
  public let metric: String
  public let subject: String
  public let largerIsBetter: Bool
  /// The best value that the atlas holds.
  public let best: Double?
  public let steps: [Step]
  /// Pairs of a name and what was spent of what is allowed.
  public let budget: [(name: String, text: String)]
  /// What a closed ledger tells.
  public let report: String?

  public init(
    id: String, atlas: String, metric: String, subject: String, largerIsBetter: Bool, best: Double?, steps: [Step],
    budget: [(name: String, text: String)], report: String?
  ) {
    self.id = id
    self.atlas = atlas
    self.metric = metric
    self.subject = subject
    self.largerIsBetter = largerIsBetter
    self.best = best
    self.steps = steps
    self.budget = budget
    self.report = report
  }
}
