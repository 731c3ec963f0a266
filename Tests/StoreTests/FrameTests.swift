import Foundation
import Records
import Store
import Testing

@Suite struct FrameTests {
  private let encoder = FrameEncoder()
  private let decoder = FrameDecoder()

  /// Packs, unpacks whole, by pieces, by single values and by a range, and compares bits.
  private func check(
    _ values: [Double?], _ lengths: [Int]? = nil, _ generator: inout SeededGenerator,
    location: SourceLocation = #_sourceLocation
  ) throws {
    let frame = try encoder.pack(values, lengths: lengths)
    let bits = values.map { $0?.bitPattern }
    func compare(_ column: ColumnValues, _ range: Range<Int>) {
      #expect(column.count == range.count, sourceLocation: location)
      #expect((0..<column.count).map { column[$0]?.bitPattern } == Array(bits[range]), sourceLocation: location)
      let doubles = column.doubles()
      for index in range where bits[index] != nil {
        guard doubles[index - range.lowerBound].bitPattern != bits[index] else { continue }
        Issue.record("value \(index) of \(values.count) came back changed", sourceLocation: location)
      }
    }
    compare(try decoder.decode(frame, count: values.count), 0..<values.count)
    let direct = try encoder.pack(values, lengths: lengths, direct: true)
    compare(try decoder.decode(direct, count: values.count), 0..<values.count)
    for index in values.indices.prefix(3) {
      compare(try decoder.decode(direct, in: index..<index + 1), index..<index + 1)
    }
    #expect(try FrameDecoder.lengths(frame) == lengths ?? [values.count], sourceLocation: location)
    var start = 0
    for (piece, length) in (lengths ?? [values.count]).enumerated().prefix(40) {
      compare(try decoder.decode(frame, piece: piece), start..<start + length)
      start += length
    }
    for _ in 0..<4 {
      let bounds = [generator.integer(below: values.count + 1), generator.integer(below: values.count + 1)].sorted()
      compare(try decoder.decode(frame, in: bounds[0]..<bounds[1]), bounds[0]..<bounds[1])
      guard bounds[0] < values.count else { continue }
      compare(try decoder.decode(frame, in: bounds[0]..<bounds[0] + 1), bounds[0]..<bounds[0] + 1)
    }
  }

  private static func lengths(_ count: Int, _ generator: inout SeededGenerator) -> [Int]? {
    guard !generator.chance(0.3) else { return nil }
    var left = count
    var lengths: [Int] = []
    while left > 0 || generator.chance(0.2) {
      lengths.append(generator.integer(below: min(left, 150) + 1))
      left -= lengths[lengths.count - 1]
    }
    return lengths
  }

  @Test func columnsOfManyShapesSurvive() throws {
    var generator = SeededGenerator(seed: 7)
    for round in 0..<1_500 {
      let count = generator.pick([0, 1, 2, 3, 7, 8, 9, 100, 800, round % 50 == 0 ? 9_000 : 255])
      let digits = generator.integer(below: 19)
      let unit = generator.pick([1, 4, 250, 1 << 20])
      let spread = generator.pick([1, 2, 200, 70_000, 1 << 31, 1 << 33, 1 << 50])
      let offset = generator.pick([0, -spread / 2, 1 << 40, -(1 << 31)])
      let kind = generator.integer(below: 6)
      var walk = offset
      let power = pow(10, Double(digits))
      var values: [Double?] = (0..<count).map { _ in
        switch kind {
        case 0: return Double(bitPattern: generator.next())
        case 1: return Double(Float(generator.uniform()))
        case 2: return generator.uniform()
        case 3:
          walk += generator.integer(below: 41) - 20
          return Double(walk &* unit) / power
        default:
          let mantissa: Int = (offset + generator.integer(below: spread)) % (1 << 53) * (unit % 9)
          return Double(mantissa) / power
        }
      }
      if generator.chance(0.4) {
        let share = generator.pick([0.01, 0.5, 1])
        for index in values.indices where generator.chance(share) { values[index] = nil }
      }
      try check(values, Self.lengths(count, &generator), &generator)
    }
  }

  @Test func everyKindOfFloatSurvives() throws {
    var generator = SeededGenerator(seed: 8)
    for kind in 0..<512 {
      let high = UInt32(kind) << 23
      var patterns: [UInt32] = [0, 1, 0x40_0000, 0x40_0001, 0x7f_ffff]
      for _ in 0..<11 { patterns.append(UInt32(truncatingIfNeeded: generator.next()) & 0x7f_ffff) }
      patterns = patterns.map { high | $0 }
      try check(patterns.map { ColumnValues.widened(Float(bitPattern: $0)) }, nil, &generator)
    }
  }

  @Test func doublesThatNoFloatIsSurvive() throws {
    var generator = SeededGenerator(seed: 9)
    let special: [Double] = [
      .nan, .signalingNaN, -.nan, Double(bitPattern: 0x7ff0_0000_0000_0001), Double(bitPattern: 0xfff8_dead_beef_0001),
      .infinity, -.infinity, -0.0, 0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude,
      .greatestFiniteMagnitude, 0x1p51, 0x1p52, 0x1p53, 0x1p53 + 2, -0x1p53, 0x1p63, 1e15, 1e16, 1e300, 0.1, 1 / 3,
    ]
    for value in special { try check([value], nil, &generator) }
    for value in special { try check([0.25, value, nil, value, 3], [1, 0, 4], &generator) }
    try check(special, [8, 8, 8], &generator)
  }

  @Test func decimalsAreFound() throws {
    let steps: [Double] = (0..<800).map { index in
      let thousandths: Int = 40_000 + 4 * (index * 7_919 % 97)
      return Double(thousandths) / 1_000
    }
    let frame = try encoder.pack(steps, lengths: [Int](repeating: 100, count: 8))
    #expect(frame[0] & 3 == 1)
    guard case .narrow(let mantissas) = try decoder.decode(frame).storage else {
      Issue.record("accuracies of three decimals fit 32 bits")
      return
    }
    #expect(mantissas[0] == 10_000)
    let level = [Double](repeating: 91.25, count: 10_000)
    let line = (1...10_000).map { Double($0) }
    #expect(try encoder.pack(level).count < 12)
    #expect(try encoder.pack(line).count < 60)
    // -0.0 has no decimal that keeps its sign; a third has no end.
    let negativeZero: [Double] = [1, -0.0]
    let third: [Double] = [1, 1.0 / 3]
    #expect(try encoder.pack(negativeZero)[0] & 3 == 2)
    #expect(try encoder.pack(third)[0] & 3 == 3)
  }

  @Test func noisyPlanesStayRaw() throws {
    var generator = SeededGenerator(seed: 10)
    let values = (0..<1 << 14).map { _ in Double(100_000 + generator.integer(below: 850_001)) / 1e6 }
    let frame = try encoder.pack(values)
    #expect(frame.count < values.count * 5 / 2)
    // 20 bits a value, and a header.
    #expect(try encoder.pack(values, direct: true).count <= values.count * 5 / 2 + 12)
    #expect(try decoder.decode(frame, count: values.count).doubles() == values)
  }

  @Test func tooManyValuesAndForeignPiecesAreErrors() throws {
    let limit = 1 << 22
    let long = [Double](repeating: 1, count: limit)
    #expect(throws: FrameFailure.self) { try encoder.pack(long + [1]) }
    #expect(try decoder.decode(encoder.pack(long)).count == limit)
    let three: [Double] = [1, 2, 3]
    let frame = try encoder.pack(three, lengths: [2, 1])
    #expect(throws: FrameFailure.self) { try decoder.decode(frame, count: 2) }
    for piece in [-1, 2, .max] { #expect(throws: FrameFailure.self) { try decoder.decode(frame, piece: piece) } }
    for range in [-1..<1, 2..<4, 4..<4] { #expect(throws: FrameFailure.self) { try decoder.decode(frame, in: range) } }
  }
}
