import Benchmarks
import Foundation
import Records
import Spaces
import Statistics
import Store
import Surrogates
import Testing

@Suite struct PredictedCurveTests {
  let table: StudiedTable

  init() throws { table = try StudiedTable.shared() }

  @Test func curvesAreMeansOverRunsAtCommonEpochs() throws {
    let lookup = try table.lookup
    let data = try lookup.surrogateData()
    let curves = try lookup.curveData(of: data)
    #expect(curves.architectures == data.architectures && curves.runs == 240 && curves.epochs == [1, 2, 3])
    #expect(curves.repeated.count == 120 && curves.repeated.allSatisfy { $0.count == 2 })
    for (mean, runs) in zip(curves.means, curves.repeated) {
      for epoch in 0..<3 { #expect(abs(mean[epoch] - (runs[0][epoch] + runs[1][epoch]) / 2) < 1e-12) }
    }
    #expect(zip(curves.means, data.values).allSatisfy { abs($0[2] - $1) < 1e-12 })
    let one = try lookup.curveData(of: data, where: FilterExpression(parsing: "seed = 777"))
    #expect(one.runs == 120 && one.repeated.isEmpty)
    #expect(lookup.valueLimits == 0...100)
  }

  @Test func anArchitectureThatTheTableLacksHasACurveAndTheOthersTheirOwn() throws {
    let surrogate = try table.curveSurrogate()
    let curves = try #require(surrogate.curves)
    #expect(curves.report.architectures == 120 && curves.report.epochs == [1, 2, 3] && curves.report.repeated == 120)
    #expect(try #require(curves.report.kendallTau) > 0.6 && #require(curves.report.r2) > 0.6)
    #expect((0...1).contains(curves.report.coverage80) && curves.report.rmse > 0)

    let predicting = try PredictingLookup(table.lookup, surrogate)
    let known = try predicting.curves("nats:\(table.cells[7])", noise: 1)
    #expect(try known == table.lookup.curves(table.benchmark.architecture("nats:\(table.cells[7])")))
    #expect(known.context.kind == "measured" && known.prediction == nil && known.simulation == nil)

    let answer = try predicting.curves("nats:\(table.unseen)")
    let mean = try #require(answer.mean)
    let prediction = try #require(answer.prediction)
    #expect(answer.context.kind == "predicted" && answer.runs.isEmpty && answer.simulation == nil)
    #expect(mean.map(\.epoch) == [1, 2, 3] && prediction.surrogate == surrogate.summary)
    #expect(prediction.curves == curves.report)
    for (place, (value, share)) in zip(mean, [0.5, 0.8, 1]).enumerated() {
      #expect(abs(value.value - share * (try StudiedTable.expected(table.unseen))) < 6 * share + 1)
      let (aleatoric, epistemic) = (prediction.aleatoric[place], prediction.epistemic[place])
      let deviation = try #require(value.standardDeviation)
      #expect(deviation > 0)
      #expect(abs((aleatoric * aleatoric + epistemic * epistemic).squareRoot() - deviation) < 1e-12 * deviation)
    }
    #expect(!(try #require(table.lookup.curves(table.benchmark.architecture("nats:\(table.cells[7])")).mean)).isEmpty)
  }

  @Test func simulatedRunsScatterLikeRepeatedOnesAndFollowFromTheirNumber() throws {
    let surrogate = try table.curveSurrogate()
    let predicting = try PredictingLookup(table.lookup, surrogate)
    let text = "nats:\(table.unseen)"
    let answer = try predicting.curves(text, noise: 7)
    let run = try #require(answer.simulation)
    #expect(answer.context.kind == "simulated" && run.number == 7 && run.values.count == 3)
    #expect(try predicting.curves(text, noise: 7) == answer)
    #expect(try predicting.curves(text, noise: 8).simulation?.values != run.values)
    #expect(try predicting.curves(text).mean == answer.mean)

    // The table's noise is uniform within 0.1, the same at all epochs of a run.
    let means = try #require(answer.mean).map(\.value)
    let noise = try (0..<400).map { number in
      let values = try #require(predicting.curves(text, noise: UInt64(number)).simulation).values.map(\.value)
      return zip(values, means).map { $0 - $1 }
    }
    let expected = 0.2 / 12.0.squareRoot()
    for epoch in 0..<3 {
      let deviation = (noise.reduce(0) { $0 + $1[epoch] * $1[epoch] } / 400).squareRoot()
      #expect(deviation > 0.7 * expected && deviation < 1.4 * expected, "epoch \(epoch): \(deviation)")
    }
    let pairs = PairedValues(noise.map { $0[0] }, noise.map { $0[1] })
    #expect(try #require(pairs.pearson()) > 0.8)
  }

  @Test func simulatedValuesAreThoseOfTheSameRun() throws {
    let surrogate = try table.curveSurrogate()
    let predicting = try PredictingLookup(table.lookup, surrogate)
    let text = "nats:\(table.unseen)"
    let predicted = try predicting.answer(text)
    let answer = try predicting.answer(text, noise: 3)
    let simulation = try #require(answer.simulation)
    #expect(answer.context.kind == "simulated" && answer.prediction == predicted.prediction)
    #expect(simulation.mean == predicted.value && simulation.epoch == 3 && simulation.number == 3)
    #expect(answer.value != predicted.value && answer.standardDeviation == nil)
    let offset = (try #require(answer.value) - simulation.mean) / simulation.deviation
    #expect(abs(offset) < 5)
    let curve = try predicting.curves(text, noise: 3)
    let last = (try #require(curve.simulation?.values.last?.value), try #require(curve.mean?.last?.value))
    #expect((last.0 - last.1 > 0) == (offset > 0))
    #expect(try predicting.answer(text, noise: 3) == answer)
    #expect(try predicting.answer("nats:\(table.cells[0])", noise: 3).simulation == nil)
  }

  @Test func whatWasNotLearntIsRefusedWithTheNextCommand() throws {
    let text = "nats:\(table.unseen)"
    let plain = try PredictingLookup(table.lookup, table.surrogate("k-nearest-neighbors"))
    for refusal in try [refusal { try plain.curves(text) }, refusal { try plain.answer(text, noise: 1) }] {
      #expect(refusal.code == "surrogates.no_curves" && refusal.description.contains("nasatlas fit ATLAS --curves"))
    }
    let single = try PredictingLookup(
      table.lookup, table.curveSurrogate(where: FilterExpression(parsing: "seed = 777")))
    #expect(try single.curves(text).mean?.count == 3)
    for refusal in try [refusal { try single.curves(text, noise: 1) }, refusal { try single.answer(text, noise: 1) }] {
      #expect(refusal.code == "surrogates.no_noise" && refusal.description.contains("--noise"))
    }
    let lookup = try table.lookup
    let few = try lookup.curveData(of: lookup.surrogateData(limit: 9))
    #expect(throws: SurrogatesError.self) {
      try SurrogateCurves.fit(
        .standard, to: few, direction: .largerIsBetter, encoder: lookup.encoder([.slots]), folds: 3, seed: 1)
    }
  }

  private func refusal<R>(_ body: () throws -> R) throws -> SurrogatesError {
    try #require(throws: SurrogatesError.self) { _ = try body() }
  }

  @Test func intervalsHoldWhatTheyShould() throws {
    let curves = try #require(table.curveSurrogate().curves)
    #expect(abs(curves.report.coverage80 - 0.8) < 0.05, "\(curves.report.coverage80)")
  }

  @Test func filesGiveEqualBitsAndDamageIsRefused() throws {
    let surrogate = try table.curveSurrogate()
    #expect(try table.curveSurrogate().digest == surrogate.digest)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nasatlas-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("study.surrogate").path
    try surrogate.write(to: path)
    let text = "nats:\(table.unseen)"
    let here = try PredictingLookup(table.lookup, surrogate).curves(text, noise: 2)
    let there = try table.lookup.predictingCurves(path: path).curves(text, noise: 2)
    #expect(here == there)
    // A lookup of another epoch asks for the same curves.
    let early = try table.benchmark.lookup(Question(metric: Metric("accuracy_percent"), epoch: .number(1)))
    #expect(try early.predictingCurves(path: path).curves(text, noise: 2).simulation == here.simulation)

    let archive = try ArrayFile.model.decode(Data(contentsOf: URL(fileURLWithPath: path)))
    let curves = try #require(archive.parts["curves"])
    var forged = archive
    forged.set("curves", ArrayArchive(kind: "curve-surrogate"))
    #expect(throws: DamagedArchive.self) { try Surrogate(decoding: ArrayFile.model.encode(forged)) }
    var short = curves
    short.set("model", ArrayArchive(kind: "curve-surrogate"))
    forged.set("curves", short)
    #expect(throws: DamagedArchive.self) { try Surrogate(decoding: ArrayFile.model.encode(forged)) }
    var otherSettings = curves
    try otherSettings.setSettings(["report": 1])
    forged.set("curves", otherSettings)
    #expect(throws: DamagedArchive.self) { try Surrogate(decoding: ArrayFile.model.encode(forged)) }
    forged.set("curves", curves)
    #expect(try Surrogate(decoding: ArrayFile.model.encode(forged)).digest == surrogate.digest)
  }

  @Test func runsWithoutACommonEpochAreRefused() throws {
    var lines = [
      CardLine.source("study"), CardLine.metric("loss", unit: "nats", largerIsBetter: false),
      CardLine.dataset("cifar10"), CardLine.trainingProtocol("short", epochs: 4),
    ]
    for (cell, epochs) in [(5, "[1,2]"), (6, "[3,4]")] {
      lines.append(
        #"{"run":{"key":{"space":"nasbench201","architecture":"nats:\#(cell)","dataset":"cifar10","#
          + #""protocol":"short","seed":1},"source":"study","status":"completed","#
          + #""curves":[{"metric":"loss","split":"validation","at":\#(epochs),"values":[3,2]}]}}"#)
    }
    let atlas = try PublishedAtlas(lines: lines)
    let lookup = try atlas.benchmark.lookup(Question(metric: Metric("loss")))
    #expect(lookup.valueLimits == nil && lookup.curveDirection == .smallerIsBetter)
    let refusal = try failure { try lookup.curveData(of: lookup.surrogateData()) }
    #expect(refusal.code == "benchmarks.no_common_epochs" && refusal.description.contains("--curves"))
  }
}
