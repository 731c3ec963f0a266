import ArgumentParser
import QueryServer
import Records

/// `nasatlas config`: settings of the server.
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Show the settings of the server.", subcommands: [ConfigShowCommand.self])
}

/// `nasatlas config show`: every setting, its value and where that came from.
struct ConfigShowCommand: ReportingCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show every setting that `nasatlas serve` would use with the same options.",
    usage: "nasatlas config show [--origin] [--set <name=value> ...] [--settings <file>] [--json]",
    discussion: """
      Examples:
        nasatlas config show --origin
        NASATLAS_SERVER_PORT=9000 nasatlas config show --settings server.conf --origin
      """)

  @Flag(help: "Show where each value comes from, and which values are allowed.")
  var origin = false

  @OptionGroup var options: ServerOptions
  @OptionGroup var output: OutputOptions

  private struct Line: Encodable {
    let name: String
    let value: String
    let origin: String
    let allowed: String
    let environment: String
  }

  func run() throws {
    let resolved = try options.resolved()
    let lines = ServerSetting.all.map { setting in
      Line(
        name: setting.name, value: setting.value(in: resolved.settings),
        origin: resolved.origins[setting.name] ?? "default", allowed: setting.allowed,
        environment: setting.environmentName)
    }
    if output.json { return try Output.json(["settings": lines]) }
    for line in lines {
      // As a file of settings has it, so that the output can be one.
      if origin { try Output.data("# \(line.origin); allowed: \(line.allowed)") }
      try Output.data("\(line.name) = \(line.value)")
    }
  }
}
