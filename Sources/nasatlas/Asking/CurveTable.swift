import Benchmarks
import Records
import Reports

/// Curves of one architecture as a table of epochs.
struct CurveTable {
  /// One a split.
  let answers: [CurveAnswer]
  /// Marked, where it is known and there is one run.
  let bestEpoch: Int?

  private struct Column {
    let title: String
    let values: [Int: Double]
  }

  var text: String {
    guard let first = answers.first else { return "" }
    let context = first.context
    let splits = answers.map(\.context.split.rawValue).joined(separator: ", ")
    let heading =
      "\(context.metric) (\(context.unit)) on \(splits) of \(context.dataset)"
      + (context.protocolName.map { " under \($0)" } ?? "") + "; " + Self.origin(first)
      + ", atlas \(context.atlasDigest.short)"
    var lines = [Output.wrapped(heading)]
    lines += ArchitectureText.lines(first.architecture.canonicalText, width: 76).map { "  " + $0 }
    let columns = self.columns
    var table = TextTable([(context.axisName, .right)] + columns.map { ($0.title, .right) } + [("", .left)])
    for epoch in Set(columns.flatMap(\.values.keys)).sorted() {
      table.add(
        [(context.fidelity ?? .epochs).words(epoch)] + columns.map { $0.values[epoch].map(NumberText.value) ?? "-" } + [
          epoch == bestEpoch ? "<" : ""
        ])
    }
    return (lines + table.lines).joined(separator: "\n")
  }

  /// Of one split a column a run, as many as fit, and the mean; of several the means.
  private var columns: [Column] {
    if answers.count > 1 { return answers.map { Column(title: $0.context.split.rawValue, values: Self.mean($0)) } }
    guard let answer = answers.first else { return [] }
    if answer.prediction != nil { return Self.predicted(answer) }
    guard answer.runs.count > 1 else {
      return answer.runs.map { Column(title: answer.context.split.rawValue, values: Self.values($0)) }
    }
    return answer.runs.prefix(5).map { Column(title: "seed\n\($0.seed)", values: Self.values($0)) }
      + [Column(title: "mean of \(answer.runs.count)", values: Self.mean(answer))]
  }

  /// Where the values come from.
  private static func origin(_ answer: CurveAnswer) -> String {
    guard let prediction = answer.prediction else {
      return "\(answer.runs.count) \(answer.runs.count == 1 ? "run" : "runs"); \(answer.context.kind)"
    }
    return "\(answer.context.kind) by \(prediction.curves.words)"
  }

  /// Mean and standard deviation, and the simulated run where there is one.
  private static func predicted(_ answer: CurveAnswer) -> [Column] {
    let mean = answer.mean ?? []
    var columns = [
      Column(title: "predicted\nmean", values: values(mean)),
      Column(
        title: "standard\ndeviation",
        values: Dictionary(mean.map { ($0.epoch, $0.standardDeviation ?? 0) }, uniquingKeysWith: { first, _ in first })),
    ]
    if let run = answer.simulation {
      columns.append(Column(title: "simulated\nrun \(run.number)", values: values(run.values)))
    }
    return columns
  }

  private static func values(_ values: [CurveAnswer.EpochValue]) -> [Int: Double] {
    Dictionary(values.map { ($0.epoch, $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  private static func mean(_ answer: CurveAnswer) -> [Int: Double] {
    if let run = answer.simulation { return values(run.values) }
    return answer.mean.map(values) ?? answer.runs.first.map(values) ?? [:]
  }

  private static func values(_ run: CurveAnswer.Run) -> [Int: Double] {
    Dictionary(zip(run.epochs, run.values), uniquingKeysWith: { first, _ in first })
  }
}
