import Foundation
import Records
import Store
import Testing

@Suite struct AtlasTests {
  let workshop: Workshop

  init() throws { workshop = try Workshop() }

  /// Sorted as an atlas sorts: settings by space, data set, its digest and protocol, then architecture and seed.
  static func sorted(_ runs: [RunRecord]) -> [RunRecord] {
    runs.sorted { left, right in
      func text(_ key: RunKey) -> [String] {
        [key.space, key.dataset, key.datasetDigest?.hex ?? "", key.protocolDigest.hex, key.architecture]
      }
      for (l, r) in zip(text(left.key), text(right.key)) where l != r {
        return l.utf8.lexicographicallyPrecedes(r.utf8)
      }
      return left.key.seed < right.key.seed
    }
  }

  @Test(arguments: [false, true]) func whatIsIngestedComesOutAgainDigestForDigest(preload: Bool) throws {
    var maker = SyntheticRuns(seed: 1)
    let runs = try maker.runs(400)
    let measurements = try maker.measurements(120)
    try workshop.atlas("a", runs, measurements)
    let atlas = try Atlas(path: workshop.file("a"), preload: preload)
    var exported: [Digest256] = []
    for setting in atlas.settings {
      try atlas.forEachRecord(in: setting) { run, record in
        exported.append(try record.recordDigest())
        let alone = try atlas.record(ofRun: run, in: setting)
        #expect(try alone.recordDigest() == record.recordDigest())
      }
    }
    #expect(try exported == Self.sorted(runs).map { try $0.recordDigest() })
    let ids = Set(
      runs.map(\.key.architectureID)
        + measurements.map { ArchitectureID(space: $0.space, canonicalText: $0.architecture) })
    #expect(try atlas.runCount == 400 && atlas.measurementCount == 120 && atlas.architectureCount() == ids.count)
    #expect(atlas.title == "Made up")
    #expect(atlas.datasetCards == [SyntheticRuns.datasetCard(), SyntheticRuns.publishedCard])
    #expect(try Set(atlas.protocolCards) == [SyntheticRuns.protocolCard(), SyntheticRuns.protocolCard("long")])
    #expect(atlas.sourceCards == [SyntheticRuns.sourceCard])
    #expect(atlas.spaces.map(\.name) == ["cells", "seqnas"] && atlas.spaces[0].card == SyntheticRuns.spaceCard)
    #expect(atlas.card(of: .accuracyPercent).meaning == "right ones" && !atlas.card(of: .loss).largerIsBetter)
    let report = try Atlas.verify(path: workshop.file("a"))
    #expect(report.runs == 400 && report.measurements == 120 && report.digest == atlas.digest)
  }

  @Test func findsEveryPartOfEveryRun() throws {
    var maker = SyntheticRuns(seed: 3)
    let runs = try maker.runs(150)
    try workshop.atlas("a", runs)
    let atlas = try Atlas(path: workshop.file("a"))
    for record in runs {
      let key = record.key
      let entry = try #require(try atlas.architecture(key.architectureID))
      #expect(entry.canonicalText == key.architecture && entry.space == key.space)
      #expect(try atlas.architectures(idPrefix: entry.id.hex, limit: 5) == [entry])
      #expect(try atlas.architectures(idPrefix: String(entry.id.hex.prefix(9)), limit: 5).contains(entry))
      let (setting, run) = try #require(try atlas.find(key))
      #expect(try setting.status(ofRun: run) == record.status && setting.origin(ofRun: run) == record.origin?.kind)
      #expect(try setting.source(ofRun: run) == record.source && setting.score(ofRun: run) == record.score)
      #expect(try setting.counts(ofRun: run) == record.counts)
      #expect(try setting.costs(ofRun: run) == record.costs)
      #expect(try setting.trainSeconds(ofRun: run) == record.costs?.trainSeconds)
      #expect(try setting.count("parameters", ofRun: run) == record.counts?.parameters.map { Double($0) })
      for measure in setting.measures {
        let curve = record.curve(measure.metric, measure.split).flatMap { $0.values.isEmpty ? nil : $0 }
        let found = try setting.curve(ofRun: run, measure.metric, measure.split)
        #expect(found?.values.map(\.bitPattern) == curve?.values.map(\.bitPattern))
        #expect(found?.at == curve?.at && found?.lastEpoch == curve?.lastEpoch)
        #expect(try setting.lastEpoch(ofRun: run, measure.metric, measure.split) == curve?.lastEpoch)
        let finals = try #require(setting.finals(measure.metric, measure.split))
        #expect(try finals.value(ofRun: run)?.bitPattern == curve?.values.last?.bitPattern)
      }
      if setting.finals(Metric("unknown"), .test) != nil { Issue.record("values of an unknown metric") }
      #expect(try setting.curve(ofRun: run, Metric("unknown"), .test) == nil)
    }
    let absent = ArchitectureID(space: "seqnas", canonicalText: "none")
    #expect(try atlas.row(of: absent) == nil && atlas.architecture(absent) == nil)
    for prefix in ["", "xyz", String(repeating: "0", count: 33), "00000000000000"] {
      #expect(try atlas.architectures(idPrefix: prefix, limit: 3).isEmpty)
    }
    #expect(try atlas.architecture(row: 0) == nil && atlas.architecture(row: 1_000) == nil)
    let setting = atlas.settings[0]
    for run in [-1, setting.runCount] {
      #expect(throws: StoreError.unknownRun(path: workshop.file("a"), run: Int64(run))) {
        try atlas.record(ofRun: run, in: setting)
      }
    }
  }

  @Test func meansAreOverTheCompletedRunsOfAnArchitecture() throws {
    var maker = SyntheticRuns(seed: 4)
    let runs = try maker.runs(300)
    try workshop.atlas("a", runs)
    let atlas = try Atlas(path: workshop.file("a"))
    for setting in atlas.settings {
      for measure in setting.measures {
        let finals = try #require(setting.finals(measure.metric, measure.split))
        for row in setting.spaceRows {
          let id = try #require(try atlas.architecture(row: row)).id
          let told = Self.sorted(runs).filter { run in
            run.key.architectureID == id && run.key.dataset == setting.dataset && run.status == .completed
              && run.key.protocolDigest == setting.protocolDigest
              && run.curve(measure.metric, measure.split)?.values.isEmpty == false
          }
          // A published mean only counts where no single run has a value.
          let singles = told.filter { run in
            if case .mean = run.key.seed { false } else { true }
          }
          let values = (singles.isEmpty ? told : singles).compactMap {
            $0.curve(measure.metric, measure.split)?.values.last
          }
          let mean = try finals.mean(ofArchitecture: row)
          #expect(mean?.count == (values.isEmpty ? nil : values.count))
          #expect(mean?.value == (values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)))
        }
      }
    }
  }

  @Test func measurementsComeBackWithTheirCosts() throws {
    var maker = SyntheticRuns(seed: 7)
    let measurements = try maker.measurements(200)
    try workshop.atlas("a", [], measurements)
    for preload in [false, true] {
      let atlas = try Atlas(path: workshop.file("a"), preload: preload)
      #expect(atlas.settings.isEmpty && atlas.measurementCount == 200)
      for measurement in measurements {
        let found = try #require(try atlas.find(measurement))
        #expect(found.value?.bitPattern == measurement.value.bitPattern)
        #expect(found.cost?.bitPattern == measurement.costSeconds?.bitPattern)
      }
      for quantity in atlas.quantities {
        var rows: [Int] = []
        try quantity.forEach { row, _ in rows.append(row) }
        #expect(rows == rows.sorted() && rows.count == quantity.count)
        #expect(try quantity.value(ofArchitecture: 0) == nil && quantity.value(ofArchitecture: 10_000) == nil)
      }
    }
  }

  @Test func curvesLongerThanABlockSurvive() throws {
    var maker = SyntheticRuns(seed: 2)
    let runs = try (0..<12).map { try maker.run($0, longestCurve: $0 == 3 ? 40_000 : 9_000) }
    try workshop.atlas("a", runs)
    let atlas = try Atlas(path: workshop.file("a"))
    for record in runs {
      let (setting, run) = try #require(try atlas.find(record.key))
      #expect(try atlas.record(ofRun: run, in: setting).recordDigest() == record.recordDigest())
    }
  }

  @Test func theSameRunsGiveTheSameBytes() throws {
    var maker = SyntheticRuns(seed: 5)
    let runs = try maker.runs(50)
    let first = try workshop.atlas("a", runs)
    let second = try workshop.atlas("b", runs.reversed())
    #expect(second.digest == first.digest && second.tables == first.tables)
    #expect(second.pageChecksums == first.pageChecksums)
    #expect(try workshop.bytes("a") == workshop.bytes("b"))
  }

  @Test func manyThreadsReadOneAtlas() throws {
    var maker = SyntheticRuns(seed: 8)
    let runs = try maker.runs(200)
    try workshop.atlas("a", runs)
    let atlas = try Atlas(path: workshop.file("a"))
    let digests = try (0..<8).flatMap { _ in runs }.concurrentMap { record -> Bool in
      guard let (setting, run) = try atlas.find(record.key) else { return false }
      return try atlas.record(ofRun: run, in: setting).recordDigest() == record.recordDigest()
    }
    #expect(digests.allSatisfy { $0 })
  }
}
