/// Reads choices out of an architecture vector. Slots are those of the full layout; errors name those of the vector given.
struct VectorReader {
  let hasStem: Bool
  private let slots: [UInt8]
  private let offset: Int

  /// Throws unless there are 122 or 117 slots, each 0 or 1.
  init(_ slots: [UInt8]) throws {
    hasStem = slots.count == EventSequenceVector.length(hasStem: true)
    guard hasStem || slots.count == EventSequenceVector.length(hasStem: false) else {
      throw SpacesError.vectorLength(
        found: slots.count, allowed: [true, false].map { EventSequenceVector.length(hasStem: $0) }, unit: "slots")
    }
    if let slot = slots.firstIndex(where: { $0 > 1 }) {
      throw SpacesError.vectorValue(slot: slot, found: slots[slot])
    }
    self.slots = slots
    offset = hasStem ? 0 : EventSequenceVector.stemSlots
  }

  func isSet(_ slot: Int) -> Bool { slots[slot - offset] == 1 }

  /// One of `values`, in the order of its slots.
  func oneHot<Value>(_ choice: String, at slot: Int, values: [Value]) throws -> Value {
    let patterns = values.indices.map { EventSequenceVector.oneHot($0, count: values.count) }
    return values[try match(choice, at: slot, patterns)]
  }

  /// One of `values` where the choice is active; nil, and all slots 0, where it is not.
  func oneHot<Value>(_ choice: String, at slot: Int, values: [Value], isActive: Bool) throws -> Value? {
    if isActive { return try oneHot(choice, at: slot, values: values) }
    _ = try unary(choice, at: slot, count: values.count, of: [0])
    return nil
  }

  /// One of `values`, as that many slots of 1 and then 0.
  func unary(_ choice: String, at slot: Int, count: Int, of values: [Int]) throws -> Int {
    values[try match(choice, at: slot, values.map { EventSequenceVector.unary($0, count: count) })]
  }

  private func match(_ choice: String, at slot: Int, _ patterns: [[UInt8]]) throws -> Int {
    let first = slot - offset
    let found = slots[first..<first + patterns[0].count]
    if let index = patterns.firstIndex(where: { found.elementsEqual($0) }) { return index }
    let text = { (bits: any Sequence<UInt8>) in bits.map { $0 == 0 ? "0" : "1" }.joined() }
    throw SpacesError.vectorSlots(
      choice: choice, slots: first...first + found.count - 1, found: text(found), allowed: patterns.map(text))
  }
}
