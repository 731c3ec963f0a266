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
    if try reader.isPresent() { costs = try Costs.read(from: &reader) }
    if try reader.isPresent() {
      let name = try reader.text()
      guard let kind = Origin.Kind(rawValue: name) else { throw reader.failure("an unknown origin") }
      let searcher = try reader.isPresent() ? try reader.text() : nil
      origin = Origin(kind: kind, searcher: searcher, step: try reader.isPresent() ? Int(try reader.signed()) : nil)
    }
    if try reader.isPresent() { statusDetail = try reader.text() }
    for _ in 0..<(try reader.count(ofSize: 32)) { teachers.append(try reader.digest()) }
    if try reader.isPresent() { provenance = try Provenance.read(from: &reader) }
    if try reader.isPresent() { source = try reader.text() }
    let json = try reader.text()
    if !json.isEmpty {
      guard let members = try? CanonicalJSON.decode([String: JSONValue].self, from: Data(json.utf8)),
        !members.isEmpty, let text = try? CanonicalJSON.text(members), text.utf8.elementsEqual(json.utf8)
      else { throw reader.failure("the attributes are not a JSON object in its one spelling") }
      attributes = members
    }
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
    var epochs: [Int] = []
    epochs.reserveCapacity(count)
    var epoch: Int64 = 0
    for _ in 0..<count {
      let step = try reader.signed()
      let (next, overflow) = epoch.addingReportingOverflow(step)
      guard step > 0, !overflow else { throw reader.failure("epochs do not ascend") }
      epoch = next
      epochs.append(Int(epoch))
    }
    guard epoch > count else { throw reader.failure("redundant epochs") }
    return Curve(metric: metric, split: split, values: values, epochs: epochs)
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
    let form = try reader.byte()
    guard form != 0 else { return nil }
    guard form & 1 == 1, form > 1, form < 16 else { throw reader.failure("an unknown form of counts") }
    let parameters = form & 2 != 0 ? Int(try reader.signed()) : nil
    let supernetParameters = form & 4 != 0 ? Int(try reader.signed()) : nil
    return Counts(
      parameters: parameters, supernetParameters: supernetParameters,
      forwardFLOPs: form & 8 != 0 ? Int(try reader.signed()) : nil)
  }
}

extension Costs {
  fileprivate static func read(from reader: inout ByteReader) throws(ByteReader.Failure) -> Costs {
    var epochs: [EpochCost] = []
    for _ in 0..<(try reader.count(ofSize: 10)) {
      let train = try reader.double()
      let others = try reader.doubles(3)
      epochs.append(
        EpochCost(
          trainWallSeconds: train, trainCPUSeconds: others[0], evaluationWallSeconds: others[1],
          evaluationCPUSeconds: others[2],
          concurrentTrainers: try reader.isPresent() ? Int(try reader.signed()) : nil))
    }
    let totals = try reader.doubles(4)
    let costs = Costs(
      epochs: epochs, totalTrainSeconds: totals[0], totalEvaluationSeconds: totals[1],
      latencyBatch1Milliseconds: totals[2], latencyBatch64Milliseconds: totals[3])
    guard costs != Costs(epochs: []) else { throw reader.failure("empty costs") }
    return costs
  }
}

extension Provenance {
  fileprivate static func read(from reader: inout ByteReader) throws(ByteReader.Failure) -> Provenance {
    var texts: [String] = []
    for _ in 0..<7 { texts.append(try reader.text()) }
    return Provenance(
      version: texts[0], commit: texts[1], cpuModel: texts[2], blasVersion: texts[3], blasCore: texts[4],
      planDigest: try reader.digest(), startedAt: texts[5], finishedAt: texts[6])
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

  /// Up to eight numbers, of which the first byte tells which are there.
  fileprivate mutating func doubles(_ count: Int) throws(Failure) -> [Double?] {
    let mask = try byte()
    guard Int(mask) < 1 << count else { throw failure("more numbers than the \(count) there are") }
    var numbers: [Double?] = []
    for place in 0..<count { numbers.append(mask & 1 << place == 0 ? nil : try double()) }
    return numbers
  }
}
