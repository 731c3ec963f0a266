import Foundation
import Records
import Testing

@Suite struct RunRecordTests {
  static func sample(trainSeconds: Double = 1) -> RunRecord {
    RunRecord(
      key: RunKey(
        space: "seqnas", architecture: "a", dataset: "d", datasetDigest: Digest256(of: "d"),
        protocolDigest: Digest256(of: "p"), seed: .recorded(.max)),
      origin: .random, status: .completed,
      curves: [Curve(metric: .loss, split: .train, values: [0.1, 1.0e-7, 3.402_823_5e38])],
      score: Score(metric: .accuracy, epoch: 2, validation: 0.5, test: 0.25),
      counts: Counts(parameters: 10, supernetParameters: 20, flops: 30),
      costs: Costs(
        total: ["latency_milliseconds[batch=1]": 0.1],
        perEpoch: ["train_seconds": [trainSeconds], "concurrent_trainers": [2]]),
      provenance: nil)
  }

  @Test func roundTripsThroughCanonicalJSON() throws {
    let record = Self.sample()
    let bytes = try CanonicalJSON.encode(JournalEntry.run(record))
    #expect(try CanonicalJSON.decode(JournalEntry.self, from: bytes) == .run(record))
    #expect(try CanonicalJSON.encode(CanonicalJSON.decode(JournalEntry.self, from: bytes)) == bytes)
  }

  @Test func nonFiniteCurveValuesSurvive() throws {
    let curve = Curve(metric: .loss, split: .test, values: [.infinity, -.infinity])
    let back = try CanonicalJSON.decode(Curve.self, from: CanonicalJSON.encode(curve))
    #expect(back == curve)
  }

  @Test func timingsChangeTheRecordDigestOnly() throws {
    let fast = Self.sample(trainSeconds: 1)
    let slow = Self.sample(trainSeconds: 2)
    #expect(try fast.numericsDigest() == slow.numericsDigest())
    #expect(try fast.recordDigest() != slow.recordDigest())
    var other = fast
    other.curves[0].values[1] = Double(1.0e-7).nextUp
    #expect(try other.numericsDigest() != fast.numericsDigest())
  }

  @Test func digestsRefuseWhatIsNotOne() {
    #expect(Digest256(hex: "zz") == nil)
    #expect(Digest256(hex: String(repeating: "G", count: 64)) == nil)
    #expect(Digest256(of: "").hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(ArchitectureID(space: "s", canonicalText: "t").hex.count == 32)
  }
}
