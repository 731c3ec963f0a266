import Foundation
import Records
import Testing

/// `evaluate predictors` in all its forms, with predictions from elsewhere, and how it refuses.
@Suite struct EvaluateCommandTests {
  private struct Results: Decodable {
    struct Row: Decodable {
      let predictor: String
      let trainSize: Int
      let trial: Int
      let values: [String: Double]
    }
    let unit: String
    let rows: [Row]
  }

  private let small: SmallAtlas
  private let usual: [String]

  init() throws {
    small = try SmallAtlas(architectures: 60)
    usual = ["evaluate", "predictors", small.atlas, "--trials", "3", "--train-size", "20", "--test", "30"]
  }

  private let two = ["--predictor", "k-nearest-neighbours", "--predictor", "random-forest"]

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
    #expect(run.errors.contains("1/6 fits  evaluating k-nearest-neighbours"))
    // What takes time differs from run to run, all else follows from the seed.
    let again = try CommandRun(usual + two + ["--format", "json"]).json(Results.self)
    #expect(again.rows.map { $0.values["kendall"] } == results.rows.map { $0.values["kendall"] })
    let other = try CommandRun(usual + two + ["--json", "--seed", "7"]).json(Results.self)
    #expect(other.rows.map { $0.values["mae"] } != results.rows.map { $0.values["mae"] })
  }

  @Test func textFitsATerminalAndFilesAreWritten() throws {
    let text = try CommandRun(usual + two)
    #expect(text.status == 0 && text.lines.allSatisfy { $0.count <= 80 }, "\(text.output)")
    for part in ["accuracy (fraction) on validation of synthetic-events", "20 learnt from", "random-forest", "±"] {
      #expect(text.output.contains(part), "\(part) is missing from\n\(text.output)")
    }
    for (format, start) in [
      ("csv", "predictor,encoding,transform,train_size,trial,mae"), ("latex", "% needs \\usepackage{booktabs}"),
      ("vega-time", "{\"$schema\":"), ("vega-size", "{\"$schema\":"),
    ] {
      let file = small.path("out.\(format)")
      let run = try CommandRun(usual + ["--predictor", "k-nearest-neighbours", "--format", format, "--output", file])
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
    let both = try CommandRun(usual + ["--predictions", mine, "--predictor", "k-nearest-neighbours", "--json"])
    #expect(try Set(both.json(Results.self).rows.map(\.predictor)) == ["mine", "k-nearest-neighbours"])

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
    (["--train-size", "50"], 65, "evaluation.too_few", "50 architectures to learn from and 30 to test on"),
    (["--predictions", "no-such-file.csv"], 66, "nasatlas.missing_file", "no-such-file.csv"),
    (["--output", "/no/such/folder/x"], 73, "nasatlas.unwritable_file", "/no/such/folder/x"),
    (["--encoding", "nothing"], 64, "surrogates.no_encoding", "nothing"),
  ])
  func whatCannotBeIsRefused(options: [String], status: Int32, code: String, told: String) throws {
    let chosen = options.contains("--predictor") || options.contains("--predictions")
    let run = try CommandRun(usual + (chosen ? [] : ["--predictor", "k-nearest-neighbours"]) + options + ["--json"])
    #expect(run.status == status && run.output.isEmpty, "\(run.errors)")
    let line = try #require(run.errors.split(separator: "\n").last)
    struct Report: Decodable { let code: String, message: String }
    let report = try JSONDecoder().decode(Report.self, from: Data(line.utf8))
    #expect(report.code == code && report.message.contains(told), "\(report)")
  }

  @Test func wrongWordsAreUsageErrors() throws {
    for words in [["--test", "most"], ["--format", "pdf"], ["--format", "csv", "--json"], ["--split", "half"]] {
      let run = try CommandRun(usual + words)
      #expect(run.status == 64 && run.output.isEmpty && !run.errors.isEmpty, "\(words)")
    }
  }
}
