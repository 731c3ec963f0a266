import Benchmarks
import Oracles
import Records

/// What a line of a ledger's journal says.
enum LedgerEntry: Codable, Sendable {
  case opened(LedgerTerms)
  case asked(LedgerStep)
  case closed(LedgerReport)
}

/// What a ledger is opened with.
struct LedgerTerms: Codable, Hashable, Sendable {
  let id: String
  let atlas: String
  /// Of the atlas when the ledger was opened.
  let atlasDigest: Digest256
  let question: Asked
  let limits: BudgetLimits

  /// The question as it was spelled; what was left open is what the atlas made of it.
  struct Asked: Codable, Hashable, Sendable {
    let space: String
    let dataset: String
    let protocolDigest: Digest256
    let metric: String
    let split: Split
    let epoch: String
    let seeds: String
  }

  /// The question as an atlas takes it.
  var lookupQuestion: Question { lookupQuestion(on: question.split) }

  func lookupQuestion(on split: Split) -> Question {
    Question(
      space: question.space, dataset: question.dataset, trainingProtocol: question.protocolDigest.hex,
      metric: Metric(question.metric), split: split, epoch: EpochChoice(question.epoch),
      seeds: SeedChoice(question.seeds) ?? .mean)
  }
}

/// One answer: what it was about, what it told, what it cost.
struct LedgerStep: Codable, Hashable, Sendable {
  let architecture: ArchitectureID
  let canonicalText: String
  let epoch: String
  let value: Double?
  let charges: [RunCharge<RunNumber>]
}

/// What a closed ledger tells.
struct LedgerReport: Codable, Hashable, Sendable {
  /// Of one split: the value of the incumbent, the best of the atlas, and what lies between.
  struct Outcome: Codable, Hashable, Sendable {
    let value: Double
    let best: Double
    /// Never negative: how much worse the incumbent is.
    let regret: Double
  }

  let incumbent: ArchitectureID
  let canonicalText: String
  let atlasDigest: Digest256
  /// Of the split that was asked.
  let asked: Outcome
  /// Absent where the atlas has no test values.
  let test: Outcome?
}
