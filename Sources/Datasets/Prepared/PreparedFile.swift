package import Foundation
import Records

/// A data set as one compact file: an ``ArrayFile`` whose arrays are zlib streams.
package enum PreparedFile {
  private static let format = ArrayFile(magic: "NASATLDS", version: 3)
  private static let largestArray = 4 << 30

  private struct Settings: Codable {
    var recipeVersion: Int
    var card: DatasetCard
    var cardinalities: [Int]
    var counts: [Split: Int]
  }

  /// Writes to a temporary file beside `file`, syncs it and renames it into place.
  package static func write(_ dataset: EventDataset, recipeVersion: Int, to file: URL) throws {
    var archive = ArrayArchive(kind: "dataset")
    try archive.setSettings(
      Settings(
        recipeVersion: recipeVersion, card: dataset.card, cardinalities: dataset.categoricalCardinalities,
        counts: Dictionary(uniqueKeysWithValues: Split.parts.map { ($0, dataset[$0].count) })))
    for split in Split.parts { archive.set(split.rawValue, try dataset[split].archive(path: file.path)) }
    try AtomicFile.write(try format.encode(archive), to: file)
  }

  /// Nil where the file was made by another version of the recipe or of this format. Throws `preparedFileDamaged` for
  /// anything that is not, byte for byte, a file that `write` made.
  package static func read(_ file: URL, recipeVersion: Int) throws -> EventDataset? {
    let bytes = try SourceFile.bytes(of: file, remedy: "prepare the data set again")
    if format.isWholeInOtherVersion(bytes) { return nil }
    do {
      let archive = try format.decode(bytes)
      let settings = try archive.settings(Settings.self)
      guard settings.recipeVersion == recipeVersion else { return nil }
      return try dataset(settings, archive)
    } catch let damage as DamagedArchive {
      throw DatasetError.preparedFileDamaged(path: file.path, reason: damage.reason)
    }
  }

  private static func dataset(_ settings: Settings, _ archive: ArrayArchive) throws -> EventDataset {
    let length = settings.card.input?.shape["length"] ?? 0
    let classCount = settings.card.classNames.count
    let numericCount = settings.card.input?.names(of: "numeric").count ?? 0
    let cardinalities = settings.cardinalities
    guard (1...1 << 20).contains(length), classCount > 0, cardinalities.count <= 4_096, numericCount <= 4_096,
      cardinalities.allSatisfy({ (1...Int(UInt16.max)).contains($0) })
    else { throw DamagedArchive("sizes in its header") }
    func split(_ name: Split) throws -> EventSplit {
      let count = settings.counts[name] ?? -1
      let widest = max(4, 2 * cardinalities.count, 4 * numericCount)
      guard count >= 0, count <= largestArray / (length * widest) else { throw DamagedArchive("\(count) sequences") }
      let rows = count * length
      let part = try archive.part(name.rawValue)
      func array<T: BitwiseCopyable>(_ array: String, _ zero: T, _ count: Int) throws -> [T] {
        let packed = try part.bytes(array)
        guard let values = packed.withUnsafeBytes({ ZlibArray.unpack($0, count: count, zero: zero) }) else {
          throw DamagedArchive("\(array) of the \(name) split")
        }
        return values
      }
      let made = EventSplit(
        lengths: try array("lengths", Int32(0), count), times: try array("times", Float(0), rows),
        categorical: try array("categorical", UInt16(0), rows * cardinalities.count),
        numeric: try array("numeric", Float(0), rows * numericCount), labels: try array("labels", Int32(0), count))
      guard made.lengths.allSatisfy({ $0 >= 1 && $0 <= length }),
        made.labels.allSatisfy({ $0 >= 0 && $0 < classCount }), codesFit(made.categorical, cardinalities)
      else { throw DamagedArchive("a value outside its range") }
      return made
    }
    return EventDataset(
      card: settings.card, sequenceLength: length, categoricalCardinalities: cardinalities, numericCount: numericCount,
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

#if _endian(big)
  #error("arrays of prepared files are little-endian, as machines that train are")
#endif

extension EventSplit {
  fileprivate func archive(path: String) throws -> ArrayArchive {
    var archive = ArrayArchive(kind: "split")
    for (name, packed) in [
      ("lengths", lengths.withUnsafeBytes(ZlibArray.pack)), ("times", times.withUnsafeBytes(ZlibArray.pack)),
      ("categorical", categorical.withUnsafeBytes(ZlibArray.pack)),
      ("numeric", numeric.withUnsafeBytes(ZlibArray.pack)),
      ("labels", labels.withUnsafeBytes(ZlibArray.pack)),
    ] {
      guard let packed else { throw DatasetError.cannotWrite(path: path, reason: "zlib is out of memory") }
      archive.set(name, [UInt8](packed))
    }
    return archive
  }
}
