import Foundation
import Records
import Store
import Testing

@Suite struct CurveCodecTests {
  @Test func everyKindOfBitPatternSurvives() throws {
    var patterns: [UInt32] = [
      0, 0x8000_0000, 1, 0x8000_0001, 0x007f_ffff, 0x0080_0000, 0x7f7f_ffff, 0x7f80_0000, 0xff80_0000, 0x7f80_0001,
      0x7fc0_0000, 0xffff_ffff, 0x7fc1_2345, 0x3f80_0000,
    ]
    var generator = SeededGenerator(seed: 1)
    patterns += (0..<5_000).map { _ in UInt32(truncatingIfNeeded: generator.next()) }
    let packed = try CurveCodec.pack(patterns.map(Float.init(bitPattern:)))
    #expect(try CurveCodec.unpack(packed, count: patterns.count).map(\.bitPattern) == patterns)
  }

  @Test func noValuesAreABlockToo() throws {
    #expect(try CurveCodec.unpack(CurveCodec.pack([]), count: 0).isEmpty)
  }

  @Test func smoothCurvesShrink() throws {
    let values = (0..<4_000).map { Float(0.5 + 0.4 * (1 - exp(-Double($0 % 40) / 9))) }
    #expect(try CurveCodec.pack(values).count < 4 * values.count / 2)
  }

  @Test func damageAndWrongCountsAreErrors() throws {
    let values = (0..<100).map { Float($0) }
    let packed = try CurveCodec.pack(values)
    for count in [-1, 0, 99, 101, 1 << 40, .max] {
      #expect(throws: Deflate.Failure.self) { try CurveCodec.unpack(packed, count: count) }
    }
    for length in 0..<packed.count {
      #expect(throws: Deflate.Failure.self) { try CurveCodec.unpack(packed.prefix(length), count: 100) }
    }
    var generator = SeededGenerator(seed: 2)
    for _ in 0..<200 {
      let noise = Data((0..<generator.integer(below: 200)).map { _ in UInt8(truncatingIfNeeded: generator.next()) })
      #expect(throws: Deflate.Failure.self) { try CurveCodec.unpack(noise, count: 100) }
    }
  }
}
