/// Walks the frames of a journal from the first to the last intact one.
///
/// An interrupted write leaves a part of one frame at the end of the file; nothing in it was acknowledged. A frame that
/// is damaged although an intact one follows is a different matter: acknowledged entries would be lost by stopping
/// there, so it is an error. A damaged length can make a frame seem to reach past the end; therefore the bytes behind a
/// bad frame are searched for an intact one before they are called a torn tail.
struct JournalFrames {
  struct Frame: Sendable {
    let offset: Int
    let payload: [UInt8]
  }

  private let file: SystemFile
  private let size: Int
  /// A part of the file from `windowStart`, so that short frames do not cost a system call each.
  private var window: [UInt8] = []
  private var windowStart = 0
  private static let windowBytes = 1 << 20
  /// Where the next frame begins; after the last, the length of the intact part.
  private(set) var position: Int

  /// Checks the header. A file that holds only a part of the header is an interrupted creation: no frames, and
  /// `position` is 0. With `start` the frames before that byte are passed over: it is where one begins, or the end.
  init(_ file: SystemFile, from start: Int = 0) throws(RecordsError) {
    self.file = file
    size = try file.size()
    let header = try file.read(at: 0, count: min(size, JournalFormat.headerBytes))
    if header.count < JournalFormat.headerBytes {
      guard JournalFormat.header.starts(with: header) else { throw .notAJournal(path: file.path) }
      position = 0
      return
    }
    guard header[0..<8] == JournalFormat.header[0..<8],
      JournalFormat.number(header[12..<16]) == Checksum.crc32(Array(header[0..<12]))
    else { throw .notAJournal(path: file.path) }
    let version = JournalFormat.number(header[8..<12])
    guard version == JournalFormat.version else {
      throw .unsupportedVersion(path: file.path, found: version, supported: JournalFormat.version)
    }
    position = max(start, JournalFormat.headerBytes)
  }

  /// Bytes behind the intact part; known once ``next()`` returned nil.
  var tornBytes: Int { size - position }

  /// The next intact frame, or nil at the end or at a torn tail.
  mutating func next() throws(RecordsError) -> Frame? {
    guard position > 0, position < size else { return nil }
    let head = try read(at: position, count: JournalFormat.frameHeadBytes)
    if head.count == JournalFormat.frameHeadBytes {
      let length = Int(JournalFormat.number(head.prefix(4)))
      let start = position + JournalFormat.frameHeadBytes
      if length > 0, length <= JournalFormat.longestPayload, start + length <= size {
        let payload = Array(try read(at: start, count: length))
        if payload.count == length, Checksum.crc32(payload) == JournalFormat.number(head.suffix(4)) {
          defer { position = start + length }
          return Frame(offset: position, payload: payload)
        }
      }
    }
    if let intact = try firstIntactFrame(after: position) {
      throw .damagedFrame(
        path: file.path, offset: position,
        reason: "the frame's length or checksum is wrong (the next intact record is at byte \(intact))")
    }
    return nil
  }

  /// Up to `count` bytes from `offset`; fewer only at the end of the file.
  private mutating func read(at offset: Int, count: Int) throws(RecordsError) -> ArraySlice<UInt8> {
    if offset < windowStart || offset + count > windowStart + window.count {
      window = try file.read(at: offset, count: min(max(count, Self.windowBytes), size - offset))
      windowStart = offset
    }
    return window[(offset - windowStart)..<min(offset - windowStart + count, window.count)]
  }

  /// Offset of the first whole frame that begins after `offset`. How payloads begin makes candidates rare.
  private func firstIntactFrame(after offset: Int) throws(RecordsError) -> Int? {
    let window = 1 << 20
    var start = offset + 1
    while start + JournalFormat.frameHeadBytes + 2 <= size {
      let bytes = try file.read(at: start, count: min(window, size - start))
      var index = 0
      while index + JournalFormat.frameHeadBytes + 2 <= bytes.count {
        if JournalFormat.mayBegin(bytes[index + 8], bytes[index + 9]) {
          let length = Int(JournalFormat.number(bytes[index..<index + 4]))
          let payloadStart = start + index + JournalFormat.frameHeadBytes
          if length >= 2, length <= JournalFormat.longestPayload, payloadStart + length <= size {
            let payload = try file.read(at: payloadStart, count: length)
            if Checksum.crc32(payload) == JournalFormat.number(bytes[index + 4..<index + 8]) { return start + index }
          }
        }
        index += 1
      }
      start += index
    }
    return nil
  }
}
