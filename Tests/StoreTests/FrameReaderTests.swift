import Foundation
import Records
import Store
import Testing

/// The Python reader in the documentation, which knows nothing but that page, reads what we pack.
@Suite struct FrameReaderTests {
  private static func columns() -> [(values: [Double?], lengths: [Int]?)] {
    var generator = SeededGenerator(seed: 30)
    let losses = (0..<600).map { _ in Double(generator.integer(below: 2_304)) / 1_000 }
    let accuracies = (0..<700).map { Double(9_788 + 100 * ($0 % 100) + 4 * generator.integer(below: 50)) / 1_000 }
    let holes = losses.map { generator.chance(0.2) ? nil : $0 }
    let few = (0..<900).map { Double($0 % 7) / 4 }
    let floats = few.map { ColumnValues.widened(Float(bitPattern: 0x7f80_0000 | UInt32($0 * 977))) }
    let noise = (0..<64).map { _ in Double(bitPattern: generator.next()) }
    return [
      (losses, nil), (losses, [100, 250, 0, 249, 1]), (accuracies, [Int](repeating: 100, count: 7)),
      (holes, nil), (holes, [200, 200, 200]), (holes, [1, 0, 599]), (few, nil), (floats, [450, 450]),
      (noise, nil), (noise.map { $0.isNaN ? nil : $0 }, [32, 32]), ([], nil), ([], []), ([0.1], nil), ([nil], nil),
      ([nil, 3, nil, nil, -7.25], [1, 0, 2, 2]), ([-0.0, .nan, .infinity], nil),
      ([-1e9, 2_147_483_648, 9e14, -9e14], nil), ((0..<500).map { 1e12 + Double($0 * $0) / 100 }, [250, 250]),
      ([Double?](repeating: 5.5, count: 3_000), nil),
    ]
  }

  @Test(.enabled(if: PythonReader.isThere, "python3 is not installed")) func pythonReadsTheSameBits() throws {
    let program = """
      for line in sys.stdin:
          values, lengths = read_frame(bytes.fromhex(line))
          words = ["-" if v is None else struct.pack(">d", v).hex() for v in values]
          print(",".join(map(str, lengths)) + ":" + " ".join(words))
      """
    let columns = Self.columns()
    let encoder = FrameEncoder()
    var frames = ""
    var expected: [String] = []
    for (index, (values, lengths)) in (columns + columns).enumerated() {
      let direct = index < columns.count
      let frame = try encoder.pack(values, lengths: lengths, direct: direct)
      frames += frame.map { String(format: "%02x", $0) }.joined() + "\n"
      let words = values.map { value in value.map { String(format: "%016lx", $0.bitPattern) } ?? "-" }
      let pieces = (lengths ?? [values.count]).map(String.init).joined(separator: ",")
      expected.append(pieces + ":" + words.joined(separator: " "))
    }
    let lines = try PythonReader.runWithPage(program, input: Data(frames.utf8))
    #expect(lines.count == expected.count)
    for (line, wanted) in zip(lines, expected) { #expect(line == wanted) }
  }
}
