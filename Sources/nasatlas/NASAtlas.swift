import ArgumentParser
import Records

@main
struct NASAtlas: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nasatlas", abstract: "Train, record, verify and query architectures.", version: nasAtlasVersion,
    subcommands: [TrainCommand.self, TrainerCommand.self])
}

/// A command whose answer can be asked for as JSON.
protocol ReportingCommand: ParsableCommand {
  var output: OutputOptions { get }
}
