import Evaluation
import Records
import Testing

@Suite struct ImportedPredictionsTests {
  private func read(_ text: String) throws -> ImportedPredictions {
    try ImportedPredictions(name: "mine", file: "mine.csv", text: text)
  }

  @Test(arguments: [
    ("", 1, "the file is empty"),
    ("trial,architecture,prediction\n", 1, "the column train_size is missing"),
    ("trial,train_size,architecture,prediction,std\n", 1, "unknown column \"std\"; allowed: trial, train_size,"),
    ("trial,train_size,architecture,prediction,trial\n", 1, "a column is repeated"),
    ("trial,train_size,architecture,prediction\n0,5,x\n", 2, "3 fields for 4 columns"),
    (
      "trial,train_size,architecture,prediction\n\n0,5,x,1\n0.5,5,y,1\n", 4,
      "trial is \"0.5\"; a whole number is needed"
    ),
    ("trial,train_size,architecture,prediction\n0,-5,x,1\n", 2, "train_size is \"-5\"; a whole number is needed"),
    ("trial,train_size,architecture,prediction\n0,5,x,nan\n", 2, "prediction is \"nan\"; a finite number is needed"),
    ("trial,train_size,architecture,prediction\n0,5,x,\n", 2, "prediction is empty"),
    ("trial,train_size,architecture,prediction,sd\n0,5,x,1,-1\n", 2, "sd is \"-1\"; a finite number from 0 is needed"),
    (
      "trial,train_size,architecture,prediction\r\n0,5,x,1\r\n0,5,x,2\r\n", 3,
      "x of trial 0, train size 5 is also on line 2"
    ),
    ("trial,train_size,architecture,prediction\n0,5,\"x\ny\",1\n0,5,\"z,1\n", 4, "the quoted field does not end"),
    ("trial,train_size,architecture,prediction\n0,5,x\"y,1\n", 2, "a quote inside a field"),
  ])
  func faultsAreToldWithTheirLine(text: String, line: Int, problem: String) throws {
    let error = #expect(throws: EvaluationError.self) { try read(text) }
    #expect(error?.message.hasPrefix("mine.csv, line \(line): \(problem)") == true, "\(error?.message ?? "")")
    #expect(error?.code == "evaluation.predictions")
  }

  @Test func aTableMustFitTheSplits() throws {
    let sample = try CellSample.make(60)
    let suite = try PredictorSuite(sample, CellSample.rules(2, [10], test: .count(5)))
    func table(_ change: (inout [String]) -> Void) throws -> PredictorCandidate {
      var lines = suite.splits.flatMap { split in
        split.test.map { "\(split.trial),10,\(CSV.field(sample.architectures[$0])),\(sample.values[$0])" }
      }
      change(&lines)
      let header = "trial,train_size,architecture,prediction\n"
      return PredictorCandidate(try read(header + lines.joined(separator: "\n")))
    }
    let perfect = try suite.evaluate([table { _ in }])
    #expect(perfect.rows.count == 2)
    #expect(perfect.rows.allSatisfy { ($0.values[.kendall] ?? 0) > 0.999_999 && $0.values[.mae] == 0 })
    #expect(perfect.rows[0].values[.fitSeconds] == nil && perfect.rows[0].values[.coverage80] == nil)

    let missing = #expect(throws: EvaluationError.self) { try suite.evaluate([table { $0.removeLast(2) }]) }
    #expect(missing?.message.contains("mine.csv has no prediction of trial 1, train size 10") == true)
    #expect(missing?.message.hasSuffix("1 others are missing too") == true)
    let foreign = #expect(throws: EvaluationError.self) { try suite.evaluate([table { $0.append("1,10,x,3") }]) }
    #expect(foreign?.message == "mine.csv, line 12: x is not in the test set of trial 1, train size 10")
    let size = #expect(throws: EvaluationError.self) { try suite.evaluate([table { $0.append("0,11,x,3") }]) }
    #expect(size?.message == "mine.csv, line 12: x is not in the test set of trial 0, train size 11")
    let twice = #expect(throws: EvaluationError.self) { try suite.evaluate([table { _ in }, table { _ in }]) }
    #expect(twice?.code == "evaluation.bad_setting")
    #expect(throws: EvaluationError.nothingToEvaluate) { try suite.evaluate([]) }
  }

  @Test func theSplitsAreATableToFitTo() throws {
    let sample = try CellSample.make(40)
    let suite = try PredictorSuite(sample, CellSample.rules(1, [3], test: .count(2)))
    let split = suite.splits[0]
    let lines = SplitTable(suite).lines(of: split)
    let first = sample.architectures[split.train[0]]
    #expect(SplitTable.header == "trial,train_size,part,architecture,value" && lines.count == 5)
    #expect(lines[0] == "0,3,train,\(first),\(sample.values[split.train[0]])")
    #expect(lines[3] == "0,3,test,\(sample.architectures[split.test[0]]),")
  }

  @Test func fieldsAreQuotedWhereTheyNeedIt() {
    #expect(CSV.line(["a", "b,c", "d\"e", "", "f\ng"]) == "a,\"b,c\",\"d\"\"e\",,\"f\ng\"")
  }
}
