extension EventSequenceArchitecture {
  /// ``architectureVector`` as bits, eight slots a byte, slot 0 in the most significant bit, the rest of the last byte 0:
  /// 16 bytes, or 15 without a stem.
  public var packedVector: [UInt8] {
    let slots = architectureVector
    return stride(from: 0, to: slots.count, by: 8).map { first in
      (0..<8).reduce(0) { byte, bit in byte << 1 | (first + bit < slots.count ? slots[first + bit] : 0) }
    }
  }

  /// Reads ``packedVector``. Throws ``SpacesError/vectorLength(found:allowed:unit:)``,
  /// ``EventSequenceError/vectorPadding(lastByte:paddingBits:)`` and what ``init(architectureVector:)`` throws.
  public init(packedVector bytes: [UInt8]) throws {
    let hasStem = bytes.count == EventSequenceVector.packedLength(hasStem: true)
    guard hasStem || bytes.count == EventSequenceVector.packedLength(hasStem: false), let last = bytes.last else {
      throw SpacesError.vectorLength(
        found: bytes.count, allowed: [true, false].map { EventSequenceVector.packedLength(hasStem: $0) },
        unit: "packed bytes")
    }
    let length = EventSequenceVector.length(hasStem: hasStem)
    let paddingBits = bytes.count * 8 - length
    guard last & (1 << paddingBits - 1) == 0 else {
      throw EventSequenceError.vectorPadding(lastByte: last, paddingBits: paddingBits)
    }
    try self.init(architectureVector: (0..<length).map { bytes[$0 / 8] >> (7 - $0 % 8) & 1 })
  }
}
