import Foundation
import Records
import Testing

@Suite struct EncodedRunTests {
  private func decode(_ bytes: [UInt8]) throws -> (record: RunRecord, encoded: EncodedRun) {
    try bytes.withUnsafeBytes { try RunRecord.decode($0) }
  }

  @Test func everyRecordHasOneSpellingAndComesBackFromIt() throws {
    var records = RandomRecords(seed: 1)
    for index in 0..<2_000 {
      let record = records.next()
      let encoded = try EncodedRun(record)
      let (back, again) = try decode(encoded.bytes)
      #expect(again == encoded, "record \(index)")
      #expect(try EncodedRun(back) == encoded, "record \(index)")
      // Text, since NaN does not equal itself; then the bits that text does not show.
      #expect(try CanonicalJSON.text(back) == CanonicalJSON.text(record.canonical), "record \(index)")
      let bits = { (record: RunRecord) in record.curves.map { $0.values.map(\.bitPattern) } }
      #expect(bits(back) == bits(record.canonical), "record \(index)")
      #expect(
        back.costs?.perEpoch.mapValues { $0.map(\.bitPattern) }
          == record.canonical.costs?.perEpoch.mapValues { $0.map(\.bitPattern) })
      var shuffled = record
      shuffled.curves.reverse()
      #expect(try EncodedRun(shuffled) == encoded)
    }
  }

  @Test func digestsAreOfTheParts() throws {
    var records = RandomRecords(seed: 2)
    for _ in 0..<200 {
      let record = records.next()
      let encoded = try EncodedRun(record)
      var other = record
      other.source = "another source"
      #expect(try EncodedRun(other).numericsDigest == encoded.numericsDigest)
      #expect(try EncodedRun(other).recordDigest != encoded.recordDigest)
      other.status = record.status == .completed ? .failed : .completed
      #expect(try EncodedRun(other).keyDigest == encoded.keyDigest)
      #expect(try EncodedRun(other).numericsDigest != encoded.numericsDigest)
      other.key.seed = .unnamed(77)
      #expect(try EncodedRun(other).keyDigest != encoded.keyDigest)
    }
  }

  @Test func everyTruncationIsAnError() throws {
    var records = RandomRecords(seed: 3)
    for _ in 0..<40 {
      let bytes = try EncodedRun(records.next()).bytes
      for length in 0..<bytes.count {
        #expect(throws: ByteReader.Failure.self) { try decode(Array(bytes[..<length])) }
      }
      #expect(throws: ByteReader.Failure.self) { try decode(bytes + [0]) }
    }
  }

  /// A flipped bit is an error, or it gives another record whose one spelling the bytes are.
  @Test func everyFlippedBitIsAnErrorOrAnotherRecord() throws {
    var records = RandomRecords(seed: 4)
    var others = 0
    for _ in 0..<10 {
      var bytes = try EncodedRun(records.next()).bytes
      for bit in 0..<8 * bytes.count {
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        if let (record, encoded) = try? decode(bytes) {
          others += 1
          #expect(encoded.bytes == bytes)
          let again = try EncodedRun(record)
          if again != encoded { Issue.record("bit \(bit) gives bytes that are not the spelling of their record") }
        }
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      }
    }
    #expect(others > 500)
  }

  @Test func noiseIsAnError() {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<3_000 {
      let noise = (0..<generator.integer(below: 300)).map { _ in
        UInt8(truncatingIfNeeded: generator.next() >> generator.integer(below: 64))
      }
      #expect(throws: ByteReader.Failure.self) { try decode(noise) }
    }
  }

  @Test func lengthsThatTheBytesCannotFillAllocateNothing() throws {
    var writer = ByteWriter()
    for text in ["s", "a", "d"] { writer.text(text) }
    writer.byte(0)
    writer.digest(Digest256(of: "p"))
    writer.byte(0)
    writer.number(1)
    writer.byte(0)
    for claim in [UInt64(1) << 40, .max, 1 << 62] {
      var curves = writer
      curves.number(claim)
      #expect(throws: ByteReader.Failure.self) { try decode(curves.bytes) }
      var values = writer
      values.number(1)
      values.text("loss")
      values.byte(1)
      values.byte(1)
      values.number(claim)
      #expect(throws: ByteReader.Failure.self) { try decode(values.bytes) }
    }
  }

  @Test func numbersHaveOneSpelling() throws {
    for (bytes, value) in [([0], 0), ([0x7f], 127), ([0x80, 1], 128)] as [([UInt8], UInt64)] {
      try bytes.withUnsafeBytes { raw throws in
        var reader = ByteReader(raw)
        #expect(try reader.number() == value)
      }
    }
    for bytes in [[0x80, 0], [0xff, 0x80, 0], [UInt8](repeating: 0xff, count: 10), [0x80]] as [[UInt8]] {
      #expect(throws: ByteReader.Failure.self) {
        try bytes.withUnsafeBytes { raw throws in
          var reader = ByteReader(raw)
          _ = try reader.number()
        }
      }
    }
    var writer = ByteWriter()
    for value in [Int64.min, -1, 0, 1, .max] { writer.signed(value) }
    try writer.bytes.withUnsafeBytes { raw throws in
      var reader = ByteReader(raw)
      for value in [Int64.min, -1, 0, 1, .max] { #expect(try reader.signed() == value) }
      #expect(reader.isAtEnd)
    }
  }
}
