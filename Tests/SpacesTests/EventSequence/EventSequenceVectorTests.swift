import Records
import Spaces
import Testing

@Suite struct EventSequenceVectorTests {
  /// Written by hand from the published layout.
  static let example: [(slots: String, meaning: String)] = [
    ("0010", "kernel 5"), ("1", "dropout"), ("1", "time encoding"),
    ("1100", "two encoder layers"),
    ("0001000", "att+gru"), ("0010000", "conv"), ("0000000", ""), ("0000000", ""),
    ("11110000", "four heads"), ("00000000", ""), ("00000000", ""), ("00000000", ""),
    ("10", "one decoder layer"), ("1000000", "always the first"), ("0000000", ""),
    ("11000000", "self 2"), ("00000000", ""), ("11111111", "cross 8"), ("00000000", ""),
    ("1", "spatial dropout"), ("010", "max"),
  ]
  static let slots = example.flatMap { $0.slots.map { $0 == "1" ? UInt8(1) : 0 } }

  static func architecture(_ text: String = EventSequenceTextTests.example) throws -> Architecture {
    try Architecture(canonicalText: text)
  }

  @Test func theExampleHasTheseSlots() throws {
    #expect(try Self.architecture().architectureVector == Self.slots)
    #expect(try Architecture(architectureVector: Self.slots) == Self.architecture())
    let text = EventSequenceTextTests.example.replacing("k5+dropout", with: "none")
    #expect(try Self.architecture(text).architectureVector == Array(Self.slots.dropFirst(5)))
    #expect(try Architecture(architectureVector: Array(Self.slots.dropFirst(5))) == Self.architecture(text))
  }

  @Test func packsSlotZeroIntoTheHighestBit() throws {
    let packed = try Self.architecture().packedVector
    #expect(packed.count == 16)
    #expect(packed.prefix(3) == [0b0010_1111, 0b0000_0100, 0b0001_0000])
    // Slots 120 and 121, then six bits of padding.
    #expect(packed.last == 0b1000_0000)
    #expect(try Architecture(packedVector: packed) == Self.architecture())
    let text = EventSequenceTextTests.example.replacing("k5+dropout", with: "none")
    let short = try Self.architecture(text).packedVector
    #expect(short.count == 15)
    #expect(try Architecture(packedVector: short) == Self.architecture(text))
  }

  @Test func refusesWrongLengthsAndValues() throws {
    for count in [0, 1, 116, 118, 121, 123, 5_000] {
      #expect(throws: SpacesError.vectorLength(found: count, allowed: [122, 117], unit: "slots")) {
        try Architecture(architectureVector: [UInt8](repeating: 0, count: count))
      }
    }
    for count in [0, 14, 17] {
      #expect(throws: SpacesError.vectorLength(found: count, allowed: [16, 15], unit: "packed bytes")) {
        try Architecture(packedVector: [UInt8](repeating: 0, count: count))
      }
    }
    var slots = Self.slots
    slots[40] = 2
    #expect(throws: SpacesError.vectorValue(slot: 40, found: 2)) { try Architecture(architectureVector: slots) }
    var packed = try Self.architecture().packedVector
    packed[15] |= 1
    #expect(throws: EventSequenceError.vectorPadding(lastByte: packed[15], paddingBits: 6)) {
      try Architecture(packedVector: packed)
    }
  }

  struct Damage: Sendable, CustomTestStringConvertible {
    let slot: Int, choice: String, slots: ClosedRange<Int>, found: String, allowed: [String]
    var testDescription: String { "slot \(slot)" }
  }

  @Test(arguments: [
    Damage(
      slot: 0, choice: "stem kernel", slots: 0...3, found: "1010", allowed: ["1000", "0100", "0010", "0001"]),
    Damage(
      slot: 8, choice: "encoder layers", slots: 6...9, found: "1110", allowed: ["0000", "1000", "1100", "1111"]),
    Damage(
      slot: 24, choice: "operations of encoder layer 3", slots: 24...30, found: "1000000", allowed: ["0000000"]),
    Damage(
      slot: 42, choice: "attention heads of encoder layer 1", slots: 38...45, found: "11111000",
      allowed: ["10000000", "11000000", "11110000", "11111111"]),
    Damage(
      slot: 46, choice: "attention heads of encoder layer 2", slots: 46...53, found: "10000000",
      allowed: ["00000000"]),
    Damage(slot: 71, choice: "operations of decoder layer 2", slots: 79...85, found: "0000000", allowed: ["1000000"]),
    Damage(slot: 73, choice: "operations of decoder layer 1", slots: 72...78, found: "1100000", allowed: ["1000000"]),
    Damage(
      slot: 88, choice: "self-attention heads of decoder layer 1", slots: 86...93, found: "11100000",
      allowed: ["10000000", "11000000", "11110000", "11111111"]),
    Damage(
      slot: 117, choice: "cross-attention heads of decoder layer 2", slots: 110...117, found: "00000001",
      allowed: ["00000000"]),
    Damage(slot: 121, choice: "pooling", slots: 119...121, found: "011", allowed: ["100", "010", "001"]),
  ])
  func namesSlotsAndWhatIsAllowed(_ damage: Damage) throws {
    var slots = Self.slots
    slots[damage.slot] ^= 1
    #expect(
      throws: SpacesError.vectorSlots(
        choice: damage.choice, slots: damage.slots, found: damage.found, allowed: damage.allowed)
    ) { try Architecture(architectureVector: slots) }
  }

  @Test func withoutStemErrorsNameTheSlotsGiven() throws {
    var slots = Array(Self.slots.dropFirst(5))
    slots[116] = 1
    #expect(
      throws: SpacesError.vectorSlots(
        choice: "pooling", slots: 114...116, found: "011", allowed: ["100", "010", "001"])
    ) { try Architecture(architectureVector: slots) }
  }
}
