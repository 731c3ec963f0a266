/// Blocks of `choices` slots, each with one 1 at the place of its digit.
func oneHot(_ digits: [Int], choices: Int) -> [UInt8] {
  var slots = [UInt8](repeating: 0, count: digits.count * choices)
  for (place, digit) in digits.enumerated() { slots[place * choices + digit] = 1 }
  return slots
}

/// Reads ``oneHot(_:choices:)``; `places` name the blocks in errors.
///
/// Throws ``SpacesError/vectorLength(found:allowed:unit:)``, ``SpacesError/vectorValue(slot:found:)`` or
/// ``SpacesError/vectorSlots(choice:slots:found:allowed:)``.
func readOneHot(_ slots: [UInt8], places: [String], choices: Int) throws -> [Int] {
  guard slots.count == places.count * choices else {
    throw SpacesError.vectorLength(found: slots.count, allowed: [places.count * choices], unit: "slots")
  }
  if let slot = slots.firstIndex(where: { $0 > 1 }) {
    throw SpacesError.vectorValue(slot: slot, found: slots[slot])
  }
  return try places.enumerated().map { place, name in
    let block = slots[(place * choices)..<((place + 1) * choices)]
    guard let first = block.firstIndex(of: 1), block.lastIndex(of: 1) == first else {
      throw SpacesError.vectorSlots(
        choice: name, slots: block.startIndex...(block.endIndex - 1), found: block.map(String.init).joined(),
        allowed: ["one 1 and \(choices - 1) times 0"])
    }
    return first - block.startIndex
  }
}
