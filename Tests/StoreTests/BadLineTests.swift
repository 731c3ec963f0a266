import Foundation
import Records
import Store
import Testing

/// A file of lines is taken whole or not at all, and every bad line is told with its number and reason.
@Suite struct BadLineTests {
  let workshop: Workshop
  let good: [String]

  init() throws {
    workshop = try Workshop()
    var maker = SyntheticRuns(seed: 1)
    let names = [
      try SyntheticRuns.protocolCard().digest: "short", try SyntheticRuns.protocolCard("long").digest: "long",
    ]
    let entries =
      try SyntheticRuns.cards() + maker.runs(12).map(JournalEntry.run)
      + maker.measurements(5).map(JournalEntry.measurement)
    good = try entries.map { try $0.interchangeLine(protocols: names) }
  }

  func ingest(_ lines: [String], into store: WorkingStore) throws -> IngestReport {
    try workshop.write(Data(lines.joined(separator: "\n").utf8), "l.ndjson")
    return try store.ingest(files: [workshop.file("l.ndjson")], reading: PlainReading())
  }

  @Test func everyBadLineIsToldAndNothingIsTaken() throws {
    let run =
      #"{"run":{"key":{"space":"seqnas","architecture":"a","dataset":"d","protocol":"short","seed":1},"curves":["#
    let curve = #"{"metric":"loss","split":"test","values":[1,2]}"#
    let bad: [(line: String, saying: String)] = [
      ("not JSON", "the line is not JSON"), (#"{"runs":{}}"#, "is unknown"),
      (run + curve + "," + curve + "]}}", "two curves have the metric loss and the split test"),
      (run + #"{"metric":"loss","split":"test","values":[1,2],"at":[1]}]}}"#, "2 values at 1 positions"),
      (run + #"{"metric":"loss","split":"test","values":[1,2],"at":[2,1]}]}}"#, "do not ascend"),
      (run + #"],"score":{"metric":"loss","epoch":1,"validation":"nan"}}}"#, "the score is NaN"),
      ((run + "]}}").replacingOccurrences(of: #""dataset":"d""#, with: #""dataset":"""#), "a name is empty"),
      ((run + "]}}").replacingOccurrences(of: #""a""#, with: #""unreadable""#), "no architecture"),
      ((run + "]}}").replacingOccurrences(of: "short", with: "other"), #"no protocol "other" came before"#),
      (#"{"measurement":{"space":"s","architecture":"","quantity":"q","unit":"1","value":1}}"#, "is empty"),
      (#"{"metric":{"name":"e\u0301","unit":"1","largerIsBetter":true,"meaning":"m"}}"#, "normal form C"),
    ]
    var lines = good
    var places: [Int] = []
    for (index, item) in bad.enumerated() {
      let place = 8 + 2 * index
      lines.insert(item.line, at: min(place, lines.count))
      places.append(min(place, lines.count - 1) + 1)
    }
    let store = try WorkingStore(path: workshop.file("w"))
    let error = try #require(throws: StoreError.self) { try ingest(lines, into: store) }
    guard case .badLines(_, bad.count, let told, 0) = error else {
      Issue.record("unexpected \(error)")
      return
    }
    #expect(told.map(\.line) == places)
    for (found, item) in zip(told, bad) { #expect(found.reason.contains(item.saying), "\(found)") }
    #expect(error.exitStatus == .dataError && error.message.contains("line \(places[0]): the line is not JSON"))
    #expect(try store.runCount() == 0 && store.measurementCount() == 0)
    // Not even its cards were taken.
    #expect(throws: StoreError.self) { try ingest(Array(good.dropFirst(7)), into: store) }
    #expect(try ingest(good, into: store).recorded == 17)
    #expect(try ingest(Array(good.dropFirst(7)), into: store).duplicates == 17, "now the protocols are known")
  }

  @Test func manyBadLinesAreCountedAndTheFirstAreListed() throws {
    let store = try WorkingStore(path: workshop.file("w"))
    let error = try #require(throws: StoreError.self) {
      try ingest(good + Array(repeating: "{}", count: 3_000), into: store)
    }
    guard case .badLines(_, 3_000, let told, _) = error else {
      Issue.record("unexpected \(error)")
      return
    }
    #expect(told.count == StoreError.listedBadLines && told[0].line == good.count + 1)
    #expect(error.message.hasSuffix("and 2980 more"))
    #expect(try store.runCount() == 0)
  }

  /// One bad line that many need is one error.
  @Test(arguments: [#""parameters":3"#, #""title":"T","title":"U""#, #""refused":true"#])
  func aBadSpaceIsOneErrorAndNotOneALine(member: String) throws {
    let definition = #"{"space":{"name":"refused","kind":"opaque",\#(member)}}"#
    let run = #"{"run":{"key":{"space":"refused","architecture":"unreadable","dataset":"events","protocol":"short","#
    let runs = (0..<50).map { run + #""seed":\#($0)}}}"# }
    final class Refusing: ArchitectureReading {
      func define(_ space: SpaceCard) throws {
        if space.name == "refused" { throw PlainReading.Unreadable() }
      }
      func canonicalText(space: String, of text: String) throws -> String {
        if space == "refused" { throw PlainReading.Unreadable() }
        return text
      }
    }
    try workshop.write(Data((good + [definition] + runs + ["{"]).joined(separator: "\n").utf8), "l.ndjson")
    let store = try WorkingStore(path: workshop.file("w"))
    let error = try #require(throws: StoreError.self) {
      try store.ingest(files: [workshop.file("l.ndjson")], reading: Refusing())
    }
    guard case .badLines(_, 2, let told, 50) = error else {
      Issue.record("unexpected \(error)")
      return
    }
    #expect(told.map(\.line) == [good.count + 1, good.count + 52])
    #expect(error.message.contains("50 more lines depend"))
  }

  @Test func aBadFileUndoesTheFilesBeforeIt() throws {
    try workshop.write(Data(good.joined(separator: "\r\n").utf8), "a.ndjson")
    try workshop.write(Data((good + ["{"]).joined(separator: "\n").utf8), "b.ndjson")
    let store = try WorkingStore(path: workshop.file("w"))
    #expect(throws: StoreError.self) {
      try store.ingest(files: [workshop.file("b.ndjson"), workshop.file("a.ndjson")], reading: PlainReading())
    }
    #expect(try store.runCount() == 0 && store.measurementCount() == 0)
  }

  @Test func aNameOfTwoProtocolsSaysNothingInAThirdFile() throws {
    let store = try WorkingStore(path: workshop.file("w"))
    let card = #"{"protocol":{"name":"twice","settings":{"epochs":1}}}"#
    let run = #"{"run":{"key":{"space":"seqnas","architecture":"a","dataset":"d","protocol":"twice","seed":1}}}"#
    let dataset = #"{"dataset":{"name":"d","title":"D","task":"t","splitMeaning":"s","primaryMetric":"loss"}}"#
    #expect(try ingest([card, dataset], into: store).files[0].cards == 2)
    #expect(try ingest([run], into: store).recorded == 1)
    #expect(try ingest([card.replacingOccurrences(of: ":1", with: ":2")], into: store).files[0].cards == 1)
    #expect(throws: StoreError.self) { try ingest([run], into: store) }
    #expect(try ingest([card, run], into: store).duplicates == 1)
  }

  @Test func filesOfOtherKindsAreBadLines() throws {
    let store = try WorkingStore(path: workshop.file("w"))
    try workshop.atlas("a", [], SyntheticRuns(seed: 1).oneMeasurement())
    for name in ["a", "a.manifest.json"] {
      let error = try #require(throws: StoreError.self) {
        try store.ingest(files: [workshop.file(name)], reading: PlainReading())
      }
      #expect(error.code == "store.bad_lines")
    }
    #expect(throws: RecordsError.notFound(path: workshop.file("none"))) {
      try store.ingest(files: [workshop.file("none")], reading: PlainReading())
    }
    #expect(throws: RecordsError.self) { try store.ingest(files: [workshop.path], reading: PlainReading()) }
  }
}

extension SyntheticRuns {
  func oneMeasurement() throws -> [ArchitectureMeasurement] {
    var copy = self
    return try copy.measurements(1)
  }
}
