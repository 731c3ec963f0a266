public import Records

/// The size space of NATS-Bench (Dong, Liu, Musial and Gabrys, TPAMI 2021): five channel counts of 8, 16, …, 64, which
/// make 32,768 networks.
public struct NATSSizeSpace: EnumerableSpace, Hashable {
  public typealias Architecture = NATSSizeArchitecture

  static let spaceName = "nats-sss"

  public init() {}

  public var name: String { Self.spaceName }

  /// `nats`.
  public var publishedIndex: String? { "nats" }

  /// 8⁵.
  public var architectureCount: UInt64 { 32_768 }

  /// 5 stages of 8 slots.
  public var encodingLength: Int { Architecture.stages * counts }

  private var counts: Int { Architecture.channelCounts.count }

  public func contains(_ architecture: Architecture) -> Bool { true }

  /// The order of NATS-Bench, which is regular: the last stage changes fastest.
  public func architecture(at index: UInt64) -> Architecture? {
    guard index < architectureCount else { return nil }
    return Architecture(digits: (0..<Architecture.stages).reversed().map { Int(index >> (3 * UInt64($0))) & 7 })
  }

  public func index(of architecture: Architecture) -> UInt64 {
    architecture.digits.reduce(0) { $0 << 3 | UInt64($1) }
  }

  /// Each count uniform.
  public func sample(using generator: inout SeededGenerator) -> Architecture {
    Architecture(digits: (0..<Architecture.stages).map { _ in generator.integer(below: counts) })
  }

  /// The 35 architectures with any other count at one stage, by stage, then by count.
  public func neighbors(of architecture: Architecture) -> [Architecture] {
    architecture.digits.enumerated().flatMap { stage, own in
      (0..<counts).filter { $0 != own }.map { digit in
        var digits = architecture.digits
        digits[stage] = digit
        return Architecture(digits: digits)
      }
    }
  }

  /// A uniform neighbor.
  public func mutate(_ architecture: Architecture, using generator: inout SeededGenerator) -> Architecture {
    var digits = architecture.digits
    let stage = generator.integer(below: Architecture.stages)
    let other = generator.integer(below: counts - 1)
    digits[stage] = other < digits[stage] ? other : other + 1
    return Architecture(digits: digits)
  }

  /// Takes each count from either parent with equal probability.
  public func crossOver(
    _ first: Architecture, _ second: Architecture, using generator: inout SeededGenerator
  ) -> Architecture {
    Architecture(digits: zip(first.digits, second.digits).map { generator.chance(0.5) ? $0 : $1 })
  }

  /// As published: `64:64:64:64:64`.
  public func canonicalText(_ architecture: Architecture) -> String { architecture.description }

  /// Reads the canonical text and `nats:0`, the number in the published order.
  ///
  /// Throws ``SpacesError/form(space:found:allowed:)`` or ``SpacesError/identifier(form:found:allowed:)``.
  public func parse(_ text: String) throws -> Architecture {
    let plain = try PlainText(text, allowed: ["letters of ASCII", "digits", ":"])
    if case ("nats", let value)? = plain.form {
      let index = try readNumber(value, form: "nats", below: Int(architectureCount))
      if let architecture = architecture(at: UInt64(index)) { return architecture }
    }
    let digits = plain.bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map { word in
      Self.spellings.firstIndex { $0.utf8.elementsEqual(word) }
    }
    let known = digits.compactMap { $0 }
    guard digits.count == Architecture.stages, known.count == digits.count else {
      throw SpacesError.form(
        space: name, found: plain.text,
        allowed: ["c:c:c:c:c with c one of \(Self.spellings.joined(separator: " "))", "nats:0 to nats:32767"])
    }
    return Architecture(digits: known)
  }

  private static let spellings = Architecture.channelCounts.map(String.init)

  /// `nats`: the ``index(of:)``.
  public func identifiers(of architecture: Architecture) -> [PublishedIdentifier] {
    [PublishedIdentifier(name: "nats", value: "\(index(of: architecture))")]
  }

  /// For each stage one slot a count.
  public func encode(_ architecture: Architecture) -> [UInt8] { oneHot(architecture.digits, choices: counts) }

  /// Throws ``SpacesError/vectorLength(found:allowed:unit:)``, ``SpacesError/vectorValue(slot:found:)`` or
  /// ``SpacesError/vectorSlots(choice:slots:found:allowed:)``.
  public func decode(_ slots: [UInt8]) throws -> Architecture {
    let places = (1...Architecture.stages).map { "stage \($0)" }
    return Architecture(digits: try readOneHot(slots, places: places, choices: counts))
  }

  /// Five numbers 0...7: the places of the counts in ascending order.
  public func ordinalEncoding(of architecture: Architecture) -> [UInt8] { architecture.digits.map(UInt8.init) }
}
