public import Records

/// What is asked of a benchmark, apart from the architecture. What is left open must be clear from the atlas.
public struct Question: Hashable, Sendable {
  public var space: String?
  /// Name, or `NAME@DIGITS` where several data sets have the name.
  public var dataset: String?
  /// Name, or the first eight or more digits of the digest.
  public var trainingProtocol: String?
  /// Nil for the data set's primary metric.
  public var metric: Metric?
  public var split: Split
  /// The name of another tool that the split was asked by (``PublishedSplit``): a lookup then throws `unknownSplit`, which
  /// says what the split is called here and which data sets have it. Nil for a split asked by its own name.
  public var publishedSplit: String?
  /// Nil for the recorded best epoch where runs have one, else the last.
  public var epoch: EpochChoice?
  public var seeds: SeedChoice

  public init(
    space: String? = nil, dataset: String? = nil, trainingProtocol: String? = nil, metric: Metric? = nil,
    split: Split = .validation, epoch: EpochChoice? = nil, seeds: SeedChoice = .mean
  ) {
    self.space = space
    self.dataset = dataset
    self.trainingProtocol = trainingProtocol
    self.metric = metric
    self.split = split
    self.epoch = epoch
    self.seeds = seeds
  }
}

/// The epoch that a question is about.
public enum EpochChoice: Hashable, Sendable {
  /// The run's own: where the validation value of the data set's primary metric is best. No other split chooses it.
  case best
  /// The last that has a value.
  case last
  /// Counted from 1.
  case number(Int)
  /// The best value of the metric and split themselves up to an epoch, or of all epochs.
  case bestSoFar(Int?)
}

extension EpochChoice: CustomStringConvertible {
  /// `best`, `last`, `12`, `best-so-far` or `best-so-far:12`.
  public var description: String {
    switch self {
    case .best: "best"
    case .last: "last"
    case .number(let number): "\(number)"
    case .bestSoFar(nil): "best-so-far"
    case .bestSoFar(let number?): "best-so-far:\(number)"
    }
  }

  /// Reads ``description``; nil for anything else.
  public init?(_ text: String) {
    func number(_ text: Substring) -> Int? { Int(text).flatMap { $0 > 0 ? $0 : nil } }
    switch text {
    case "best": self = .best
    case "last": self = .last
    case "best-so-far": self = .bestSoFar(nil)
    default:
      if text.hasPrefix("best-so-far:"), let number = number(text.dropFirst(12)) {
        self = .bestSoFar(number)
      } else if let number = number(text[...]) {
        self = .number(number)
      } else {
        return nil
      }
    }
  }
}

/// The runs that a question is about, among those that differ in their seed alone.
public enum SeedChoice: Hashable, Sendable {
  /// The mean over all completed runs.
  case mean
  /// Every run for itself, whatever its status.
  case all
  case one(Seed)
}

extension SeedChoice: CustomStringConvertible {
  /// `mean`, `all`, or the seed.
  public var description: String {
    switch self {
    case .mean: "mean"
    case .all: "all"
    case .one(let seed): "\(seed)"
    }
  }

  /// Reads ``description``; nil for anything else.
  public init?(_ text: String) {
    switch text {
    case "mean": self = .mean
    case "all": self = .all
    default:
      guard let seed = Seed(text) else { return nil }
      self = .one(seed)
    }
  }
}
