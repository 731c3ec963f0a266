/// What is known of the seed of a run.
public enum Seed: Hashable, Sendable, Comparable {
  /// The seed that the trainer used.
  case recorded(UInt64)
  /// Repetition `number`, counted from 1 in the order of its source, which does not name its seeds.
  case unnamed(UInt64)
  /// Not one run but a published mean of `count` runs; 0 where the source does not say of how many.
  case mean(of: UInt64)

  /// Its number, whatever that counts.
  package var number: UInt64 {
    switch self {
    case .recorded(let number), .unnamed(let number), .mean(of: let number): number
    }
  }

  /// 0 recorded, 1 unnamed, 2 mean: as files number them.
  package var kind: UInt8 {
    switch self {
    case .recorded: 0
    case .unnamed: 1
    case .mean: 2
    }
  }

  package init?(kind: UInt8, number: UInt64) {
    switch kind {
    case 0: self = .recorded(number)
    case 1: self = .unnamed(number)
    case 2: self = .mean(of: number)
    default: return nil
    }
  }

  public static func < (left: Seed, right: Seed) -> Bool {
    (left.kind, left.number) < (right.kind, right.number)
  }
}

extension Seed: CustomStringConvertible {
  /// `777`, `unnamed-1` or `mean-of-3`.
  public var description: String {
    switch self {
    case .recorded(let number): "\(number)"
    case .unnamed(let number): "unnamed-\(number)"
    case .mean(of: let count): "mean-of-\(count)"
    }
  }

  /// Reads ``description``; nil for anything else.
  public init?(_ text: String) {
    func number(after prefix: String) -> UInt64? {
      text.hasPrefix(prefix) ? UInt64(text.dropFirst(prefix.count)) : nil
    }
    let seed: Seed? =
      UInt64(text).map { .recorded($0) } ?? number(after: "unnamed-").map { .unnamed($0) }
      ?? number(after: "mean-of-").map { .mean(of: $0) }
    // Neither `+5` nor `005` is the spelling of a seed.
    guard let seed, seed.description == text else { return nil }
    self = seed
  }
}

/// In JSON a number, `{"unnamed":1}` or `{"meanOf":3}`.
extension Seed: Codable {
  private enum CodingKeys: String, CodingKey {
    case unnamed, meanOf
  }

  public init(from decoder: any Decoder) throws {
    if let number = try? decoder.singleValueContainer().decode(UInt64.self) {
      self = .recorded(number)
      return
    }
    let container = try decoder.container(keyedBy: CodingKeys.self)
    guard container.allKeys.count == 1 else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: #"a seed is a number, {"unnamed":1} or {"meanOf":3}"#))
    }
    if let number = try container.decodeIfPresent(UInt64.self, forKey: .unnamed) {
      self = .unnamed(number)
    } else {
      self = .mean(of: try container.decode(UInt64.self, forKey: .meanOf))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .recorded(let number):
      var container = encoder.singleValueContainer()
      try container.encode(number)
    case .unnamed(let number):
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(number, forKey: .unnamed)
    case .mean(of: let count):
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(count, forKey: .meanOf)
    }
  }
}

extension Seed: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: UInt64) { self = .recorded(value) }
}
