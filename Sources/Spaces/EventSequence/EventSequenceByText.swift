public import Records

/// The SeqNAS space by text: for data with numeric features, for data without, or both forms under their one name, where
/// the text (`stem:none`) or the length of the vector says which.
///
/// Beside canonical texts it reads the AVec as 122 or 117 digits. Where the data is unknown it draws architectures with a
/// stem, the form that the paper counts; neighbors, mutants and children have a stem exactly when what they come from has.
public struct EventSequenceByText: TextualSpace {
  /// Nil where the data is unknown.
  public let hasNumericFeatures: Bool?

  /// With `hasNumericFeatures`, architectures, draws, choices and counts fit the data; the other form is refused with
  /// ``EventSequenceError/numericFeatures(architectureHasStem:dataHasNumericFeatures:)``.
  public init(hasNumericFeatures: Bool? = nil) { self.hasNumericFeatures = hasNumericFeatures }

  public var name: String { "seqnas" }
  public var kind: String { "sequence" }

  /// Of both forms together, 3,853,617,768, where the data is unknown.
  public var architectureCount: UInt64? {
    let forms = hasNumericFeatures.map { [$0] } ?? [true, false]
    return forms.reduce(0) { $0 + EventSequenceSpace(hasNumericFeatures: $1).architectureCount }
  }

  public var choices: SpaceChoices? { EventSequenceChoices.choices(hasNumericFeatures: hasNumericFeatures) }

  public func canonicalText(of anyForm: String) throws -> String { try read(anyForm).1.canonicalText }

  public func neighbors(of canonicalText: String) throws -> [String] {
    let (space, architecture) = try read(canonicalText)
    return space.neighbors(of: architecture).map(\.canonicalText)
  }

  public func sample(using generator: inout SeededGenerator) throws -> String {
    EventSequenceSpace(hasNumericFeatures: hasNumericFeatures ?? true).sample(using: &generator).canonicalText
  }

  public func mutate(_ canonicalText: String, using generator: inout SeededGenerator) throws -> String {
    let (space, architecture) = try read(canonicalText)
    return space.mutate(architecture, using: &generator).canonicalText
  }

  /// Throws ``EventSequenceError/numericFeatures(architectureHasStem:dataHasNumericFeatures:)`` where only one parent has a stem.
  public func crossOver(_ first: String, _ second: String, using generator: inout SeededGenerator) throws -> String {
    let (space, father) = try read(first)
    let mother = try space.member(try read(second).1)
    return space.crossOver(father, mother, using: &generator).canonicalText
  }

  public var traits: [ArchitectureTrait] { EventSequenceSpace.traits }

  public func value(of trait: ArchitectureTrait, in canonicalText: String) throws -> ArchitectureTrait.Value? {
    let (space, architecture) = try read(canonicalText)
    return space.value(of: trait, in: architecture)
  }

  public var encodings: [String] { ["avec", "block-summary", "sequence"] }

  /// `avec`: 122 numbers, or 117 without a stem; ``EventSequenceArchitecture/blockSummary``: 48;
  /// ``EventSequenceArchitecture/sequenceEncoding``: 17.
  public func encode(_ canonicalText: String, as encoding: String) throws -> [Double] {
    guard encodings.contains(encoding) else {
      throw SpacesError.unknownEncoding(space: name, name: encoding, known: encodings)
    }
    let architecture = try read(canonicalText).1
    switch encoding {
    case "block-summary": return architecture.blockSummary
    case "sequence": return architecture.sequenceEncoding.map(Double.init)
    default: return architecture.architectureVector.map(Double.init)
    }
  }

  public func identifiers(of canonicalText: String) throws -> [(name: String, value: String)] {
    [("avec", try read(canonicalText).1.architectureVector.map { "\($0)" }.joined())]
  }

  public func diagram(of canonicalText: String) throws -> ArchitectureDiagram? { try read(canonicalText).1.diagram }

  public func slotGroups(of canonicalText: String) throws -> [SlotGroup]? { try read(canonicalText).1.slotGroups }

  private func read(_ text: String) throws -> (EventSequenceSpace, EventSequenceArchitecture) {
    let trimmed = text.drop(while: \.isWhitespace)
    let digits = trimmed.prefix(EventSequenceVector.length(hasStem: true) + 1).prefix { $0 == "0" || $0 == "1" }
    let isVector = !digits.isEmpty && trimmed.dropFirst(digits.count).allSatisfy(\.isWhitespace)
    let architecture =
      isVector
      ? try EventSequenceArchitecture(architectureVector: digits.map { $0 == "1" ? 1 : 0 })
      : try EventSequenceArchitecture(canonicalText: text)
    let space = EventSequenceSpace(hasNumericFeatures: hasNumericFeatures ?? (architecture.stem != nil))
    return (space, try space.member(architecture))
  }
}
