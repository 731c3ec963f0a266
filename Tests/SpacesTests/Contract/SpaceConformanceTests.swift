import Records
import Spaces
import TestSupport
import Testing

@Suite struct SpaceConformanceTests {
  @Test(arguments: [true, false])
  func eventSequencesConform(hasNumericFeatures: Bool) {
    #expect(checkSpace(EventSequenceSpace(hasNumericFeatures: hasNumericFeatures)) == [])
  }

  @Test func nasBench201Conforms() {
    #expect(checkSpace(NASBench201Space()) == [])
  }

  @Test func spikeNASConforms() {
    #expect(checkSpace(SpikeNASSpace()) == [])
  }

  @Test func natsSizesConform() {
    #expect(checkSpace(NATSSizeSpace()) == [])
  }

  @Test(arguments: FaultySpace.Fault.allCases)
  func theKitFindsFaults(_ fault: FaultySpace.Fault) {
    let violations = checkSpace(FaultySpace(fault: fault), SpaceCheckOptions(samples: 40, neighborhoods: 4))
    #expect(violations.contains { $0.contains(fault.rawValue) }, "\(violations.prefix(3))")
  }
}

/// The SeqNAS space with one promise broken; the raw value is part of the message that must report it.
struct FaultySpace: Space {
  enum Fault: String, CaseIterable {
    case foreignMembers = "not a member"
    case quotedText = "not a plain word"
    case caseSensitive = "is not read back"
    case trailingText = "the broken text"
    case sharedText = "two architectures have one text"
    case lossyEncoding = "the encoding is not read back"
    case lenientDecoding = "a broken encoding is accepted"
    case asymmetric = "not a neighbor of its neighbor"
    case repeatedNeighbor = "a neighbor stands twice"
    case selfNeighbor = "its own neighbor"
    case idleMutation = "mutation changes nothing"
    case farMutation = "is no neighbor"
    case restlessCrossover = "the child of equal parents differs"
    case inventiveCrossover = "is of neither parent"
    case smallCount = "architectures found in a space of 3"
    case unreadableName = "the published name count:0 is not read back"
    case emptyTrait = "has no value"
    case fewSlots = "the slots that have a meaning are not"
    case unspelledChoices = "no configuration spells"
    case swappedChoices = "is not read back: "
    case forgottenChoice = "no drawn configuration is an architecture"
    case restlessClass = "what stands for the class stands not for itself"
  }

  typealias Base = EventSequenceSpace
  let fault: Fault
  let base = Base(hasNumericFeatures: true)
  var name: String { base.name }
  var encodingLength: Int { base.encodingLength }
  var traits: [ArchitectureTrait] { base.traits + (fault == .emptyTrait ? [.count(of: "gelu")] : []) }
  var slotGroups: [SlotGroup]? { fault == .fewSlots ? [SlotGroup("stem", ["1", "3"])] : nil }
  var architectureCount: UInt64 { fault == .smallCount ? 3 : base.architectureCount }

  func value(of trait: ArchitectureTrait, in architecture: Architecture) -> ArchitectureTrait.Value? {
    base.value(of: trait, in: architecture)
  }

  var choices: SpaceChoices? {
    guard let choices = base.choices else { return nil }
    switch fault {
    case .unspelledChoices:
      return SpaceChoices(
        Array(choices.choices.dropLast(2)), template: choices.template.replacing("{pooling}", with: "avg"))
    case .forgottenChoice: return SpaceChoices(Array(choices.choices.dropLast()), template: choices.template)
    default: return choices
    }
  }

  /// Faulty for architectures with a time encoding: the text of those without.
  func choiceText(_ architecture: Architecture) -> String {
    let text = architecture.canonicalText
    return fault == .swappedChoices ? text.replacing("time:on", with: "time:off") : text
  }

  func contains(_ architecture: Architecture) -> Bool { fault != .foreignMembers }
  func sample(using generator: inout SeededGenerator) -> Architecture { base.sample(using: &generator) }

  func neighbors(of architecture: Architecture) -> [Architecture] {
    let all = base.neighbors(of: architecture)
    switch fault {
    case .asymmetric: return all.filter { $0.timeEncoding || $0.timeEncoding == architecture.timeEncoding }
    case .repeatedNeighbor: return all + all.prefix(1)
    case .selfNeighbor: return all + [architecture]
    default: return all
    }
  }

  func mutate(_ architecture: Architecture, using generator: inout SeededGenerator) -> Architecture {
    switch fault {
    case .idleMutation: architecture
    case .farMutation: base.sample(using: &generator)
    default: base.mutate(architecture, using: &generator)
    }
  }

  func crossOver(
    _ first: Architecture, _ second: Architecture, using generator: inout SeededGenerator
  ) -> Architecture {
    switch fault {
    case .restlessCrossover: base.mutate(first, using: &generator)
    case .inventiveCrossover: base.sample(using: &generator)
    default: base.crossOver(first, second, using: &generator)
    }
  }

  func canonicalText(_ architecture: Architecture) -> String {
    switch fault {
    case .quotedText: architecture.canonicalText + "\""
    case .sharedText: "one"
    default: architecture.canonicalText
    }
  }

  func parse(_ text: String) throws -> Architecture {
    switch fault {
    case .caseSensitive where text.contains("STEM"): throw SpacesError.textLength(found: 0, maximum: 0)
    case .trailingText where text.hasSuffix("~"): try base.parse("\(text.dropLast())")
    default: try base.parse(text)
    }
  }

  func identifiers(of architecture: Architecture) -> [PublishedIdentifier] {
    fault == .unreadableName ? [PublishedIdentifier(name: "count", value: "0")] : []
  }

  func isomorphismClass(of architecture: Architecture) -> Architecture {
    fault == .restlessClass ? base.neighbors(of: architecture)[0] : architecture
  }

  func encode(_ architecture: Architecture) -> [UInt8] {
    var slots = base.encode(architecture)
    if fault == .lossyEncoding { slots[5] = 0 }
    return slots
  }

  func decode(_ slots: [UInt8]) throws -> Architecture {
    try base.decode(fault == .lenientDecoding ? Array(slots.prefix(encodingLength)) : slots)
  }
}
