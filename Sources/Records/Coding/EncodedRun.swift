import Foundation

/// The bytes of a run record: one spelling a record, so a digest of the bytes is a digest of the record.
///
/// Three parts follow each other: the key; status, curves, score and counts; all else. So the digests of the key, of the
/// numerics (what a re-training must reproduce) and of the record are digests of the first, the first two and all three
/// parts. Curves stand in the order of metric and split; curves, counts and costs that tell nothing are left out.
/// `docs/file-format.md` describes the bytes.
package struct EncodedRun: Hashable, Sendable {
  package let bytes: [UInt8]
  /// Length of the first part, and of the first two.
  package let keyEnd: Int
  package let numericsEnd: Int

  /// A record that has no bytes, since nobody could read them again.
  package struct Unwritable: Error, Hashable, CustomStringConvertible {
    package let reason: String
    package var description: String { reason }
  }

  /// Throws ``Unwritable`` for two curves of one metric and split and for epochs that do not ascend with the values.
  package init(_ record: RunRecord) throws {
    var writer = ByteWriter(capacity: 256 + record.curves.reduce(0) { $0 + 8 * $1.values.count })
    Self.write(record.key, to: &writer)
    keyEnd = writer.count
    try Self.writeNumerics(of: record, to: &writer)
    numericsEnd = writer.count
    try Self.writeRest(of: record, to: &writer)
    bytes = writer.bytes
  }

  /// The bytes of a record that was read from them, whose parts end as told.
  package init(bytes: [UInt8], keyEnd: Int, numericsEnd: Int) {
    self.bytes = bytes
    self.keyEnd = keyEnd
    self.numericsEnd = numericsEnd
  }

  package var keyDigest: Digest256 { digest(keyEnd) }
  package var numericsDigest: Digest256 { digest(numericsEnd) }
  package var recordDigest: Digest256 { digest(bytes.count) }

  private func digest(_ end: Int) -> Digest256 {
    bytes.withUnsafeBytes { Digest256(of: UnsafeRawBufferPointer(rebasing: $0[..<end])) }
  }

  // MARK: Writing

  private static func write(_ key: RunKey, to writer: inout ByteWriter) {
    writer.text(key.space)
    writer.text(key.architecture)
    writer.text(key.dataset)
    writer.byte(key.datasetDigest == nil ? 0 : 1)
    if let digest = key.datasetDigest { writer.digest(digest) }
    writer.digest(key.protocolDigest)
    writer.byte(key.seed.kind)
    writer.number(key.seed.number)
  }

  private static func writeNumerics(of record: RunRecord, to writer: inout ByteWriter) throws {
    writer.byte(record.status.number)
    for curve in record.curves { try check(curve) }
    let curves = record.curves.filter { !$0.values.isEmpty }.sorted(by: Curve.precedes)
    for (left, right) in zip(curves, curves.dropFirst()) where !Curve.precedes(left, right) {
      throw Unwritable(reason: "two curves have the metric \(right.metric) and the split \(right.split.rawValue)")
    }
    writer.number(UInt64(curves.count))
    for curve in curves { write(curve, to: &writer) }
    if let score = record.score {
      writer.byte(score.test == nil ? 1 : 3)
      writer.text(score.metric.name)
      writer.signed(Int64(score.epoch))
      writer.double(score.validation)
      if let test = score.test { writer.double(test) }
    } else {
      writer.byte(0)
    }
    let counts = record.counts?.values ?? [:]
    writer.number(UInt64(counts.count))
    for (name, count) in counts.sorted(by: { $0.key < $1.key }) {
      writer.text(name)
      writer.signed(Int64(count))
    }
  }

  private static func check(_ curve: Curve) throws(Unwritable) {
    guard let at = curve.at else { return }
    guard at.count == curve.values.count else {
      throw Unwritable(reason: "a curve has \(curve.values.count) values at \(at.count) positions")
    }
    guard zip([0] + at, at).allSatisfy(<) else {
      throw Unwritable(reason: "the positions of a curve do not ascend from 1")
    }
  }

  private static func write(_ curve: Curve, to writer: inout ByteWriter) {
    writer.text(curve.metric.name)
    writer.byte(curve.split.number)
    let fits = curve.fitsFloats
    // Listing 1 to the number of values says no more than not listing them.
    let at = curve.at.flatMap { $0.elementsEqual(1..<$0.count + 1) ? nil : $0 }
    writer.byte((fits ? 1 : 0) | (at == nil ? 0 : 2))
    writer.number(UInt64(curve.values.count))
    for value in curve.values { if fits { writer.float(Float(value)) } else { writer.double(value) } }
    var before = 0
    for position in at ?? [] {
      writer.signed(Int64(position - before))
      before = position
    }
  }

  private static func writeRest(of record: RunRecord, to writer: inout ByteWriter) throws {
    let costs = record.costs ?? Costs()
    if let problem = costs.problem { throw Unwritable(reason: problem) }
    writer.number(UInt64(costs.total.count))
    for (name, cost) in costs.total.sorted(by: { $0.key < $1.key }) {
      writer.text(name)
      writer.double(cost)
    }
    writer.number(UInt64(costs.perEpoch.count))
    if !costs.perEpoch.isEmpty { writer.number(UInt64(costs.epochCount)) }
    for (name, list) in costs.perEpoch.sorted(by: { $0.key < $1.key }) {
      writer.text(name)
      for cost in list { writer.double(cost) }
    }
    writeOptional(record.origin, to: &writer) { origin, writer in
      writer.text(origin.kind.rawValue)
      writeOptional(origin.arm, to: &writer) { $1.text($0) }
      writeOptional(origin.step, to: &writer) { $1.signed(Int64($0)) }
    }
    writeOptional(record.statusDetail, to: &writer) { $1.text($0) }
    writer.number(UInt64(record.teachers.count))
    for teacher in record.teachers { writer.digest(teacher) }
    writer.text(try record.provenance.map { try CanonicalJSON.text($0) } ?? "")
    writeOptional(record.source, to: &writer) { $1.text($0) }
    writer.text(record.attributes.isEmpty ? "" : try CanonicalJSON.text(record.attributes))
  }

  private static func writeOptional<T>(
    _ value: T?, to writer: inout ByteWriter, _ body: (T, inout ByteWriter) -> Void
  ) {
    writer.byte(value == nil ? 0 : 1)
    if let value { body(value, &writer) }
  }
}

extension Curve {
  /// True when every value is that of a 32-bit float, bit for bit.
  var fitsFloats: Bool { values.allSatisfy { Double(Float($0)).bitPattern == $0.bitPattern } }

  /// The order of curves in a record: by metric, then split.
  package static func precedes(_ left: Curve, _ right: Curve) -> Bool {
    (left.metric.name, left.split.number) < (right.metric.name, right.split.number)
  }
}

extension Split {
  /// The split's number in files.
  package var number: UInt8 {
    switch self {
    case .train: 1
    case .validation: 2
    case .test: 3
    case .valtest: 4
    }
  }

  package init?(number: UInt8) {
    switch number {
    case 1: self = .train
    case 2: self = .validation
    case 3: self = .test
    case 4: self = .valtest
    default: return nil
    }
  }
}

extension RunStatus {
  /// The status's number in files.
  package var number: UInt8 {
    switch self {
    case .completed: 0
    case .diverged: 1
    case .failed: 2
    case .timedOut: 3
    }
  }

  package init?(number: UInt8) {
    guard let status = Self.allCases.first(where: { $0.number == number }) else { return nil }
    self = status
  }
}
