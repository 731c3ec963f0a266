import Benchmarks
import Foundation
import Records
import Spaces
import Store
import Surrogates
import TestSupport
import Testing

@Suite struct PredictingTests {
  let table: StudiedTable

  init() throws { table = try StudiedTable.shared() }

  @Test func everythingThatTheTableAnswersIsLearnt() throws {
    let data = try table.lookup.surrogateData()
    #expect(data.architectures.count == 120 && data.runs == 240)
    for (text, value) in zip(data.architectures, data.values) {
      #expect(try table.lookup.value(of: ArchitectureID(space: "nasbench201", canonicalText: text)) == value)
    }
    let one = try table.lookup.surrogateData(where: FilterExpression(parsing: "seed = 777"))
    #expect(one.runs == 120 && one.values != data.values)
    let few = try table.lookup.surrogateData(limit: 30, seed: 2)
    #expect(few.architectures.count == 30 && Set(few.architectures).isSubset(of: data.architectures))
    #expect(try table.lookup.surrogateData(limit: 30, seed: 2).architectures == few.architectures)
    #expect(try table.lookup.surrogateData(limit: 30, seed: 3).architectures != few.architectures)
  }

  @Test func whatIsThereIsMeasuredAndTheRestPredictedAndBothSayIt() throws {
    let surrogate = try table.surrogate()
    let predicting = try PredictingLookup(table.lookup, surrogate)
    let known = try predicting.answer("nats:\(table.cells[7])")
    let entry = try table.benchmark.architecture("nats:\(table.cells[7])")
    #expect(try known == table.lookup.answer(entry))
    #expect(known.context.kind == "measured" && known.prediction == nil)

    let answer = try predicting.answer("nats:\(table.unseen)")
    let prediction = try #require(answer.prediction)
    let value = try #require(answer.value)
    let deviation = try #require(answer.standardDeviation)
    #expect(answer.context.kind == "predicted" && answer.points.isEmpty && answer.absent.isEmpty)
    #expect(abs(value - (try StudiedTable.expected(table.unseen))) < 6)
    #expect(prediction.epistemic >= 0 && prediction.aleatoric >= 0 && deviation > 0)
    let squares = prediction.epistemic * prediction.epistemic + prediction.aleatoric * prediction.aleatoric
    #expect(abs(squares.squareRoot() - deviation) < 1e-12 * deviation)
    #expect(abs(prediction.interval80[1] - value - 1.2815515655446004 * deviation) < 1e-9)
    #expect(abs(value - prediction.interval95[0] - 1.959963984540054 * deviation) < 1e-9)
    #expect(prediction.surrogate == surrogate.summary && prediction.surrogate.architectures == 120)
    // Where predictions are not allowed, what is not there is an error that tells how to allow them.
    let refusal = try failure { try table.benchmark.architecture("nats:\(table.unseen)") }
    #expect(refusal.code == "benchmarks.unknown_architecture" && refusal.description.contains("nasatlas fit"))
    #expect(throws: (any Error).self) { try predicting.answer("|nonsense|") }
  }

  @Test func intervalsOfWhatNobodyTrainedHoldWhatTheySay() throws {
    let surrogate = try table.surrogate("mlp")
    let predicting = try PredictingLookup(table.lookup, surrogate)
    let cells = stride(from: 3, to: 15_625, by: 31).filter { !table.cells.contains($0) }
    let texts = try cells.map { try NASBench201Space().byText.canonicalText(of: "nats:\($0)") }
    let held = try zip(cells, predicting.predictions(of: texts)).count { cell, prediction in
      abs(prediction.mean - (try StudiedTable.expected(cell))) <= 1.2815515655446004 * prediction.standardDeviation
    }
    let share = Double(held) / Double(cells.count)
    #expect((0.7...0.9).contains(share), "\(share)")
    // The report told so before.
    #expect((0.7...0.9).contains(surrogate.report.overall.coverage80), "\(surrogate.report.overall.coverage80)")
  }

  @Test func heldOutPredictionsAreKeptForCharts() throws {
    let surrogate = try table.surrogate()
    #expect(surrogate.heldOut.count == 120)
    #expect(surrogate.heldOut.map(\.value) == surrogate.heldOut.map(\.value).sorted())
    let squares = surrogate.heldOut.map { ($0.prediction.mean - $0.value) * ($0.prediction.mean - $0.value) }
    let rmse = (squares.reduce(0, +) / 120).squareRoot()
    #expect(abs(rmse - surrogate.report.overall.rmse) < 1e-9)
  }

  @Test func theReportIsThatOfPredictionsNotSeen() throws {
    let report = try table.surrogate().report
    #expect(report.architectures == 120 && report.runs == 240 && report.folds == 4)
    #expect(report.overall.count == 120 && report.strata.map(\.name).contains("best tenth"))
    #expect(report.strata.dropFirst().reduce(0) { $0 + $1.figures.count } == 120)
    let tau = try #require(report.overall.kendallTau)
    #expect(tau > 0.6 && tau < 0.999, "\(tau)")
    #expect(report.overall.coverage50 <= report.overall.coverage80)
    #expect(report.overall.coverage80 <= report.overall.coverage95)
    #expect(report.lowest < report.mean && report.mean < report.highest)
  }

  @Test func equalSeedsGiveEqualBytesAndFilesGiveEqualBits() throws {
    let surrogate = try table.surrogate()
    let again = try table.surrogate()
    #expect(surrogate.digest == again.digest)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nasatlas-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("study.surrogate").path
    try surrogate.write(to: path)
    let read = try Surrogate(path: path)
    #expect(read.digest == surrogate.digest && read.report == surrogate.report && read.subject == surrogate.subject)
    let texts = try (0..<200).map { try NASBench201Space().byText.canonicalText(of: "nats:\($0 * 71)") }
    let here = try PredictingLookup(table.lookup, surrogate).predictions(of: texts)
    let there = try table.lookup.predicting(path: path).predictions(of: texts)
    #expect(here == there)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["study.surrogate"])
  }

  @Test func everyFlippedBitOfAFileIsRefused() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nasatlas-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("study.surrogate").path
    try table.surrogate("k-nearest-neighbors").write(to: path)
    let file = try Data(contentsOf: URL(fileURLWithPath: path))
    var generator = SeededGenerator(seed: 1)
    let flips = Reliability.isLong ? 5_000 : 500
    for _ in 0..<flips {
      var damaged = file
      damaged[generator.integer(below: file.count)] ^= 1 << UInt8(generator.integer(below: 8))
      #expect(throws: DamagedArchive.self) { try Surrogate(decoding: damaged) }
    }
    Reliability.report("R13", "\(flips) of \(flips) files with a flipped bit refused")
  }

  @Test func aSurrogateOfSomethingElseIsRefused() throws {
    let surrogate = try table.surrogate("k-nearest-neighbors")
    let loss = try table.benchmark.lookup(Question(metric: Metric("loss")))
    #expect {
      try PredictingLookup(loss, surrogate)
    } throws: { error in
      guard case SurrogatesError.otherSubject(_, let difference) = error else { return false }
      return difference.contains("metric accuracy_percent instead of loss")
    }
    let early = try table.benchmark.lookup(Question(metric: Metric("accuracy_percent"), epoch: .number(1)))
    #expect(throws: SurrogatesError.self) { try PredictingLookup(early, surrogate) }
    #expect {
      try table.lookup.predicting(path: "/nowhere/x.surrogate")
    } throws: { error in
      guard case SurrogatesError.noSurrogate("/nowhere/x.surrogate", let fit) = error else { return false }
      return fit.hasPrefix("nasatlas fit ") && fit.hasSuffix(" --into /nowhere/x.surrogate")
    }
    #expect(throws: DamagedArchive.self) { try Surrogate(decoding: Data("no surrogate".utf8)) }
    #expect(try early.surrogatePath != table.lookup.surrogatePath)
    #expect(try table.lookup.surrogatePath.hasSuffix("table.cifar10-accuracy_percent-validation.surrogate"))
  }

  @Test func aSpaceThatEncodesOtherwiseIsNoticed() throws {
    let surrogate = try table.surrogate("k-nearest-neighbors")
    let cells = NASBench201Space().byText
    try surrogate.check(table.lookup.encoder(surrogate.choices))
    let other = try ArchitectureEncoder(SwappedSpace(cells: cells), surrogate.choices)
    #expect(throws: SurrogatesError.self) { try surrogate.check(other) }
  }

  @Test func measuredQuantitiesAreFeatures() throws {
    let encoder = try table.lookup.encoder([.summary, .measurement("parameters")])
    let texts = try [table.cells[3], table.unseen].map { try NASBench201Space().byText.canonicalText(of: "nats:\($0)") }
    let features = try encoder.features(of: texts)
    #expect(features.row(0).last == Double(1000 + table.cells[3]))
    #expect(try #require(features.row(1).last).isNaN)
    let surrogate = try table.surrogate(encoding: [.summary, .measurement("parameters")])
    let answer = try PredictingLookup(table.lookup, surrogate).answer("nats:\(table.unseen)")
    #expect(try #require(answer.value).isFinite)
    let refusal = try failure { try table.lookup.encoder([.measurement("colour")]) }
    #expect(refusal.code == "benchmarks.unknown_field")
  }

  @Test func fewArchitecturesAreRefused() throws {
    let lookup = try table.lookup
    let method = try PredictorCatalogue.method("random-forest")
    let data = try lookup.surrogateData(limit: 9)
    #expect(throws: SurrogatesError.tooFew(predictor: "random-forest", count: 9, needed: 10)) {
      try Surrogate.fit(
        method, to: data.architectures, values: data.values, runs: data.runs, subject: lookup.surrogateSubject,
        space: NASBench201Space().byText, encoder: lookup.encoder(method.encodings), folds: 3, seed: 1)
    }
  }
}

/// Cells whose encodings are written backwards.
private struct SwappedSpace: TextualSpace {
  let cells: any TextualSpace
  var name: String { cells.name }
  var kind: String { cells.kind }
  var architectureCount: UInt64? { cells.architectureCount }
  var encodings: [String] { cells.encodings }
  func canonicalText(of anyForm: String) throws -> String { try cells.canonicalText(of: anyForm) }
  func neighbors(of text: String) throws -> [String] { try cells.neighbors(of: text) }
  func sample(using generator: inout SeededGenerator) throws -> String { try cells.sample(using: &generator) }
  func mutate(_ text: String, using generator: inout SeededGenerator) throws -> String {
    try cells.mutate(text, using: &generator)
  }
  func crossOver(_ first: String, _ second: String, using generator: inout SeededGenerator) throws -> String {
    try cells.crossOver(first, second, using: &generator)
  }
  func encode(_ text: String, as encoding: String) throws -> [Double] {
    try cells.encode(text, as: encoding).reversed()
  }
  func identifiers(of text: String) throws -> [(name: String, value: String)] { try cells.identifiers(of: text) }
}
