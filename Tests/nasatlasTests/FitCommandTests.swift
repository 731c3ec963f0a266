import Foundation
import Records
import Spaces
import TestSupport
import Testing

/// `fit`, and `query` where predictions are allowed.
@Suite struct FitCommandTests {
  private struct Fit: Decodable {
    struct Report: Decodable {
      struct Figures: Decodable {
        let count: Int
        let rmse: Double
        let coverage80: Double
      }
      let architectures: Int
      let folds: Int
      let overall: Figures
    }
    let path: String
    let digest: String
    let predictor: String
    let report: Report
  }

  private struct Value: Decodable {
    struct Answer: Decodable {
      struct Context: Decodable { let kind: String }
      struct Prediction: Decodable {
        struct Surrogate: Decodable { let digest: String }
        let interval80: [Double]
        let surrogate: Surrogate
      }
      let context: Context
      let value: Double?
      let prediction: Prediction?
    }
    let answers: [Answer]
  }

  let small: SmallAtlas
  let unseen: String

  init() throws {
    small = try SmallAtlas(architectures: 24)
    let space = EventSequenceSpace(hasNumericFeatures: true)
    let known = Set(
      try small.study.entries().compactMap { if case .run(let run) = $0 { run.key.architecture } else { nil } })
    var generator = SeededGenerator(seed: 99)
    var text = ""
    repeat { text = space.canonicalText(space.sample(using: &generator)) } while known.contains(text)
    unseen = text
  }

  @Test func theTableAnswersFirstAndOnlyWhatIsMissingNeedsASurrogate() throws {
    let known = try #require(
      try small.study.entries().compactMap { if case .run(let run) = $0 { run.key.architecture } else { nil } }.first)
    for command in ["query", "curve"] {
      let plain = try CommandRun(command, small.atlas, "-a", known)
      for allowed in [["--predict"], ["--surrogate", small.path("none.surrogate")], ["--noise", "1"]] {
        let run = try CommandRun([command, small.atlas, "-a", known] + allowed)
        #expect(run.status == 0 && run.output == plain.output, "\(command) \(allowed): \(run.errors)")
      }
    }
    let cases: [(arguments: [String], command: String)] = [
      (["query"], "nasatlas fit \(small.atlas)"),
      (["query", "--metric", "loss", "--split", "test"], "nasatlas fit \(small.atlas) --metric loss --split test"),
      (["query", "--epoch", "2"], "nasatlas fit \(small.atlas) --epoch 2"),
      (["query", "--surrogate", "no.surrogate"], "nasatlas fit \(small.atlas) --into no.surrogate"),
      (["curve"], "nasatlas fit \(small.atlas) --curves"),
    ]
    for (arguments, command) in cases {
      let run = try CommandRun(
        [arguments[0], small.atlas, "-a", unseen, "--predict", "--json"] + arguments.dropFirst())
      let report = try FailureReport(run)
      #expect(run.status == 66 && report.code == "surrogates.no_surrogate")
      #expect(report.remedy == "make it with `\(command)`", "\(report)")
    }
  }

  @Test func aSurrogateStandsBesideTheAtlasAndAnswers() throws {
    let refused = try CommandRun("query", small.atlas, "-a", unseen)
    #expect(refused.status == 65 && refused.errors.contains("nasatlas fit"))
    let early = try CommandRun("query", small.atlas, "-a", unseen, "--predict")
    #expect(
      early.status == 66 && early.errors.contains("does not exist") && early.errors.contains("nasatlas fit"))

    let run = try CommandRun("fit", small.atlas, "--predictor", "extra-trees", "--folds", "3", "--json")
    #expect(run.status == 0, "\(run.errors)")
    let fit = try run.json(Fit.self)
    #expect(fit.predictor == "extra-trees" && fit.report.architectures == 24 && fit.report.folds == 3)
    #expect(fit.report.overall.count == 24 && fit.report.overall.rmse > 0)
    #expect(FileManager.default.fileExists(atPath: fit.path) && fit.path.hasPrefix(small.path("study.")))
    let again = try CommandRun(
      "fit", small.atlas, "--predictor", "extra-trees", "--folds", "3", "--force", "--json"
    ).json(Fit.self)
    #expect(again.digest == fit.digest, "the same seed gives other bytes")

    let answer = try CommandRun("query", small.atlas, "-a", unseen, "--predict", "--json").json(Value.self).answers[0]
    let prediction = try #require(answer.prediction)
    #expect(answer.context.kind == "predicted" && prediction.surrogate.digest == fit.digest)
    #expect(prediction.interval80[0] < answer.value ?? -1 && answer.value ?? 2 < prediction.interval80[1])
    let text = try CommandRun("query", small.atlas, "-a", unseen, "--predict")
    #expect(text.output.contains("predicted") && text.output.contains("extra-trees"))
    #expect(text.lines.allSatisfy { $0.count <= 100 })

    let known = try small.study.entries().compactMap {
      if case .run(let run) = $0 { run.key.architecture } else { nil }
    }
    let measured = try CommandRun("query", small.atlas, "-a", known[0], "--predict", "--json").json(Value.self)
    #expect(measured.answers[0].context.kind == "measured" && measured.answers[0].prediction == nil)
  }

  @Test func theReportIsReadable() throws {
    let run = try CommandRun(
      "fit", small.atlas, "--predictor", "random-forest-smac", "--into", small.path("own.surrogate"))
    #expect(run.status == 0, "\(run.errors)")
    for word in ["tau", "RMSE", "80 %", "best quarter", "negative log-likelihood", "fitted to", "sees"] {
      #expect(run.output.contains(word), "\(word)")
    }
    #expect(run.lines.allSatisfy { $0.count <= 80 || $0.contains(small.folder.path) }, "\(run.output)")
    let used = try CommandRun(
      "query", small.atlas, "-a", unseen, "--surrogate", small.path("own.surrogate"), "--json"
    ).json(Value.self)
    #expect(used.answers[0].context.kind == "predicted")
  }

  @Test func mistakesNameWhatIsAllowed() throws {
    let cases: [(arguments: [String], status: Int32, word: String)] = [
      (["--predictor", "oracle"], 64, "known:"), (["--folds", "1"], 64, "2 or more"),
      (["--limit", "3"], 64, "10 or more"),
      (["--transform", "cube"], 64, "quantile"), (["--encoding", "colour"], 64, "block-summary"),
      (["--metric", "beauty"], 64, "known"), (["--where", "seed ="], 64, "the filter"),
      (["--into", small.path("no/such/folder/x.surrogate")], 73, "x.surrogate"),
    ]
    for (arguments, status, word) in cases {
      let run = try CommandRun(
        ["fit", small.atlas, "--folds", "2"].dropLast(arguments[0] == "--folds" ? 2 : 0) + arguments
          + (arguments[0] == "--predictor" ? [] : ["--predictor", "random-forest-smac"]))
      #expect(run.errors.contains(word), "\(arguments): \(run.errors)")
      #expect(run.status == status, "\(arguments): \(run.status)")
      #expect(run.output.isEmpty)
    }
    #expect(try CommandRun("fit", small.path("none.atlas")).status == 66)
    let noisy = try CommandRun("query", small.atlas, "-a", unseen, "--predict", "--seed", "7")
    #expect(noisy.status == 64 && noisy.errors.contains("means over runs"))
    #expect(try CommandRun("query", small.atlas, "--best", "3", "--predict").status == 64)
  }

  @Test func damagedSurrogatesAreRefused() throws {
    let path = small.path("own.surrogate")
    #expect(try CommandRun("fit", small.atlas, "--predictor", "random-forest-smac", "--into", path).status == 0)
    var file = try Data(contentsOf: URL(fileURLWithPath: path))
    file[file.count / 2] ^= 1
    try file.write(to: URL(fileURLWithPath: path))
    let run = try CommandRun("query", small.atlas, "-a", unseen, "--surrogate", path)
    #expect(run.status == 65 && run.errors.contains("own.surrogate") && run.errors.contains("digest"))
  }

  private struct Curve: Decodable {
    struct Value: Decodable, Equatable {
      let epoch: Int
      let value: Double
      let standardDeviation: Double?
    }
    struct Simulation: Decodable { let values: [Value] }
    let context: FitCommandTests.Value.Answer.Context
    let mean: [Value]?
    let simulation: Simulation?
  }

  @Test func curvesAreLearntAndAnswered() throws {
    let small = try SmallAtlas(architectures: 24, seeds: 2)
    let fit = ["fit", small.atlas, "--predictor", "random-forest-smac", "--folds", "2"]
    #expect(try CommandRun(fit).status == 0)
    let early = try CommandRun("curve", small.atlas, "-a", unseen, "--predict")
    #expect(early.status == 65 && early.errors.contains("nasatlas fit ATLAS --curves"), "\(early.errors)")
    let run = try CommandRun(fit + ["--curves", "--force"])
    #expect(run.status == 0, "\(run.errors)")
    for word in ["curves-boosted-trees", "24 mean curves of 48 runs", "epochs, 1 to 4", "noise"] {
      #expect(run.output.contains(word), "\(word): \(run.output)")
    }
    #expect(run.lines.allSatisfy { $0.count <= 80 || $0.contains(small.folder.path) }, "\(run.output)")

    let curve = try CommandRun("curve", small.atlas, "-a", unseen, "--predict", "--json").json([Curve].self)[0]
    #expect(curve.context.kind == "predicted" && curve.mean?.map(\.epoch) == [1, 2, 3, 4])
    #expect(curve.mean?.allSatisfy { $0.standardDeviation ?? 0 > 0 } == true && curve.simulation == nil)
    let noisy = ["curve", small.atlas, "-a", unseen, "--noise", "5"]
    let simulated = try CommandRun(noisy + ["--json"]).json([Curve].self)[0]
    #expect(simulated.context.kind == "simulated" && simulated.mean == curve.mean)
    #expect(try simulated.simulation?.values == CommandRun(noisy + ["--json"]).json([Curve].self)[0].simulation?.values)
    let text = try CommandRun(noisy)
    #expect(text.status == 0 && text.output.contains("simulated") && text.output.contains("deviation"))
    #expect(text.lines.allSatisfy { $0.count <= 80 }, "\(text.output)")

    let value = ["query", small.atlas, "-a", unseen, "--predict", "--noise", "5"]
    #expect(try CommandRun(value + ["--json"]).json(Value.self).answers[0].context.kind == "simulated")
    let told = try CommandRun(value)
    #expect(told.output.contains("simulated: run 5 of") && told.lines.allSatisfy { $0.count <= 100 })

    let known = try small.study.entries().compactMap {
      if case .run(let run) = $0 { run.key.architecture } else { nil }
    }
    let measured = try CommandRun("curve", small.atlas, "-a", known[0], "--predict")
    #expect(try measured.output == CommandRun("curve", small.atlas, "-a", known[0]).output)
    #expect(try CommandRun("curve", small.atlas, "-a", unseen, "--predict", "--seed", "7").status == 64)
  }

  @Test func runsThatWereNotRepeatedDoNotScatter() throws {
    let path = small.path("own.surrogate")
    let fit = try CommandRun(
      "fit", small.atlas, "--predictor", "random-forest-smac", "--folds", "2", "--curves", "--into", path)
    #expect(fit.status == 0 && fit.output.contains("no repeated runs"), "\(fit.errors)")
    for command in ["curve", "query"] {
      let run = try CommandRun(command, small.atlas, "-a", unseen, "--surrogate", path, "--noise", "1")
      #expect(run.status == 65 && run.output.isEmpty && run.errors.contains("repeated runs"), "\(run.errors)")
    }
  }
}
