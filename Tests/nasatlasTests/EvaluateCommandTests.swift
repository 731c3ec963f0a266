import Foundation
import Records
import Testing

/// `evaluate predictors` in all its forms, with predictions from elsewhere, and how it refuses.
@Suite struct EvaluateCommandTests {
  private struct Results: Decodable {
    struct Row: Decodable {
      let predictor: String
      let encoding: String
      let trainSize: Int
      let epochsSeen: Int?
      let trial: Int
      let values: [String: Double]
    }
    let unit: String
    let rows: [Row]
  }

  private let small: SmallAtlas
  private let usual: [String]

  init() throws {
    small = try SmallAtlas(architectures: 60, hasProxy: true)
    usual = ["evaluate", "predictors", small.atlas, "--trials", "3", "--train-size", "20", "--test", "30"]
  }

  private let two = ["--predictor", "k-nearest-neighbors", "--predictor", "random-forest"]

  @Test func calibrationChangesDeviationsAndNothingElse() throws {
    let words = usual + ["--predictor", "seqnas-trees", "--json"]
    let raw = try CommandRun(words).json(Results.self).rows
    let run = try CommandRun(words + ["--calibrated"])
    #expect(run.status == 0, "\(run.errors)")
    let honest = try run.json(Results.self).rows
    #expect(raw.map { $0.values["rmse"] } == honest.map { $0.values["rmse"] })
    let shares = [raw, honest].map { $0.reduce(0) { $0 + ($1.values["coverage_80"] ?? .nan) } / 3 }
    #expect(shares[0] < 0.5 && shares[1] > 0.6, "\(shares)")
  }

  @Test func twoPredictorsAreCompared() throws {
    let run = try CommandRun(usual + two + ["--json"])
    #expect(run.status == 0, "\(run.errors)")
    let results = try run.json(Results.self)
    #expect(results.unit == "percent" && results.rows.count == 6)
    #expect(results.rows.map(\.trial) == [0, 1, 2, 0, 1, 2] && results.rows.allSatisfy { $0.trainSize == 20 })
    #expect(results.rows.allSatisfy { ($0.values["mae"] ?? -1) > 0 && ($0.values["fit_seconds"] ?? -1) > 0 })
    #expect(run.errors.contains("1/6 fits  evaluating k-nearest-neighbors"))
    // What takes time differs from run to run, all else follows from the seed.
    let again = try CommandRun(usual + two + ["--format", "json"]).json(Results.self)
    #expect(again.rows.map { $0.values["kendall"] } == results.rows.map { $0.values["kendall"] })
    let other = try CommandRun(usual + two + ["--json", "--seed", "7"]).json(Results.self)
    #expect(other.rows.map { $0.values["mae"] } != results.rows.map { $0.values["mae"] })
  }

  @Test func measurementsAreATargetWhereNobodyTrained() throws {
    var lines = [
      #"{"source":{"name":"board","title":"A board","origin":"made up","files":[],"citation":"none","notes":[],"#
        + #""knownDefects":[],"madeUp":[]}}"#
    ]
    for cell in stride(from: 5, to: 15_625, by: 130) {
      let convolutions = String(cell, radix: 5).count { "23".contains($0) }
      for (quantity, value) in [
        ("latency", Double(convolutions) + Double(cell % 7) / 50), ("size", Double(convolutions)),
      ] {
        lines.append(
          #"{"measurement":{"space":"nasbench201","architecture":"nats:\#(cell)","source":"board","quantity":"#
            + #""\#(quantity)","unit":"millisecond","device":"pi","conditions":{},"value":\#(value)}}"#)
      }
    }
    let (file, working, atlas) = (small.path("m.ndjson"), small.path("m.sqlite"), small.path("m.atlas"))
    try lines.joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
    #expect(try CommandRun("ingest", file, "--into", working).status == 0)
    #expect(try CommandRun("publish", working, atlas).status == 0)
    let words = ["evaluate", "predictors", atlas, "--target", "latency[pi]", "--train-size", "60", "--test", "50"]
    let run = try CommandRun(
      words + ["--trials", "2", "--predictor", "ridge,ridge:encoding=measurement:size[pi]:as=size", "--json"])
    #expect(run.status == 0, "\(run.errors)")
    let results = try run.json(Results.self)
    #expect(results.unit == "millisecond" && results.rows.count == 4)
    #expect(results.rows.filter { $0.predictor == "size" }.allSatisfy { ($0.values["kendall"] ?? 0) > 0.7 })
    let unknown = try CommandRun(words.map { $0 == "latency[pi]" ? "energy" : $0 })
    #expect(unknown.status != 0 && unknown.errors.contains("latency[pi]"), "\(unknown.errors)")
  }

  @Test func textFitsATerminalAndFilesAreWritten() throws {
    let text = try CommandRun(usual + two)
    #expect(text.status == 0 && text.lines.allSatisfy { $0.count <= 80 }, "\(text.output)")
    for part in [
      "accuracy (fraction) on validation of synthetic-events", "20 training architectures", "random-forest", "±",
    ] {
      #expect(text.output.contains(part), "\(part) is missing from\n\(text.output)")
    }
    for (format, start) in [
      ("csv", "predictor,encoding,transform,train_size,epochs_seen,trial,mae"),
      ("latex", "% needs \\usepackage{booktabs}"),
      ("vega-time", "{\"$schema\":"), ("vega-size", "{\"$schema\":"),
    ] {
      let file = small.path("out.\(format)")
      let run = try CommandRun(usual + ["--predictor", "k-nearest-neighbors", "--format", format, "--output", file])
      #expect(run.status == 0 && run.output.isEmpty, "\(run.errors)")
      #expect(try String(contentsOfFile: file, encoding: .utf8).hasPrefix(start))
    }
  }

  @Test func exportedSplitsComeBackAsPredictions() throws {
    let splits = small.path("splits.csv")
    let export = try CommandRun(usual + ["--export-splits", splits])
    #expect(export.status == 0 && export.output.isEmpty && export.errors.contains("3 splits are in"))
    let lines = try String(contentsOfFile: splits, encoding: .utf8).split(separator: "\n")
    #expect(lines[0] == "trial,train_size,part,architecture,value" && lines.count == 1 + 3 * 50)
    #expect(lines.filter { $0.contains(",test,") }.allSatisfy { $0.hasSuffix(",") })
    // Every test architecture is predicted as the length of its text.
    let mine = small.path("mine.csv")
    var table = ["trial,train_size,architecture,prediction,sd"]
    for line in lines {
      // The text of an architecture may have commas; then it stands in quotes, and stays in them.
      guard let test = line.range(of: "20,test,") else { continue }
      let architecture = line[test.upperBound...].dropLast()
      table.append("\(line[..<test.lowerBound])20,\(architecture),0.\(architecture.count),0.1")
    }
    try Data(table.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: mine))
    let named = try CommandRun(usual + ["--predictions", mine + ":lengths", "--json"]).json(Results.self)
    #expect(named.rows.map(\.predictor) == ["lengths", "lengths", "lengths"])
    #expect(named.rows.allSatisfy { $0.values["fit_seconds"] == nil && $0.values["sharpness"] == 10 })
    let both = try CommandRun(usual + ["--predictions", mine, "--predictor", "k-nearest-neighbors", "--json"])
    #expect(try Set(both.json(Results.self).rows.map(\.predictor)) == ["mine", "k-nearest-neighbors"])

    let shorter = table.dropLast().joined(separator: "\n")
    try Data(shorter.utf8).write(to: URL(fileURLWithPath: mine))
    let missing = try CommandRun(usual + ["--predictions", mine, "--json"])
    #expect(missing.status == 65 && missing.output.isEmpty)
    #expect(try FailureReport(missing).code == "evaluation.missing_prediction")
  }

  @Test(arguments: [
    (["--predictor", "oracle"], Int32(64), "surrogates.unknown_predictor", "random-forest"),
    (["--trials", "0"], 64, "evaluation.bad_setting", "1 to 10000"),
    (["--test", "1"], 64, "evaluation.bad_setting", "2 or more, or rest"),
    (["--train-size", "50"], 65, "evaluation.too_few", "50 training and 30 test architectures"),
    (["--predictions", "no-such-file.csv"], 66, "nasatlas.missing_file", "no-such-file.csv"),
    (["--output", "/no/such/folder/x"], 73, "records.output_cannot_create", "/no/such/folder/x"),
    (["--encoding", "nothing"], 64, "surrogates.no_encoding", "nothing"),
  ])
  func whatCannotBeIsRefused(options: [String], status: Int32, code: String, told: String) throws {
    let chosen = options.contains("--predictor") || options.contains("--predictions")
    let own = zip(usual, usual.dropFirst()).first { $0.0 == options[0] }
    let others = usual.filter { word in own.map { word != $0.0 && word != $0.1 } ?? true }
    let run = try CommandRun(others + (chosen ? [] : ["--predictor", "k-nearest-neighbors"]) + options + ["--json"])
    #expect(run.status == status && run.output.isEmpty, "\(run.errors)")
    let line = try #require(run.errors.split(separator: "\n").last)
    struct Report: Decodable { let code: String, message: String }
    let report = try JSONDecoder().decode(Report.self, from: Data(line.utf8))
    #expect(report.code == code && report.message.contains(told), "\(report)")
  }

  @Test func beginningsOfCurvesAreSeen() throws {
    let asked = usual + ["--predictor", "last-value,lcsvr", "--predictor", "k-nearest-neighbors", "--fidelity", "1,3"]
    let run = try CommandRun(asked + ["--json"])
    #expect(run.status == 0, "\(run.errors)")
    let rows = try run.json(Results.self).rows
    #expect(rows.count == 15 && rows.map(\.epochsSeen).prefix(6) == [1, 1, 1, 3, 3, 3])
    func tau(_ name: String, _ epochs: Int?) -> Double {
      let own = rows.filter { $0.predictor == name && $0.epochsSeen == epochs }.compactMap { $0.values["kendall"] }
      return own.reduce(0, +) / Double(own.count)
    }
    #expect(tau("last-value", 1) > 0.5 && tau("last-value", 3) > tau("k-nearest-neighbors", nil))
    let text = try CommandRun(asked)
    #expect(text.output.contains("20 training architectures, 1 epoch seen") && text.lines.allSatisfy { $0.count <= 80 })
    let chart = try CommandRun(asked + ["--format", "vega-epochs"])
    #expect(chart.status == 0 && chart.output.contains("epochs_seen"))

    // Epoch 2 is as if runs ended there.
    let early = try CommandRun(usual + ["--predictor", "last-value", "--fidelity", "2", "--epoch", "2", "--json"])
    #expect(try early.json(Results.self).rows.allSatisfy { $0.values["rmse"] == 0 })
    let late = try CommandRun(usual + ["--predictor", "last-value", "--fidelity", "9", "--json"])
    #expect(late.status == 64 && late.errors.contains("allowed: 1 to 4"), "\(late.errors)")
    let unsaid = try CommandRun(usual + ["--predictor", "sotl-e", "--json"])
    #expect(try unsaid.status == 64 && FailureReport(unsaid).code == "evaluation.no_fidelity")
    let all = try CommandRun(
      ["evaluate", "predictors", small.atlas, "--trials", "1", "--train-size", "8", "--test", "3", "--fidelity", "2"]
        + ["--predictor", "sotl,sotl-e,sotl-ema,median-rule,parametric-ml,lce,lce-faithful,lcranknet", "--json"])
    #expect(try all.status == 0 && all.json(Results.self).rows.count == 8, "\(all.errors)")
  }

  @Test func proxiesAreInputsAndEachPredictorHasItsOwn() throws {
    let run = try CommandRun(
      usual + ["--predictor", "gp:encoding=summary+measurement:synflow:as=gp-proxy", "--predictor", "gp", "--json"])
    #expect(run.status == 0, "\(run.errors)")
    let rows = try run.json(Results.self).rows
    let proxied = "summary+measurement:synflow"
    #expect(Array(rows.map(\.encoding).prefix(4)) == Array(repeating: proxied, count: 3) + ["summary"])
    func tau(_ name: String) -> Double {
      rows.filter { $0.predictor == name }.reduce(0) { $0 + ($1.values["kendall"] ?? 0) / 3 }
    }
    // Nothing of the architecture tells its made-up value; the proxy does.
    #expect(tau("gp-proxy") > 0.5 && tau("gp-proxy") > tau("gp") + 0.2, "\(tau("gp-proxy")), \(tau("gp"))")
    for (text, told) in [
      ("gp:colour=red", "allowed: encoding=, transform=, as="), ("gp:encoding=", "is empty or repeated"),
      ("sotl:encoding=summary", "is a learning-curve predictor"), ("gp:transform=cube", "quantile"),
    ] {
      let wrong = try CommandRun(usual + ["--predictor", text])
      #expect(wrong.status == 64 && wrong.errors.contains(told), "\(wrong.errors)")
    }
    let fit = try CommandRun(
      "fit", small.atlas, "--predictor", "gp:encoding=summary+measurement:synflow", "--folds", "3", "--json")
    #expect(fit.status == 0 && fit.output.contains("measurement:synflow"), "\(fit.errors)")
  }

  @Test func anotherFieldIsPredicted() throws {
    let run = try CommandRun(
      usual + ["--predictor", "ridge", "--encoding", "measurement:accuracy.test", "--target", "synflow", "--json"])
    #expect(run.status == 0, "\(run.errors)")
    let results = try run.json(Results.self)
    #expect(results.unit == "score" && results.rows.allSatisfy { ($0.values["mape"] ?? 0) > 0 })
    #expect(results.rows.allSatisfy { ($0.values["kendall"] ?? 0) > 0.5 }, "\(results)")
    let text = try CommandRun(usual + ["--predictor", "k-nearest-neighbors", "--target", "synflow:max"])
    #expect(text.output.contains("synflow (score) on synthetic-events, seqnas") && text.output.contains("MAPE"))
    #expect(text.lines.allSatisfy { $0.count <= 80 })
    let none = try CommandRun(usual + ["--predictor", "gp", "--target", "beauty", "--json"])
    #expect(try none.status == 64 && FailureReport(none).code == "benchmarks.unknown_field")
  }

  @Test func withoutNamesAllThatCanSeeTheAtlasAreCompared() throws {
    // Too few to learn from for most: what matters is who is there.
    let run = try CommandRun(
      ["evaluate", "predictors", small.atlas, "--trials", "1", "--train-size", "2", "--test", "2", "--json"])
    #expect(run.status == 0, "\(run.errors)")
    let names = try Set(run.json(Results.self).rows.map(\.predictor))
    #expect(names.contains("default") && names.contains("gp") && !names.contains("nasbowl"))
    for word in ["without popnas-time: unknown encoding popnas-blocks", "without nasbowl"] {
      #expect(run.errors.contains(word), "\(word) is missing from\n\(run.errors)")
    }
  }

  @Test func wrongWordsAreUsageErrors() throws {
    for words in [
      ["--fidelity", "few"], ["--other-dataset", "x"], ["--format", "vega-epochs"],
      ["--target", "synflow", "--metric", "loss"], ["--test", "most"], ["--format", "pdf"],
      ["--format", "csv", "--json"], ["--split", "half"],
    ] {
      let run = try CommandRun(usual + words)
      #expect(run.status == 64 && run.output.isEmpty && !run.errors.isEmpty, "\(words)")
    }
  }
}
