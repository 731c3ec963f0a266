import Foundation
import Records
import Store
import Testing

@Suite struct AtlasTests {
  let workshop: Workshop

  init() throws { workshop = try Workshop() }

  /// Sorted as an atlas sorts: by the bytes of the key's parts.
  static func sorted(_ runs: [RunRecord]) -> [RunRecord] {
    runs.sorted {
      let (a, b) = ($0.key, $1.key)
      let left = [a.space, a.architecture, a.dataset].map { Array($0.utf8) }
      let right = [b.space, b.architecture, b.dataset].map { Array($0.utf8) }
      for (l, r) in zip(left, right) where l != r { return l.lexicographicallyPrecedes(r) }
      return Int64(bitPattern: a.seed) < Int64(bitPattern: b.seed)
    }
  }

  @Test func exportsWhatWasIngested() throws {
    var maker = SyntheticRuns(seed: 1)
    let runs = try maker.runs(200)
    try workshop.atlas("a", runs)
    let atlas = try Atlas(path: workshop.file("a"))
    var exported: [Digest256] = []
    try atlas.forEachRecord { _, record in exported.append(try record.recordDigest()) }
    #expect(try exported == Self.sorted(runs).map { try $0.recordDigest() })
    #expect(try atlas.runCount() == 200 && atlas.architectureCount() == Set(runs.map(\.key.architectureID)).count)
    #expect(try atlas.datasets() == [SyntheticRuns.datasetCard()])
    #expect(try atlas.protocols() == [SyntheticRuns.protocolCard()])
    let report = try Atlas.verify(path: workshop.file("a"))
    #expect(report.runs == 200 && report.digest == atlas.digest)
    #expect(report.curveValues == runs.flatMap(\.curves).map(\.values.count).reduce(0, +))
  }

  @Test func curvesLongerThanABlockSurvive() throws {
    var maker = SyntheticRuns(seed: 2)
    let runs = try (0..<12).map { try maker.run($0, longestCurve: $0 == 3 ? 40_000 : 9_000) }
    try workshop.atlas("a", runs)
    let atlas = try Atlas(path: workshop.file("a"))
    for record in runs {
      let run = try #require(try atlas.run(record.key))
      #expect(try atlas.record(run: run.id).recordDigest() == record.recordDigest())
    }
    #expect(try Atlas.verify(path: workshop.file("a")).curveBlocks > 9)
  }

  @Test func findsRunsByEveryPartOfTheKey() throws {
    var maker = SyntheticRuns(seed: 3)
    let runs = try maker.runs(100)
    try workshop.atlas("a", runs)
    let atlas = try Atlas(path: workshop.file("a"), preload: true)
    for record in runs {
      let key = record.key
      let entry = try #require(try atlas.architecture(space: key.space, canonicalText: key.architecture))
      #expect(entry.id == key.architectureID && entry.vector == SyntheticRuns.vector(key.space, key.architecture))
      if let vector = entry.vector { #expect(try atlas.architectures(vector: vector) == [entry]) }
      let summary = try #require(try atlas.run(key))
      #expect(summary.key == key && summary.score == record.score && summary.counts == record.counts)
      #expect(summary.status == record.status && summary.epochs == record.epochs)
      #expect(try summary.numericsDigest == record.numericsDigest())
      #expect(try atlas.runs(of: entry.id).map(\.key).contains(key))
      for curve in record.curves {
        let found = try #require(try atlas.curve(run: summary.id, curve.metric, curve.split))
        #expect(found.values.map(\.bitPattern) == curve.values.map(\.bitPattern))
        let last = try atlas.finalValues(run: summary.id).first { $0.metric == curve.metric && $0.split == curve.split }
        #expect(last?.value == curve.values.last.flatMap { $0.isNaN ? nil : $0 })
      }
      #expect(try atlas.curve(run: summary.id, Metric("unknown"), .test) == nil)
    }
    #expect(try atlas.architecture(space: "seqnas", canonicalText: "none") == nil)
    #expect(try atlas.runs(dataset: "none").isEmpty)
    #expect(try atlas.runs(seed: 0).count == 50)
    #expect(try atlas.run(101) == nil)
    #expect(throws: StoreError.unknownRun(path: workshop.file("a"), run: 101)) { try atlas.record(run: 101) }
  }

  @Test func bestRunsAreTheBest() throws {
    var maker = SyntheticRuns(seed: 4)
    let runs = try maker.runs(120)
    try workshop.atlas("a", runs)
    let atlas = try Atlas(path: workshop.file("a"))
    let scores = runs.filter { $0.status == .completed }.compactMap(\.score?.validation).sorted(by: >)
    let best = try atlas.bestRuns(.rocAUC, dataset: "events", count: 10)
    #expect(best.map { $0.score?.validation } == scores.prefix(10).map { $0 })
    #expect(best.allSatisfy { $0.status == .completed })
    let all = try atlas.bestRuns(.rocAUC, dataset: "events", count: 1_000, includingIncomplete: true)
    #expect(all.count == runs.compactMap(\.score).count)
    #expect(try atlas.bestRuns(.loss, dataset: "events", count: 5).isEmpty)
  }

  @Test func theSameRunsGiveTheSameBytes() throws {
    var maker = SyntheticRuns(seed: 5)
    let runs = try maker.runs(50)
    let first = try workshop.atlas("a", runs)
    #expect(try workshop.atlas("b", runs.reversed()) == first)
    #expect(try workshop.bytes("a") == workshop.bytes("b"))
  }

  @Test func aThousandRunsAnswerSoon() throws {
    var maker = SyntheticRuns(seed: 6)
    let runs = try (0..<1_000).map { try maker.run($0, longestCurve: 30) }
    let clock = ContinuousClock()
    var manifest: AtlasManifest?
    let made = try clock.measure { manifest = try workshop.atlas("a", runs) }
    let path = workshop.file("a")
    var value: Float?
    let queried = try clock.measure {
      let atlas = try Atlas(path: path)
      let run = try #require(try atlas.run(runs[501].key))
      value = try atlas.curve(run: run.id, .loss, .test)?.values.last
    }
    let verified = try clock.measure { _ = try Atlas.verify(path: path) }
    #expect(value == runs[501].curve(.loss, .test)?.values.last)
    print(
      "1,000 runs: \(manifest?.bytes ?? 0) bytes, made in \(made), opened and asked in \(queried), verified in \(verified)"
    )
  }
}
