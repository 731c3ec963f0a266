import Evaluation
import Foundation
import Records
import Reports
import Testing

/// All forms of one evaluation as files. `NASATLAS_SNAPSHOTS=write swift test ...` writes them anew.
@Suite struct PredictorReportsTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Snapshots")

  private func expectSnapshot(_ text: String, _ name: String) throws {
    let file = Self.folder.appendingPathComponent(name)
    if ProcessInfo.processInfo.environment["NASATLAS_SNAPSHOTS"] == "write" {
      try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    #expect(try text == String(contentsOf: file, encoding: .utf8))
  }

  @Test func allFormsAreTheSnapshots() throws {
    let results = MadeUpResults.make()
    try expectSnapshot(PredictorText(results).text + "\n", "predictors.txt")
    try expectSnapshot(PredictorCSV.text(results), "predictors.csv")
    try expectSnapshot(PredictorLaTeX(results).text, "predictors.tex")
    let chart = PredictorChart(results)
    try expectSnapshot(CanonicalJSON.text(chart.againstTime()) + "\n", "tau-against-time.vl.json")
    try expectSnapshot(CanonicalJSON.text(chart.againstSize()) + "\n", "tau-against-size.vl.json")
  }

  @Test func curvePredictorsAreTheSnapshots() throws {
    let results = MadeUpResults.curves()
    try expectSnapshot(PredictorText(results).text + "\n", "curve-predictors.txt")
    try expectSnapshot(PredictorCSV.text(results), "curve-predictors.csv")
    try expectSnapshot(PredictorLaTeX(results).text, "curve-predictors.tex")
    let chart = try CanonicalJSON.text(PredictorChart(results).againstFidelity())
    try expectSnapshot(chart + "\n", "tau-against-epochs.vl.json")
    // What sees no curves is level.
    #expect(chart.components(separatedBy: "\"predictor\":\"default\"").count == 4)
    #expect(try CanonicalJSON.decode(PredictorResults.self, from: Data(CanonicalJSON.text(results).utf8)) == results)
  }

  @Test(arguments: ["percent", "1", "nats"])
  func textFitsEightyColumns(unit: String) {
    let lines = PredictorText(MadeUpResults.make(unit: unit, sizes: [5, 24, 121, 2_000])).text
      .split(separator: "\n", omittingEmptySubsequences: false)
    for line in lines { #expect(line.count <= 80 && line.last != " ", "\(line)") }
  }

  @Test func jsonHasAllRowsAndComesBack() throws {
    let results = MadeUpResults.make()
    let text = try CanonicalJSON.text(results)
    #expect(try CanonicalJSON.decode(PredictorResults.self, from: Data(text.utf8)) == results)
    #expect(text.contains("\"test\":\"100\"") && text.contains("\"kendall\":"))
  }

  @Test func latexPrintsEveryCharacterAsItIs() {
    #expect(
      PredictorLaTeX.escaped("a_b & 50% #1 {x} ~ ^ \\ $ |r| <")
        == "a\\_b \\& 50\\% \\#1 \\{x\\} \\textasciitilde{} \\textasciicircum{} \\textbackslash{} \\$ "
        + "\\textbar{}r\\textbar{} \\textless{}")
  }

  @Test func csvHasALineAFitAndAllDigits() {
    let results = MadeUpResults.make()
    let lines = PredictorCSV.text(results).split(separator: "\n")
    #expect(lines.count == results.rows.count + 1)
    #expect(lines[0].hasPrefix("predictor,encoding,transform,train_size,epochs_seen,trial,mae,rmse,mape,r2,"))
    #expect(lines[1].contains(",\(results.rows[0].values[.mae] ?? 0),"))
  }
}
