import ArgumentParser
import Records

/// The root of the command line: results on stdout, diagnostics on stderr, exit statuses of sysexits.h.
@main
struct NASAtlas: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nasatlas",
    abstract: "Train, store, verify, query and serve NAS benchmarks.",
    discussion: """
      First steps:
        nasatlas datasets
        nasatlas sample --space seqnas --count 3
        nasatlas train --dataset nafld-age4 --count 24 --out run
        nasatlas ingest run/journals/*.journal --into run/working.sqlite
        nasatlas publish run/working.sqlite first.atlas
        nasatlas top first.atlas -k 5
        nasatlas fit first.atlas
        nasatlas query first.atlas -a ARCHITECTURE --predict
        nasatlas evaluate predictors first.atlas --train-size 10 --test rest

      Every command takes --json. Exit statuses: 0 success, 64 invalid command line, 65 invalid data, 66 missing file, \
      69 missing capability, 70 internal error, 73 output file refused, 74 output or disk failure, 75 try again.
      """,
    version: nasAtlasVersion,
    subcommands: [
      InfoCommand.self, DatasetsCommand.self, SampleCommand.self, TrainCommand.self, IngestCommand.self,
      PublishCommand.self, VerifyCommand.self, QueryCommand.self, TopCommand.self, ParetoCommand.self,
      CurveCommand.self, NeighborsCommand.self, CardsCommand.self, StatsCommand.self, FitCommand.self,
      EvaluateCommand.self, DiffCommand.self, MergeCommand.self, ExtractCommand.self, ExportCommand.self,
      ServeCommand.self, ConfigCommand.self,
      DoctorCommand.self, TrainerCommand.self,
    ])

  static func main() async {
    Descriptor.prepareStandardOnes()
    var words = Array(CommandLine.arguments.dropFirst())
    var isJSON = words.contains("--json") || zip(words, words.dropFirst()).contains { $0 == ("--format", "json") }
    do {
      words = try PathWords.ofProcess()
      try CommandLineWords(words).check()
      var command = try parseAsRoot(words)
      isJSON = (command as? any ReportingCommand)?.answersInJSON ?? isJSON
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      try Output.finish()
    } catch {
      Failure(error).end(asJSON: isJSON)
    }
  }
}

/// A command whose answer can be asked for as JSON.
protocol ReportingCommand: ParsableCommand {
  var output: OutputOptions { get }
  /// Whether the answer, and so an error too, is JSON.
  var answersInJSON: Bool { get }
}

extension ReportingCommand {
  var answersInJSON: Bool { output.json }
}
