extension EventSequenceArchitecture {
  /// The one spelling of the architecture, for example
  /// `stem:k5+dropout/time:on/encoder:att4+gru,conv/decoder:self2+cross8/head:max+spatial`.
  public var canonicalText: String {
    let stem = self.stem.map(\.spelling) ?? "none"
    let encoder = self.encoder.isEmpty ? "off" : self.encoder.map(\.spelling).joined(separator: ",")
    let decoder = self.decoder.isEmpty ? "off" : self.decoder.map(\.spelling).joined(separator: ",")
    return "stem:\(stem)/time:\(timeEncoding ? "on" : "off")/encoder:\(encoder)/decoder:\(decoder)"
      + "/head:\(head.spelling)"
  }

  /// Reads ``canonicalText``, in any case and with white space around it; no other spelling is accepted.
  ///
  /// Throws ``SpacesError/text(section:column:found:allowed:suggestion:)`` or
  /// ``SpacesError/textLength(found:maximum:)``.
  public init(canonicalText text: String) throws {
    var reader = try ArchitectureTextReader(text)
    let stem = try reader.section("stem").one(of: Self.stemSpellings)
    let timeEncoding = try reader.section("time").one(of: [("off", false), ("on", true)])
    let encoder = try reader.section("encoder").layers(of: EncoderLayer.spellings, counts: Self.encoderDepths)
    let decoder = try reader.section("decoder").layers(of: DecoderLayer.spellings, counts: Self.decoderDepths)
    let head = try reader.section("head").one(of: Head.spellings)
    try reader.end()
    self.init(trusted: stem, timeEncoding: timeEncoding, encoder: encoder, decoder: decoder, head: head)
  }

  private static let stemSpellings: [(String, Stem?)] =
    [("none", nil)]
    + StemKernel.allCases.flatMap { kernel in
      [false, true].map { Stem(kernel: kernel, dropout: $0) }.map { ($0.spelling, $0) }
    }
}

extension EventSequenceArchitecture: CustomStringConvertible {
  public var description: String { canonicalText }
}

/// As its canonical text.
extension EventSequenceArchitecture: Codable {
  public init(from decoder: any Decoder) throws {
    try self.init(canonicalText: decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(canonicalText)
  }
}

extension EventSequenceArchitecture.Stem {
  var spelling: String {
    let width =
      switch kernel {
      case .one: "k1"
      case .three: "k3"
      case .five: "k5"
      case .wide: "kwide"
      }
    return dropout ? width + "+dropout" : width
  }
}

extension EventSequenceArchitecture.EncoderLayer {
  fileprivate var spelling: String { operations.spelling(attentionHeads: attentionHeads) }
  fileprivate static let spellings = all.map { ($0.spelling, $0) }
}

extension EventSequenceArchitecture.DecoderLayer {
  fileprivate var spelling: String { "self\(selfHeads)+cross\(crossHeads)" }
  fileprivate static let spellings = all.map { ($0.spelling, $0) }
}

extension EventSequenceArchitecture.Head {
  var spelling: String {
    let name =
      switch pooling {
      case .average: "avg"
      case .maximum: "max"
      case .mixed: "mixed"
      }
    return spatialDropout ? name + "+spatial" : name
  }

  fileprivate static let spellings = EventSequenceArchitecture.Pooling.allCases.flatMap { pooling in
    [false, true].map { Self(spatialDropout: $0, pooling: pooling) }.map { ($0.spelling, $0) }
  }
}
