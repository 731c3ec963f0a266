package import Foundation

/// Unpacks frames (`docs/file-format.md`, "Frame"). Total: any bytes give values or a `FrameFailure`, and at most
/// `AtlasFormat.longestFrame` of them. One caller at a time; keep it, since it reuses its memory.
package final class FrameDecoder {
  private let inflater = Inflater()
  private var scratch: UnsafeMutableRawBufferPointer = .allocate(byteCount: 1 << 14, alignment: 16)

  package init() {}

  deinit { scratch.deallocate() }

  /// All values of a frame. A frame of another number of values than `count` is refused.
  package func decode(_ frame: UnsafeRawBufferPointer, count: Int? = nil) throws(FrameFailure) -> ColumnValues {
    let (header, end) = try FrameHeader.read(frame)
    guard count == nil || count == header.count else {
      throw FrameFailure(reason: "it has \(header.count) values, not \(count ?? 0)")
    }
    return try values(header, frame, from: end, in: 0..<header.count)
  }

  package func decode(_ frame: Data, count: Int? = nil) throws(FrameFailure) -> ColumnValues {
    try Self.withBytes(frame) { bytes throws(FrameFailure) in try self.decode(bytes, count: count) }
  }

  /// The values in `range` only. Where no plane is packed, the cost does not depend on the length of the frame.
  package func decode(_ frame: UnsafeRawBufferPointer, in range: Range<Int>) throws(FrameFailure) -> ColumnValues {
    let (header, end) = try FrameHeader.read(frame)
    guard range.lowerBound >= 0, range.upperBound <= header.count else {
      throw FrameFailure(reason: "it has \(header.count) values and not \(range)")
    }
    return try values(header, frame, from: end, in: range)
  }

  package func decode(_ frame: Data, in range: Range<Int>) throws(FrameFailure) -> ColumnValues {
    try Self.withBytes(frame) { bytes throws(FrameFailure) in try self.decode(bytes, in: range) }
  }

  /// One piece, such as the curve of one run; pieces are counted from 0.
  package func decode(_ frame: UnsafeRawBufferPointer, piece: Int) throws(FrameFailure) -> ColumnValues {
    let (header, end) = try FrameHeader.read(frame)
    guard let range = header.range(ofPiece: piece) else { throw FrameFailure(reason: "it has no piece \(piece)") }
    return try values(header, frame, from: end, in: range)
  }

  package func decode(_ frame: Data, piece: Int) throws(FrameFailure) -> ColumnValues {
    try Self.withBytes(frame) { bytes throws(FrameFailure) in try self.decode(bytes, piece: piece) }
  }

  /// The lengths of the pieces of a frame.
  package static func lengths(_ frame: UnsafeRawBufferPointer) throws(FrameFailure) -> [Int] {
    try FrameHeader.read(frame).header.lengths
  }

  package static func lengths(_ frame: Data) throws(FrameFailure) -> [Int] {
    try withBytes(frame) { bytes throws(FrameFailure) in try lengths(bytes) }
  }

  private static func withBytes<Value>(
    _ frame: Data, _ body: (UnsafeRawBufferPointer) throws(FrameFailure) -> Value
  ) throws(FrameFailure) -> Value {
    let result = frame.withUnsafeBytes { bytes in
      Result { () throws(FrameFailure) in try body(bytes) }
    }
    return try result.get()
  }

  // MARK: Planes

  private func values(
    _ header: FrameHeader, _ frame: UnsafeRawBufferPointer, from end: Int, in range: Range<Int>
  ) throws(FrameFailure) -> ColumnValues {
    let planes = try planes(header, frame, from: end)
    let presence = try presence(header, planes.presence, in: range)
    let merging = PlaneMerging(header: header, planes: planes)
    let storage: ColumnValues.Storage =
      switch header.kind {
      // No bits: every value is the base, and a column of one value takes no memory.
      case .decimal where header.bits == 0: .constant(header.isDelta ? 0 : header.base, count: range.count)
      case .decimal where header.isWide: .wide(merging.mantissas(UInt64.self, in: range))
      case .decimal: .narrow(merging.mantissas(UInt32.self, in: range))
      case .single: .single(merging.singles(in: range))
      case .double: .double(merging.doubles(in: range))
      }
    return ColumnValues(
      storage: storage, unit: Double(header.unit), power: FrameHeader.powers[header.digits], presence: presence)
  }

  /// Finds the planes, unpacking those that are packed; valid until the next call.
  private func planes(
    _ header: FrameHeader, _ frame: UnsafeRawBufferPointer, from end: Int
  ) throws(FrameFailure) -> FramePlanes {
    let presenceBytes = header.presenceBytes
    var rawBytes = header.rawPresence ? presenceBytes : 0
    var packedBytes = presenceBytes - rawBytes
    for plane in 0..<header.planes {
      let bytes = header.bytes(ofPlane: plane)
      if header.isRaw(plane) { rawBytes += bytes } else { packedBytes += bytes }
    }
    guard rawBytes <= frame.count - end else {
      throw FrameFailure(reason: "it has \(frame.count - end) bytes of planes and needs at least \(rawBytes)")
    }
    let raw = UnsafeRawBufferPointer(rebasing: frame[end..<end + rawBytes])
    let packed = UnsafeRawBufferPointer(rebasing: frame[(end + rawBytes)...])
    if packedBytes > 0 {
      guard Inflater.isPossible(packed: packed.count, unpacked: packedBytes) else {
        throw FrameFailure(reason: "\(packed.count) packed bytes cannot hold \(packedBytes)")
      }
      let room = packedBytes + Inflater.slack
      if scratch.count < room {
        scratch.deallocate()
        scratch = .allocate(byteCount: room, alignment: 16)
      }
      let target = UnsafeMutableRawBufferPointer(rebasing: scratch[..<room])
      guard inflater.bareStream(packed, count: packedBytes, into: target) else {
        throw FrameFailure(reason: "its packed bytes are damaged or do not give \(packedBytes) bytes")
      }
    } else if !packed.isEmpty {
      throw FrameFailure(reason: "\(packed.count) bytes follow its planes")
    }
    return FramePlanes(header: header, raw: raw, unpacked: UnsafeRawBufferPointer(scratch))
  }

  private func presence(
    _ header: FrameHeader, _ bitmap: UnsafeRawBufferPointer, in range: Range<Int>
  ) throws(FrameFailure) -> [UInt8]? {
    guard header.hasAbsent else { return nil }
    if let last = bitmap.last, header.count & 7 != 0, last >> UInt8(header.count & 7) != 0 {
      throw FrameFailure(reason: "it names values behind its last one")
    }
    guard range != 0..<header.count else { return [UInt8](bitmap) }
    var part = [UInt8](repeating: 0, count: (range.count + 7) / 8)
    for index in range where bitmap[index >> 3] >> UInt8(index & 7) & 1 == 1 {
      let place = index - range.lowerBound
      part[place >> 3] |= 1 << UInt8(place & 7)
    }
    return part
  }
}
