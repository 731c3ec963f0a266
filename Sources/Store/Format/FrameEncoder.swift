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
  package func pack(_ values: [Double?], lengths: [Int]? = nil) throws(FrameFailure) -> Data {
    guard values.contains(nil) else { return try pack(values.map { $0 ?? 0 }, lengths: lengths) }
    return try pack(values.map { $0 ?? 0 }, present: values.map { $0 != nil }, lengths: lengths)
  }

  /// Packs `values`, each bit for bit.
  ///
  /// - Parameters:
  ///   - present: false where a value is absent; nil where none is.
  ///   - lengths: how the values fall into consecutive pieces, such as the curves of several runs; nil for one piece.
  package func pack(
    _ values: [Double], present: [Bool]? = nil, lengths: [Int]? = nil
  ) throws(FrameFailure) -> Data {
    precondition(present == nil || present?.count == values.count, "a value is present or not")
    precondition(lengths.map { $0.reduce(0, +) == values.count } ?? true, "pieces cover the values")
    guard values.count <= AtlasFormat.longestFrame else {
      throw FrameFailure(reason: "\(values.count) values are too many (at most \(AtlasFormat.longestFrame))")
    }
    let present = present?.contains(false) == true ? present : nil
    let candidates = candidates(values, present, lengths)
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
    var header = FrameHeader(kind: .single, count: values.count, pieces: pieces, hasAbsent: hasAbsent, planes: 4)
    if bits.count < values.count {
      bits = values.indices.map { present?[$0] ?? true ? values[$0].bitPattern : 0 }
      header.kind = .double
      header.planes = 8
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
    let planes = (64 - (residuals.max() ?? 0).leadingZeroBitCount + 7) / 8
    var header = FrameHeader(
      kind: .decimal, count: residuals.count, pieces: pieces, hasAbsent: present != nil, planes: planes)
    header.digits = column.digits
    header.unit = Int(column.unit)
    header.isWide = planes > 4 || Int32(exactly: column.smallest) == nil || Int32(exactly: column.largest) == nil
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
    let count = header.count
    let planes = Self.planes(candidate)
    let presence = Self.bitmap(present)
    let judge = count >= Self.probedFrom ? probe : judge
    header.rawPresence = header.hasAbsent && !isWorthPacking(presence[...], by: judge)
    for plane in 0..<header.planes where !isWorthPacking(planes[plane * count..<(plane + 1) * count], by: judge) {
      header.rawPlanes |= 1 << UInt8(plane)
    }
    let smallest = assembled(header, planes, presence)
    let mixed = header
    header.rawPresence = header.hasAbsent
    header.rawPlanes = UInt8((1 << header.planes) - 1)
    guard (header.rawPlanes, header.rawPresence) != (mixed.rawPlanes, mixed.rawPresence) else { return smallest }
    let rawBytes = (header.planes * count) + presence.count
    return rawBytes + 8 < smallest.count ? assembled(header, planes, presence) : smallest
  }

  private func assembled(_ header: FrameHeader, _ planes: [UInt8], _ presence: [UInt8]) -> Data {
    var frame: [UInt8] = []
    var mixed: [UInt8] = []
    header.write(to: &frame)
    if header.rawPresence { frame += presence } else { mixed += presence }
    for plane in 0..<header.planes {
      let bytes = planes[plane * header.count..<(plane + 1) * header.count]
      if header.rawPlanes >> UInt8(plane) & 1 == 1 { frame += bytes } else { mixed += bytes }
    }
    if !mixed.isEmpty { frame += stream(mixed[...], by: deflater) }
    return Data(frame)
  }

  private func isWorthPacking(_ bytes: ArraySlice<UInt8>, by judge: Deflater) -> Bool {
    Double(stream(bytes, by: judge).count) < Self.worthPacking * Double(bytes.count)
  }

  /// About how long the frame of a candidate would be.
  private func probedBytes(_ candidate: Candidate) -> Int {
    let count = candidate.header.count
    let planes = Self.planes(candidate)
    return (0..<candidate.header.planes).reduce(0) { bytes, plane in
      bytes + min(count, stream(planes[plane * count..<(plane + 1) * count], by: probe).count)
    }
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

  /// Plane p holds byte p of every residual.
  private static func planes(_ candidate: Candidate) -> [UInt8] {
    let count = candidate.header.count
    return [UInt8](unsafeUninitializedCapacity: count * candidate.header.planes) { target, filled in
      candidate.residuals.withUnsafeBufferPointer { residuals in
        for plane in 0..<candidate.header.planes {
          let shift = UInt64(8 * plane)
          let start = plane * count
          for index in 0..<count { target[start &+ index] = UInt8(truncatingIfNeeded: residuals[index] &>> shift) }
        }
      }
      filled = count * candidate.header.planes
    }
  }

  private static func bitmap(_ present: [Bool]?) -> [UInt8] {
    guard let present else { return [] }
    var bitmap = [UInt8](repeating: 0, count: (present.count + 7) / 8)
    for index in present.indices where present[index] { bitmap[index >> 3] |= 1 << UInt8(index & 7) }
    return bitmap
  }
}
