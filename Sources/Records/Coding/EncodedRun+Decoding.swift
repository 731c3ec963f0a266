import Foundation

extension RunRecord {
  /// Reads the bytes of ``EncodedRun``; gives them back with the record, so that no digest needs them written again.
  ///
  /// Total: throws ``ByteReader/Failure`` for bytes that are not exactly one record in its one spelling.
  package static func decode(_ bytes: UnsafeRawBufferPointer) throws -> (record: RunRecord, encoded: EncodedRun) {
    var reader = ByteReader(bytes)
    let key = try RunKey.read(from: &reader)
    let keyEnd = reader.offset
    guard let status = RunStatus(number: try reader.byte()) else { throw reader.failure("an unknown status") }
    var curves: [Curve] = []
    let curveCount = try reader.count(ofSize: 4)
    curves.reserveCapacity(curveCount)
    for _ in 0..<curveCount {
      let curve = try Curve.read(from: &reader)
      if let last = curves.last, !Curve.precedes(last, curve) { throw reader.failure("curves are not in order") }
      curves.append(curve)
    }
    let score = try Score.read(from: &reader)
    let counts = try Counts.read(from: &reader)
    let numericsEnd = reader.offset
    var record = RunRecord(key: key, status: status, curves: curves, score: score, counts: counts)
    try record.readRest(from: &reader)
    guard reader.isAtEnd else { throw reader.failure("\(reader.remaining) bytes are left over") }
    return (record, EncodedRun(bytes: Array(bytes), keyEnd: keyEnd, numericsEnd: numericsEnd))
  }

  private mutating func readRest(from reader: inout ByteReader) throws(ByteReader.Failure) {
    costs = try Costs.read(from: &reader)
    if try reader.isPresent() {
      let name = try reader.text()
      guard let kind = Origin.Kind(rawValue: name) else { throw reader.failure("an unknown origin") }
      let arm = try reader.isPresent() ? try reader.text() : nil
      origin = Origin(kind: kind, arm: arm, step: try reader.isPresent() ? Int(try reader.signed()) : nil)
    }
    if try reader.isPresent() { statusDetail = try reader.text() }
    for _ in 0..<(try reader.count(ofSize: 32)) { teachers.append(try reader.digest()) }
    provenance = try reader.json(Provenance.self, "the provenance")
    if try reader.isPresent() { source = try reader.text() }
    attributes = try reader.json([String: JSONValue].self, "the attributes") ?? [:]
  }
}

extension RunKey {
  fileprivate static func read(from reader: inout ByteReader) throws(ByteReader.Failure) -> RunKey {
    let space = try reader.text()
    let architecture = try reader.text()
    let dataset = try reader.text()
    let datasetDigest = try reader.isPresent() ? try reader.digest() : nil
    let protocolDigest = try reader.digest()
    let kind = try reader.byte()
    guard let seed = Seed(kind: kind, number: try reader.number()) else { throw reader.failure("an unknown seed") }
    return RunKey(
      space: space, architecture: architecture, dataset: dataset, datasetDigest: datasetDigest,
      protocolDigest: protocolDigest, seed: seed)
  }
}

extension Curve {
  fileprivate static func read(from reader: inout ByteReader) throws(ByteReader.Failure) -> Curve {
    let metric = Metric(try reader.text())
    guard let split = Split(number: try reader.byte()) else { throw reader.failure("an unknown split") }
    let form = try reader.byte()
    guard form < 4 else { throw reader.failure("an unknown form of curve") }
    let isFloat = form & 1 != 0
    let count = try reader.count(ofSize: isFloat ? 4 : 8)
    let raw = try reader.take(count * (isFloat ? 4 : 8))
    let values = [Double](unsafeUninitializedCapacity: count) { buffer, filled in
      for index in 0..<count {
        buffer[index] =
          isFloat
          ? Double(
            Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))))
          : Double(bitPattern: UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)))
      }
      filled = count
    }
    guard count > 0 else { throw reader.failure("a curve without values") }
    let curve = Curve(metric: metric, split: split, values: values)
    // The first misses only the floats that a processor changes when it widens them: signalling NaN.
    guard curve.fitsFloats == isFloat, !isFloat || Self.isQuiet(raw) else {
      throw reader.failure("the values of a curve are not in their shortest form")
    }
    guard form & 2 != 0 else { return curve }
    var at: [Int] = []
    at.reserveCapacity(count)
    var position: Int64 = 0
    for _ in 0..<count {
      let step = try reader.signed()
      let (next, overflow) = position.addingReportingOverflow(step)
      guard step > 0, !overflow else { throw reader.failure("positions do not ascend") }
      position = next
      at.append(Int(position))
    }
    guard position > count else { throw reader.failure("redundant positions") }
    return Curve(metric: metric, split: split, values: values, at: at)
  }

  /// True when none of the 32-bit floats is a signalling NaN.
  private static func isQuiet(_ raw: UnsafeRawBufferPointer) -> Bool {
    stride(from: 0, to: raw.count, by: 4).allSatisfy { offset in
      !Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        .isSignalingNaN
    }
  }
}

extension Score {
  fileprivate static func read(from reader: inout ByteReader) throws(ByteReader.Failure) -> Score? {
    let form = try reader.byte()
    guard form != 0 else { return nil }
    guard form == 1 || form == 3 else { throw reader.failure("an unknown form of score") }
    let metric = Metric(try reader.text())
    let epoch = Int(try reader.signed())
    let validation = try reader.double()
    return Score(metric: metric, epoch: epoch, validation: validation, test: form == 3 ? try reader.double() : nil)
  }
}

extension Counts {
  fileprivate static func read(from reader: inout ByteReader) throws(ByteReader.Failure) -> Counts? {
    var values: [String: Int] = [:]
    var before: String?
    for _ in 0..<(try reader.count(ofSize: 2)) {
      let name = try reader.name(after: &before)
      values[name] = Int(try reader.signed())
    }
    return values.isEmpty ? nil : Counts(values)
  }
}

extension Costs {
  fileprivate static func read(from reader: inout ByteReader) throws(ByteReader.Failure) -> Costs? {
    var costs = Costs()
    var before: String?
    for _ in 0..<(try reader.count(ofSize: 9)) {
      let name = try reader.name(after: &before)
      costs.total[name] = try reader.double()
    }
    before = nil
    let lists = try reader.count(ofSize: 9)
    let length = lists == 0 ? 0 : try reader.count(ofSize: 8)
    for _ in 0..<lists {
      let name = try reader.name(after: &before)
      var list: [Double] = []
      for _ in 0..<length { list.append(try reader.double()) }
      costs.perEpoch[name] = list
    }
    if let problem = costs.problem { throw reader.failure(problem) }
    return costs.isEmpty ? nil : costs
  }
}

extension ByteReader {
  fileprivate mutating func isPresent() throws(Failure) -> Bool {
    switch try byte() {
    case 0: return false
    case 1: return true
    default: throw failure("neither present nor absent")
    }
  }

  /// A name behind `before`, so that each stands once.
  fileprivate mutating func name(after before: inout String?) throws(Failure) -> String {
    let name = try text()
    if let last = before, last >= name { throw failure("names are not in order") }
    before = name
    return name
  }

  /// A value in its one spelling as canonical JSON; nil for the empty text.
  fileprivate mutating func json<T: Codable>(_ type: T.Type, _ what: String) throws(Failure) -> T? {
    let json = try text()
    if json.isEmpty { return nil }
    guard let value = try? CanonicalJSON.decode(T.self, from: Data(json.utf8)), json != "{}",
      let again = try? CanonicalJSON.text(value), again.utf8.elementsEqual(json.utf8)
    else { throw failure("\(what) are not a JSON object in its one spelling") }
    return value
  }
}
