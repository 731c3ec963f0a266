/// A released record as it stands in JSON; what is absent or of another kind is kept as such, to be named in an error.
struct ReleasedRecord: Decodable {
  let choices: [String: ReleasedValue]?
  let score: Double?
  let vector: ReleasedValue
  let unknownKey: String?

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { return nil }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    choices = try? container.decode([String: ReleasedValue].self, forKey: Key(stringValue: "arch"))
    score = try? container.decode(Double.self, forKey: Key(stringValue: "score"))
    vector = try container.decodeIfPresent(ReleasedValue.self, forKey: Key(stringValue: "arch_code")) ?? .absent
    unknownKey = container.allKeys.map(\.stringValue).filter { !["arch", "score", "arch_code"].contains($0) }.min()
  }
}

/// What a key of a released record holds: a switch, slots, or something that it must not hold.
enum ReleasedValue: Decodable, Equatable {
  case absent
  case integer(Int)
  case integers([Int])
  case other

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let values = try? container.decode([Int].self) {
      self = .integers(values)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else {
      self = .other
    }
  }

  /// An array of 0 and 1; throws with the name of its `key` for all else.
  func slots(key: String) throws -> [UInt8] {
    let allowed = "an array of 0 and 1"
    guard case .integers(let values) = self else {
      throw SeqNASReleaseError.value(key: key, found: description, allowed: allowed)
    }
    return try values.map { value in
      guard value == 0 || value == 1 else {
        throw SeqNASReleaseError.value(key: key, found: "\(value)", allowed: allowed)
      }
      return UInt8(value)
    }
  }

  /// What stands in an error.
  var description: String {
    switch self {
    case .absent: "nothing"
    case .integer(let value): "\(value)"
    case .integers(let values): "an array of \(values.count) integers"
    case .other: "something else"
    }
  }
}
