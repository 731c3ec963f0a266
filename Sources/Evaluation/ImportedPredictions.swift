import Records
import Surrogates

/// Predictions that somebody's own predictor made for exported splits.
///
/// A CSV table whose first line names its columns, in any order: `trial` (from 0), `train_size`, `architecture` and
/// `prediction`, and perhaps `sd`, `fit_seconds` (of the split) and `query_seconds` (an architecture).
public struct ImportedPredictions: Sendable {
  struct Key: Hashable {
    let trial: Int
    let trainSize: Int
  }
  struct Entry {
    let line: Int
    let prediction: Prediction
    let fitSeconds: Double?
    let querySeconds: Double?
  }

  static let required = ["trial", "train_size", "architecture", "prediction"]
  static let optional = ["sd", "fit_seconds", "query_seconds"]

  public let name: String
  let file: String
  let entries: [Key: [String: Entry]]

  /// Reads `text`, the contents of `file`. Throws ``EvaluationError/predictions(file:line:problem:)``.
  public init(name: String, file: String, text: String) throws {
    self.name = name
    self.file = file
    var columns: [String] = []
    var entries: [Key: [String: Entry]] = [:]
    func visit(_ line: Int, _ fields: [String]) throws {
      func fail(_ problem: String) -> EvaluationError { .predictions(file: file, line: line, problem: problem) }
      if columns.isEmpty {
        columns = fields
        if let missing = Self.required.first(where: { !fields.contains($0) }) {
          throw fail("the column \(missing) is missing")
        }
        if let foreign = fields.first(where: { !(Self.required + Self.optional).contains($0) }) {
          let known = (Self.required + Self.optional).joined(separator: ", ")
          throw fail("unknown column \(foreign.debugDescription); allowed: \(known)")
        }
        if Set(fields).count != fields.count { throw fail("a column is repeated") }
        return
      }
      guard fields.count == columns.count else {
        throw fail("\(fields.count) fields for \(columns.count) columns")
      }
      let row = Dictionary(uniqueKeysWithValues: zip(columns, fields))
      func whole(_ column: String) throws -> Int {
        guard let number = Int(row[column] ?? ""), number >= 0 else {
          throw fail("\(column) is \((row[column] ?? "").debugDescription); a whole number is needed")
        }
        return number
      }
      func number(_ column: String, minimum: Double = -.infinity) throws -> Double? {
        guard let text = row[column], !text.isEmpty else { return nil }
        guard let number = Double(text), number.isFinite, number >= minimum else {
          throw fail("\(column) is \(text.debugDescription); a finite number\(minimum == 0 ? " from 0" : "") is needed")
        }
        return number
      }
      guard let mean = try number("prediction") else { throw fail("prediction is empty") }
      let key = Key(trial: try whole("trial"), trainSize: try whole("train_size"))
      let entry = Entry(
        line: line, prediction: Prediction(mean: mean, aleatoric: try number("sd", minimum: 0) ?? 0),
        fitSeconds: try number("fit_seconds", minimum: 0), querySeconds: try number("query_seconds", minimum: 0))
      let architecture = row["architecture"] ?? ""
      if let first = entries[key]?.updateValue(entry, forKey: architecture) {
        throw fail("\(architecture) of trial \(key.trial), train size \(key.trainSize) is also on line \(first.line)")
      }
      entries[key, default: [architecture: entry]][architecture] = entry
    }
    do {
      var bytes = text
      try bytes.withUTF8 { bytes in
        try CSV.scan(bytes, atMost: Self.required.count + Self.optional.count) { row in
          if !row.isEmpty { try visit(row.line, (0..<row.fieldCount).map { row.text($0) }) }
        }
      }
    } catch let fault as CSV.Fault {
      throw EvaluationError.predictions(file: file, line: fault.line, problem: fault.problem)
    }
    guard !columns.isEmpty else { throw EvaluationError.predictions(file: file, line: 1, problem: "the file is empty") }
    self.entries = entries
  }

  /// Throws for an entry that belongs to no test set of `splits`: predictions for other splits than these.
  func check(_ splits: [PredictorSplit], _ sample: PredictorSample) throws {
    let tests = Dictionary(
      uniqueKeysWithValues: splits.map {
        (Key(trial: $0.trial, trainSize: $0.trainSize), Set($0.test.map { sample.architectures[$0] }))
      })
    for (key, rows) in entries {
      let test = tests[key] ?? []
      let foreign = rows.filter { !test.contains($0.key) }.min { $0.value.line < $1.value.line }
      guard let (text, entry) = foreign else { continue }
      throw EvaluationError.predictions(
        file: file, line: entry.line,
        problem: "\(text) is not in the test set of trial \(key.trial), train size \(key.trainSize)")
    }
  }

  /// The entries for the test set of `split`, in its order. Throws where one is missing.
  func entries(for split: PredictorSplit, _ sample: PredictorSample) throws -> [Entry] {
    let rows = entries[Key(trial: split.trial, trainSize: split.trainSize)] ?? [:]
    let found = split.test.map { rows[sample.architectures[$0]] }
    if let first = found.firstIndex(where: { $0 == nil }) {
      throw EvaluationError.missingPrediction(
        file: file, trial: split.trial, trainSize: split.trainSize,
        architecture: sample.architectures[split.test[first]], missing: found.count { $0 == nil })
    }
    return found.compactMap { $0 }
  }
}
