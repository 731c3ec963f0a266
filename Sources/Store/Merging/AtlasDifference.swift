public import Records

/// What two atlases do not have in common.
public struct AtlasDifference: Hashable, Sendable, Codable {
  /// A run by its architecture and seed, or an architecture with a measurement.
  public struct Item: Hashable, Sendable, Codable {
    public let id: ArchitectureID
    public let canonicalText: String
    /// Absent for measurements.
    public let seed: Seed?
    /// What differs, for people; absent for what only one has.
    public let what: String?
  }

  /// How often something is in the one, in the other, and in both with equal or different numbers.
  public struct Tally: Hashable, Sendable, Codable {
    public internal(set) var onlyInFirst = 0
    public internal(set) var onlyInSecond = 0
    public internal(set) var equal = 0
    public internal(set) var different = 0
    /// The first of each, as many as were asked for.
    public internal(set) var listedOnlyInFirst: [Item] = []
    public internal(set) var listedOnlyInSecond: [Item] = []
    public internal(set) var listedDifferent: [Item] = []

    init() {}

    public var isEqual: Bool { onlyInFirst + onlyInSecond + different == 0 }
  }

  /// The runs of one space on one data set under one protocol.
  public struct SettingTally: Hashable, Sendable, Codable {
    public let space: String
    public let dataset: String
    public let datasetDigest: Digest256?
    /// Absent where no card names it.
    public let protocolName: String?
    public let protocolDigest: Digest256
    public let runs: Tally
  }

  public struct QuantityTally: Hashable, Sendable, Codable {
    public let space: String
    public let quantity: Quantity
    public let values: Tally
  }

  /// A card that only one has, or that both have with different text.
  public struct Card: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, Codable {
      case source, space, metric, dataset
      case trainingProtocol = "protocol"
    }

    public enum State: String, Hashable, Sendable, Codable {
      case onlyInFirst, onlyInSecond, different
    }

    public let kind: Kind
    public let name: String
    public let state: State
  }

  public let first: Digest256
  public let second: Digest256
  public let settings: [SettingTally]
  public let quantities: [QuantityTally]
  /// Cards that are equal in both are not listed.
  public let cards: [Card]

  /// Settings, measurements and cards are the same in both.
  public var isEqual: Bool {
    cards.isEmpty && settings.allSatisfy(\.runs.isEqual) && quantities.allSatisfy(\.values.isEqual)
  }
}
