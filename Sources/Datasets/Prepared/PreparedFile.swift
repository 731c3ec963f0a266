import CZlib
package import Foundation
import Records

#if _endian(big)
  #error("prepared files are read in place on little-endian machines only")
#endif

/// A data set as one compact file: 8 bytes of magic, version and header length (UInt32 each), a JSON header, one zlib
/// stream an array, and the SHA-256 of all that. Numbers are little-endian.
package enum PreparedFile {
  private static let magic = Data("NASATLDS".utf8)
  private static let version: UInt32 = 2
  private static let prefixLength = 16
  private static let digestLength = 64
  private static let largestArray = 4 << 30

  private struct Header: Codable {
    var recipeVersion: Int
    var card: DatasetCard
    var cardinalities: [Int]
    var counts: [Split: Int]
    /// Compressed bytes of each array, in the order in which they stand.
    var blocks: [Int]
  }

  /// Writes to a temporary file beside `file`, syncs it and renames it into place.
  package static func write(_ dataset: EventDataset, recipeVersion: Int, to file: URL) throws {
    var payload = Data()
    var blocks: [Int] = []
    for split in Split.parts {
      for block in try dataset[split].compressedArrays(path: file.path) {
        blocks.append(block.count)
        payload.append(block)
      }
    }
    let header = try CanonicalJSON.encode(
      Header(
        recipeVersion: recipeVersion, card: dataset.card, cardinalities: dataset.categoricalCardinalities,
        counts: Dictionary(uniqueKeysWithValues: Split.parts.map { ($0, dataset[$0].count) }), blocks: blocks))
    var bytes = magic
    for word in [version, UInt32(header.count)] {
      withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
    }
    bytes.append(header)
    bytes.append(payload)
    bytes.append(Data(Digest256(of: bytes).hex.utf8))
    try AtomicFile.write(bytes, to: file)
  }

  /// Nil where the file was made by another version of the recipe or of this format. Throws `preparedFileDamaged` for
  /// anything that is not, byte for byte, a file that `write` made.
  package static func read(_ file: URL, recipeVersion: Int) throws -> EventDataset? {
    func damaged(_ reason: String) -> DatasetError { .preparedFileDamaged(path: file.path, reason: reason) }
    let bytes = try SourceFile.bytes(of: file, remedy: "prepare the data set again")
    guard bytes.count >= prefixLength + digestLength else {
      throw damaged("it is truncated after \(bytes.count) bytes")
    }
    guard bytes.prefix(8) == magic else { throw damaged("it does not begin like a prepared data set") }
    let end = bytes.count - digestLength
    let recorded = String(decoding: bytes.suffix(digestLength), as: UTF8.self)
    guard Digest256(of: bytes.prefix(end)).hex == recorded else { throw damaged("its SHA-256 does not match") }
    let (found, length) = bytes.withUnsafeBytes { raw in
      (
        UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt32.self)),
        Int(UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 12, as: UInt32.self)))
      )
    }
    guard found == version else { return nil }
    guard length <= min(1 << 20, end - prefixLength) else { throw damaged("a header of \(length) bytes") }
    let headerBytes = bytes.subdata(in: prefixLength..<prefixLength + length)
    guard let header = try? CanonicalJSON.decode(Header.self, from: headerBytes) else { throw damaged("its header") }
    guard header.recipeVersion == recipeVersion else { return nil }
    return try bytes.withUnsafeBytes { raw in
      try decode(header, UnsafeRawBufferPointer(rebasing: raw[(prefixLength + length)..<end]), damaged)
    }
  }

  private static func decode(
    _ header: Header, _ payload: UnsafeRawBufferPointer, _ damaged: (String) -> DatasetError
  ) throws -> EventDataset {
    let length = header.card.input?.shape["length"] ?? 0
    let classCount = header.card.classNames.count
    let numericCount = header.card.input?.names(of: "numeric").count ?? 0
    let cardinalities = header.cardinalities
    guard (1...1 << 20).contains(length), classCount > 0, cardinalities.count <= 4_096, numericCount <= 4_096,
      cardinalities.allSatisfy({ (1...Int(UInt16.max)).contains($0) }), header.blocks.count == 15,
      header.blocks.allSatisfy({ (0...payload.count).contains($0) }), header.blocks.reduce(0, +) == payload.count
    else { throw damaged("sizes in its header") }
    var offset = 0
    var block = 0
    func array<T: BitwiseCopyable>(_ zero: T, _ count: Int) throws -> [T] {
      let packed = UnsafeRawBufferPointer(rebasing: payload[offset..<offset + header.blocks[block]])
      offset += header.blocks[block]
      block += 1
      guard let values = ZlibArray.unpack(packed, count: count, zero: zero) else { throw damaged("array \(block)") }
      return values
    }
    func split(_ name: Split) throws -> EventSplit {
      let count = header.counts[name] ?? -1
      let widest = max(4, 2 * cardinalities.count, 4 * numericCount)
      guard count >= 0, count <= largestArray / (length * widest) else { throw damaged("\(count) sequences") }
      let rows = count * length
      let made = EventSplit(
        lengths: try array(Int32(0), count), times: try array(Float(0), rows),
        categorical: try array(UInt16(0), rows * cardinalities.count),
        numeric: try array(Float(0), rows * numericCount), labels: try array(Int32(0), count))
      guard made.lengths.allSatisfy({ $0 >= 1 && $0 <= length }),
        made.labels.allSatisfy({ $0 >= 0 && $0 < classCount }), codesFit(made.categorical, cardinalities)
      else { throw damaged("a value outside its range") }
      return made
    }
    return EventDataset(
      card: header.card, sequenceLength: length, categoricalCardinalities: cardinalities, numericCount: numericCount,
      classCount: classCount, train: try split(.train), validation: try split(.validation), test: try split(.test))
  }

  private static func codesFit(_ codes: [UInt16], _ cardinalities: [Int]) -> Bool {
    codes.withUnsafeBufferPointer { codes in
      for (feature, cardinality) in cardinalities.enumerated() {
        var largest: UInt16 = 0
        for index in stride(from: feature, to: codes.count, by: cardinalities.count) {
          largest = max(largest, codes[index])
        }
        if Int(largest) >= cardinality { return false }
      }
      return true
    }
  }
}

extension EventSplit {
  fileprivate func compressedArrays(path: String) throws -> [Data] {
    let packed = [
      lengths.withUnsafeBytes(ZlibArray.pack), times.withUnsafeBytes(ZlibArray.pack),
      categorical.withUnsafeBytes(ZlibArray.pack), numeric.withUnsafeBytes(ZlibArray.pack),
      labels.withUnsafeBytes(ZlibArray.pack),
    ]
    return try packed.map {
      guard let block = $0 else { throw DatasetError.cannotWrite(path: path, reason: "zlib is out of memory") }
      return block
    }
  }
}
