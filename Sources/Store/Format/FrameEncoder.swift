package import Foundation

/// Packs columns of values into frames (`docs/file-format.md`, "Frame"). One caller at a time; keep it, since its tables
/// take longer to make than a frame.
package final class FrameEncoder {
  /// Residuals of a column and what undoes them.
  private struct Candidate {
    var header: FrameHeader
    var residuals: [UInt64]
  }

  /// From this many values on, candidates are compared by a quick probe and only the best is packed well.
  private static let probedFrom = 4_096
  /// A plane that packing does not bring below this part of its length stays as it is, and costs no time to unpack.
  private static let worthPacking = 0.97

  private let deflater: Deflater
  private let probe = Deflater(level: 1)
  private let judge = Deflater(level: 6)
  private var scratch: [UInt8] = []

  package init(level: Int = AtlasFormat.publishingLevel) {
    deflater = Deflater(level: level)
  }

  /// Packs `values`; nil is an absent value.
  package func pack(
    _ values: [Double?], lengths: [Int]? = nil, direct: Bool = false
  ) throws(FrameFailure) -> Data {
    try pack(values.map { $0 ?? 0 }, present: values.map { $0 != nil }, lengths: lengths, direct: direct)
  }

  /// Packs `values`, each bit for bit.
  ///
  /// - Parameters:
  ///   - present: false where a value is absent; nil where none is.
  ///   - lengths: how the values fall into consecutive pieces, such as the curves of several runs; nil for one piece.
  ///   - direct: stores every plane raw and no steps, so that one value is read in constant time.
  package func pack(
    _ values: [Double], present: [Bool]? = nil, lengths: [Int]? = nil, direct: Bool = false
  ) throws(FrameFailure) -> Data {
    precondition(present == nil || present?.count == values.count, "a value is present or not")
    precondition(lengths.map { $0.reduce(0, +) == values.count } ?? true, "pieces cover the values")
    guard values.count <= AtlasFormat.longestFrame else {
      throw FrameFailure(reason: "\(values.count) values are too many (at most \(AtlasFormat.longestFrame))")
    }
    let present = present?.contains(false) == true ? present : nil
    let candidates = candidates(values, present, lengths)
    if direct {
      let plain = candidates.filter { !$0.header.isDelta }.min { $0.header.bits < $1.header.bits }
      guard let plain else { preconditionFailure("a plain form is always a candidate") }
      return raw(plain, present)
    }
    var best: Data?
    if candidates.count > 1, values.count >= Self.probedFrom {
      let sizes = candidates.map { probedBytes($0) }
      let smallest = sizes.indices.min { sizes[$0] < sizes[$1] } ?? 0
      best = packed(candidates[smallest], present)
    } else {
      for candidate in candidates {
        let frame = packed(candidate, present)
        if best.map({ frame.count < $0.count }) ?? true { best = frame }
      }
    }
    guard let best else { preconditionFailure("float64 is always a candidate") }
    return best
  }

  // MARK: Candidates

  private func candidates(_ values: [Double], _ present: [Bool]?, _ lengths: [Int]?) -> [Candidate] {
    var found: [Candidate] = []
    let pieces = Self.pieces(lengths, values.count)
    if let column = Self.column(values, present) {
      found.append(Self.plain(column, present, pieces))
      if values.count > 1 { found.append(Self.delta(column, present, lengths ?? [values.count], pieces)) }
      // Decimals of many digits may be floats of few bytes.
      guard found.allSatisfy({ $0.header.planes > 4 }) else { return found }
    }
    let hasAbsent = present != nil
    var bits: [UInt64] = []
    bits.reserveCapacity(values.count)
    for (index, value) in values.enumerated() {
      guard present?[index] ?? true else {
        bits.append(0)
        continue
      }
      guard let single = ColumnValues.narrowed(value) else { break }
      bits.append(UInt64(single.bitPattern))
    }
    var header = FrameHeader(kind: .single, count: values.count, pieces: pieces, hasAbsent: hasAbsent, bits: 32)
    if bits.count < values.count {
      bits = values.indices.map { present?[$0] ?? true ? values[$0].bitPattern : 0 }
      header.kind = .double
      header.bits = 64
    }
    return found + [Candidate(header: header, residuals: bits)]
  }

  private static func pieces(_ lengths: [Int]?, _ count: Int) -> FrameHeader.Pieces {
    guard let lengths, lengths.count != 1 else { return .one }
    guard let first = lengths.first, first > 0, lengths.allSatisfy({ $0 == first }) else { return .listed(lengths) }
    return .equal(first)
  }

  private static func column(_ values: [Double], _ present: [Bool]?) -> DecimalColumn? {
    values.withUnsafeBufferPointer { values in
      guard let present else { return DecimalColumn(values, present: nil) }
      return present.withUnsafeBufferPointer { DecimalColumn(values, present: $0) }
    }
  }

  private static func decimalHeader(
    _ column: DecimalColumn, _ present: [Bool]?, _ pieces: FrameHeader.Pieces, _ residuals: [UInt64]
  ) -> FrameHeader {
    let bits = 64 - (residuals.max() ?? 0).leadingZeroBitCount
    var header = FrameHeader(
      kind: .decimal, count: residuals.count, pieces: pieces, hasAbsent: present != nil, bits: bits)
    header.digits = column.digits
    header.unit = Int(column.unit)
    header.isWide = bits > 32 || Int32(exactly: column.smallest) == nil || Int32(exactly: column.largest) == nil
    return header
  }

  /// Residuals are distances from the smallest mantissa; 0 where a value is absent.
  private static func plain(
    _ column: DecimalColumn, _ present: [Bool]?, _ pieces: FrameHeader.Pieces
  ) -> Candidate {
    let smallest = column.smallest
    var residuals = column.mantissas.map { UInt64(bitPattern: $0 &- smallest) }
    if let present {
      for index in present.indices where !present[index] { residuals[index] = 0 }
    }
    var header = decimalHeader(column, present, pieces, residuals)
    header.base = smallest
    return Candidate(header: header, residuals: residuals)
  }

  /// Residuals are zigzag steps: inside a piece from the value before, at its start from the first value of the piece
  /// before. An absent value repeats what it would be counted from.
  private static func delta(
    _ column: DecimalColumn, _ present: [Bool]?, _ lengths: [Int], _ pieces: FrameHeader.Pieces
  ) -> Candidate {
    var residuals = [UInt64](repeating: 0, count: column.mantissas.count)
    var start = 0
    var first: Int64 = 0
    for length in lengths where length > 0 {
      var previous = first
      for index in start..<start + length {
        if present?[index] ?? true {
          residuals[index] = FrameHeader.zigzag(column.mantissas[index] &- previous)
          previous = column.mantissas[index]
        }
        if index == start { first = previous }
      }
      start += length
    }
    var header = decimalHeader(column, present, pieces, residuals)
    header.isDelta = true
    return Candidate(header: header, residuals: residuals)
  }

  // MARK: Planes

  private func packed(_ candidate: Candidate, _ present: [Bool]?) -> Data {
    var header = candidate.header
    let planes = Self.planes(candidate)
    let presence = Self.bitmap(present)
    let judge = header.count >= Self.probedFrom ? probe : judge
    header.rawPresence = header.hasAbsent && !isWorthPacking(presence[...], by: judge)
    for plane in 0..<header.planes where !isWorthPacking(planes[plane][...], by: judge) {
      header.rawPlanes |= 1 << UInt8(plane)
    }
    let smallest = assembled(header, planes, presence)
    guard header.rawPlanes.nonzeroBitCount < header.planes || header.rawPresence != header.hasAbsent else {
      return smallest
    }
    let unpacked = raw(candidate, present)
    return unpacked.count <= smallest.count ? unpacked : smallest
  }

  private func raw(_ candidate: Candidate, _ present: [Bool]?) -> Data {
    var header = candidate.header
    header.rawPresence = header.hasAbsent
    header.rawPlanes = UInt8((1 << header.planes) - 1)
    return assembled(header, Self.planes(candidate), Self.bitmap(present))
  }

  private func assembled(_ header: FrameHeader, _ planes: [[UInt8]], _ presence: [UInt8]) -> Data {
    var frame: [UInt8] = []
    var mixed: [UInt8] = []
    header.write(to: &frame)
    if header.rawPresence { frame += presence } else { mixed += presence }
    for (plane, bytes) in planes.enumerated() {
      if header.isRaw(plane) { frame += bytes } else { mixed += bytes }
    }
    if !mixed.isEmpty { frame += stream(mixed[...], by: deflater) }
    return Data(frame)
  }

  private func isWorthPacking(_ bytes: ArraySlice<UInt8>, by judge: Deflater) -> Bool {
    Double(stream(bytes, by: judge).count) < Self.worthPacking * Double(bytes.count)
  }

  /// About how long the frame of a candidate would be.
  private func probedBytes(_ candidate: Candidate) -> Int {
    Self.planes(candidate).reduce(0) { $0 + min($1.count, stream($1[...], by: probe).count) }
  }

  /// A bare deflate stream, valid until the next call.
  private func stream(_ bytes: ArraySlice<UInt8>, by deflater: Deflater) -> ArraySlice<UInt8> {
    let bound = deflater.bound(bytes.count)
    if scratch.count < bound { scratch = [UInt8](repeating: 0, count: bound) }
    let length = scratch.withUnsafeMutableBytes { target in
      bytes.withUnsafeBytes { deflater.bareStream($0, into: target) }
    }
    guard let length else { preconditionFailure("libdeflate broke its bound") }
    return scratch[..<length]
  }

  /// Plane p holds byte p of every residual; the last one only the bits that are needed, several residuals a byte.
  private static func planes(_ candidate: Candidate) -> [[UInt8]] {
    let header = candidate.header
    return candidate.residuals.withUnsafeBufferPointer { residuals in
      (0..<header.planes).map { plane in
        let shift = UInt64(8 * plane)
        let width = plane < header.planes - 1 ? 8 : header.lastWidth
        guard width < 8 else {
          return [UInt8](unsafeUninitializedCapacity: header.count) { target, filled in
            for index in 0..<header.count { target[index] = UInt8(truncatingIfNeeded: residuals[index] &>> shift) }
            filled = header.count
          }
        }
        var packed = [UInt8](repeating: 0, count: header.bytes(ofPlane: plane))
        for index in 0..<header.count {
          packed[index * width / 8] |= UInt8(truncatingIfNeeded: residuals[index] &>> shift) << UInt8(index * width % 8)
        }
        return packed
      }
    }
  }

  private static func bitmap(_ present: [Bool]?) -> [UInt8] {
    guard let present else { return [] }
    var bitmap = [UInt8](repeating: 0, count: (present.count + 7) / 8)
    for index in present.indices where present[index] { bitmap[index >> 3] |= 1 << UInt8(index & 7) }
    return bitmap
  }
}
