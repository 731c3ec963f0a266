import ArgumentParser
import Benchmarks
import Foundation
import Records
import Reports

/// How an answer of rows is written.
enum TableFormat: String, CaseIterable, ExpressibleByArgument {
  /// For people, at most 80 columns wide where the names allow it.
  case table
  case csv, json, latex, markdown, parquet
}

struct TableOptions: ParsableArguments {
  @Option(
    help: """
      table, csv, json, latex, markdown or parquet. Parquet is binary: send it to a file. (default: table)
      """)
  var format: TableFormat?
}

/// A command whose answer is rows.
protocol TableCommand: ReportingCommand {
  var table: TableOptions { get }
}

extension TableCommand {
  var answersInJSON: Bool { output.json || table.format == .json }

  func checkFormat() throws {
    if output.json, let format = table.format, format != .json {
      throw ValidationError("--json and --format \(format.rawValue) contradict each other; give one of them")
    }
  }

  /// Writes `answer`: whole as JSON, as `text` for people, and as `rows` in every other format. Formats without a caption
  /// have a note on standard error for architectures that are `omitted`.
  func write(
    _ answer: some Encodable, omitted: [Omission] = [], text: @autoclosure () -> String,
    rows: @autoclosure () -> AnswerTable
  ) throws {
    let format = output.json ? .json : table.format ?? .table
    defer { if [.csv, .parquet].contains(format), !omitted.isEmpty { Output.note(RunWords.leftOutAlone(omitted)) } }
    switch format {
    case .table: try Output.data(text())
    case .json: try Output.json(answer)
    case .csv: try Output.bytes(Data(rows().csv.utf8))
    case .markdown:
      try Output.bytes(Data(rows().markdown(number: NumberText.field, count: { NumberText.count($0) }).utf8))
    case .latex: try Output.bytes(Data(rows().latex(number: NumberText.field, count: { NumberText.count($0) }).utf8))
    case .parquet:
      guard isatty(Output.channels.data) == 0 else { throw CommandError.binaryToTerminal(format: "parquet") }
      try Output.bytes(ParquetFile.bytes(of: rows()))
    }
  }
}

extension AnswerTable.Column {
  /// The columns that name architectures: a short name where the space has them, the canonical text, the id.
  static func architectures(_ found: [Answer.Architecture], _ benchmark: Benchmark) -> [Self] {
    let names = found.map { benchmark.shortName($0) }
    return (names.contains { $0 != nil } ? [Self("name", .texts(names))] : []) + [
      Self("architecture", .texts(found.map(\.canonicalText))), Self("id", .texts(found.map(\.id.hex))),
    ]
  }

  /// A column of a field, `unit` in its title.
  static func field(_ name: String, unit: String?, _ cells: [Double?]) -> Self {
    Self(name, title: name + (unit.map { $0 == "1" ? "" : " (\($0))" } ?? ""), .numbers(cells))
  }
}
