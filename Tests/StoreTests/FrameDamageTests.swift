import Foundation
import Records
import Store
import Testing

/// Any bytes give values or a failure: never a trap, never more values than a frame may hold.
@Suite struct FrameDamageTests {
  private let decoder = FrameDecoder()

  private static func frames() throws -> [Data] {
    let encoder = FrameEncoder()
    var generator = SeededGenerator(seed: 20)
    let curve = (0..<300).map { Double(10_000 + 40 * $0 + generator.integer(below: 90)) / 1_000 }
    let noise = (0..<200).map { _ in generator.uniform() }
    let present = curve.map { _ in generator.chance(0.7) }
    return [
      try encoder.pack(curve, lengths: [100, 100, 100]), try encoder.pack(curve, lengths: [7, 0, 193, 100]),
      try encoder.pack(curve, present: present), try encoder.pack(noise, lengths: [50, 150]),
      try encoder.pack(noise.map { Double(Float($0)) }), try encoder.pack(curve.map { $0 * 1e12 }),
      try encoder.pack([1, 2] as [Double]), try encoder.pack([] as [Double]),
      try encoder.pack([Double](repeating: 3, count: 99)),
      try encoder.pack([nil, nil, nil] as [Double?], lengths: [1, 2]),
    ]
  }

  /// Reads a frame in every way; gives whether it was taken for one.
  private func read(_ bytes: Data) -> Bool {
    guard let column = try? decoder.decode(bytes) else { return false }
    #expect(column.count <= 1 << 22)
    #expect(column.doubles().count == column.count)
    var total = 0
    for (piece, length) in ((try? FrameDecoder.lengths(bytes)) ?? []).enumerated() {
      total += length
      if piece < 5 { #expect((try? decoder.decode(bytes, piece: piece))?.count == length) }
    }
    #expect(total == column.count)
    if column.count > 0 {
      let last = column.count - 1
      #expect((try? decoder.decode(bytes, in: last..<last + 1))?[0]?.bitPattern == column[last]?.bitPattern)
    }
    return true
  }

  @Test func flipsGiveValuesOrFailures() throws {
    var taken = 0
    for frame in try Self.frames() {
      for bit in 0..<min(8 * frame.count, 4_000) {
        var damaged = frame
        damaged[bit / 8] ^= 1 << UInt8(bit % 8)
        if read(damaged) { taken += 1 }
      }
    }
    #expect(taken > 0)
  }

  @Test func truncatedAndExtendedFramesAreFailures() throws {
    for frame in try Self.frames() {
      for length in 0..<frame.count { #expect(!read(frame.prefix(length))) }
      #expect(!read(frame + [0]))
    }
  }

  @Test func randomBytesGiveValuesOrFailures() throws {
    var generator = SeededGenerator(seed: 21)
    var taken = 0
    for _ in 0..<40_000 {
      var bytes = Data((0..<generator.integer(below: 60)).map { _ in UInt8(truncatingIfNeeded: generator.next()) })
      // Most first bytes are refused at once; these go further. Small counts too.
      if bytes.count > 2, generator.chance(0.7) {
        bytes[0] = generator.pick([0x01, 0x05, 0x09, 0x15, 0x25, 0x45 | 8, 0x81, 0x85, 0x02, 0x0a, 0x03, 0x4b])
        bytes[1] &= 0x0f
      }
      if read(bytes) { taken += 1 }
    }
    #expect(taken > 0)
  }

  @Test func liesAboutLengthsCostNothing() {
    // A count of 2^62, of 2^22 + 1, and of 2^22 doubles in no bytes.
    let counts: [[UInt8]] = [
      [0x03, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40, 0], [0x03, 0x81, 0x80, 0x80, 0x02, 0],
      [0x03, 0x80, 0x80, 0x80, 0x02, 0], [0x03, 0x80, 0x80, 0x80, 0x02, 0xff],
      [0x03, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0],
    ]
    for bytes in counts { #expect(throws: FrameFailure.self) { try decoder.decode(Data(bytes)) } }
  }
}
