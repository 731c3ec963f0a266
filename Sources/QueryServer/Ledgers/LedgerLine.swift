import Foundation
import Records

/// A line of a ledger's journal: a checksum of the rest in hexadecimal, a digest in hexadecimal, and the entry as
/// canonical JSON, with a space between each, and a line feed.
///
/// The digest is that of the entry and of all entries before it, so a line that was removed, added or moved is noticed
/// at the next one. Journals of older versions have lines without digests; the first line with a digest covers them.
struct LedgerLine {
  let entry: LedgerEntry
  /// Of this entry and all before it.
  let chain: Digest256
  let hasChain: Bool
  let bytes: [UInt8]

  private static let space = UInt8(ascii: " ")
  private static let digits = 64

  /// The line of an entry behind entries with the digest `chain`; nil at the beginning.
  init(_ entry: LedgerEntry, after chain: Digest256?) throws {
    let json = Array(try CanonicalJSON.encode(entry))
    self.entry = entry
    self.chain = Self.chain(json, after: chain)
    hasChain = true
    let rest = Array(self.chain.hex.utf8) + [Self.space] + json
    let checksum = String(Checksum.crc32(rest), radix: 16)
    bytes = Array((String(repeating: "0", count: 8 - checksum.count) + checksum + " ").utf8) + rest + [0x0A]
  }

  /// Reads a line without its line feed; nil for one that was not written behind entries with the digest `chain`. Where
  /// `needsChain`, a line without a digest was not.
  init?(line: some Collection<UInt8>, after chain: Digest256?, needsChain: Bool) {
    let line = Array(line)
    guard line.count > 9, line[8] == Self.space,
      let checksum = UInt32(String(decoding: line[..<8], as: UTF8.self), radix: 16)
    else { return nil }
    let rest = Array(line[9...])
    guard Checksum.crc32(rest) == checksum else { return nil }
    hasChain = rest.first != UInt8(ascii: "{")
    let json = hasChain ? Array(rest.dropFirst(Self.digits + 1)) : rest
    self.chain = Self.chain(json, after: chain)
    guard hasChain || !needsChain,
      !hasChain
        || rest.count > Self.digits && rest[..<Self.digits].elementsEqual(self.chain.hex.utf8)
          && rest[Self.digits] == Self.space,
      let entry = try? CanonicalJSON.decode(LedgerEntry.self, from: Data(json))
    else { return nil }
    self.entry = entry
    bytes = line + [0x0A]
  }

  private static func chain(_ json: [UInt8], after chain: Digest256?) -> Digest256 {
    Digest256(of: Array((chain?.hex ?? "").utf8) + json)
  }
}
