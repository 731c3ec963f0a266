import Foundation

/// Reads a journal. Total: any bytes give entries, a torn tail, or a ``RecordsError``.
public struct JournalReader {
  /// An entry and where its frame begins.
  public struct Item: Hashable, Sendable {
    public let offset: Int
    public let entry: JournalEntry
    /// The bytes of a run; nil for all else.
    package let encoded: EncodedRun?
  }

  public let path: String
  private var frames: JournalFrames

  /// Opens the journal and checks its header. A writer may be at work on it: what it has acknowledged is read. With
  /// `start` only what follows ``position`` of an earlier reader is read.
  public init(path: String, from start: Int = 0) throws(RecordsError) {
    self.path = path
    frames = try JournalFrames(SystemFile(path, .read), from: start)
  }

  /// Where the next entry begins.
  public var position: Int { frames.position }

  /// The next entry, or nil at the end or at a torn tail.
  ///
  /// Throws `damagedFrame` when intact records follow a damaged one, `undecodableEntry` when an intact frame holds what
  /// this version does not know.
  public mutating func next() throws(RecordsError) -> Item? {
    guard let frame = try frames.next() else { return nil }
    return try Self.item(frame, path: path)
  }

  /// Up to `limit` entries of up to about `bytes` bytes, decoded on all processors; none at the end or at a torn tail.
  package mutating func next(atMost limit: Int, bytes: Int) throws -> [Item] {
    var batch: [JournalFrames.Frame] = []
    var size = 0
    while batch.count < limit, size < bytes, let frame = try frames.next() {
      batch.append(frame)
      size += frame.payload.count
    }
    return try batch.concurrentMap { [path] frame in try Self.item(frame, path: path) }
  }

  private static func item(_ frame: JournalFrames.Frame, path: String) throws(RecordsError) -> Item {
    do {
      return try frame.payload.withUnsafeBytes { payload in
        guard payload.count > 2, payload[0] == JournalFormat.marker else {
          throw ByteReader.Failure(offset: 0, reason: "an unknown kind of entry")
        }
        let content = UnsafeRawBufferPointer(rebasing: payload[2...])
        switch payload[1] {
        case JournalFormat.run:
          let (record, encoded) = try RunRecord.decode(content)
          return Item(offset: frame.offset, entry: .run(record), encoded: encoded)
        case JournalFormat.json:
          return Item(
            offset: frame.offset, entry: try CanonicalJSON.decode(JournalEntry.self, from: Data(content)),
            encoded: nil)
        default: throw ByteReader.Failure(offset: 1, reason: "an unknown kind of entry")
        }
      }
    } catch {
      throw .undecodableEntry(path: path, offset: frame.offset, reason: DecodingWords.reason(error, whole: "it"))
    }
  }

  /// Bytes of an interrupted write at the end of the file, which was never acknowledged; known once ``next()`` returned
  /// nil.
  public var tornBytes: Int { frames.tornBytes }

  /// All entries of the journal at `path`, and the bytes of its torn tail.
  public static func readAll(path: String) throws(RecordsError) -> (items: [Item], tornBytes: Int) {
    var reader = try JournalReader(path: path)
    var items: [Item] = []
    while let item = try reader.next() { items.append(item) }
    return (items, reader.tornBytes)
  }
}
