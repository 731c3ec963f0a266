/// The bytes of a journal.
///
/// A header of 16 bytes: `NASAJRNL`, the format version (UInt32), the CRC-32 of the twelve bytes before it. Then one
/// frame an entry: length of the payload (UInt32), CRC-32 of the payload, payload. A payload is the byte 170, a kind and the
/// content: 1 the bytes of an ``EncodedRun``, 2 the canonical JSON of another ``JournalEntry``. All numbers are
/// little-endian.
package enum JournalFormat {
  package static let version: UInt32 = 3
  package static let headerBytes = 16
  package static let frameHeadBytes = 8
  /// Longest payload, in bytes.
  package static let longestPayload = 64 << 20
  static let marker: UInt8 = 170
  static let run: UInt8 = 1
  static let json: UInt8 = 2

  package static let header: [UInt8] = {
    let head = Array("NASAJRNL".utf8) + littleEndian(version)
    return head + littleEndian(Checksum.crc32(head))
  }()

  package static func frame(_ payload: [UInt8]) -> [UInt8] {
    littleEndian(UInt32(payload.count)) + littleEndian(Checksum.crc32(payload)) + payload
  }

  package static func payload(_ entry: JournalEntry) throws -> [UInt8] {
    if case .run(let record) = entry { return [marker, run] + (try EncodedRun(record)).bytes }
    return [marker, json] + (try CanonicalJSON.encode(entry))
  }

  /// True when a payload may begin with these two bytes.
  static func mayBegin(_ first: UInt8, _ second: UInt8) -> Bool { first == marker && (second == run || second == json) }

  package static func number(_ bytes: some RandomAccessCollection<UInt8>) -> UInt32 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  private static func littleEndian(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
