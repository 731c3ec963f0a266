import ArgumentParser
import Foundation
import QueryServer

/// Where settings of a server come from.
struct ServerOptions: ParsableArguments {
  @Option(help: .init("The address to listen on. (default: 127.0.0.1)", valueName: "address"))
  var host: String?

  @Option(help: .init("The port to listen on; 0 chooses a free port. (default: 8080)", valueName: "port"))
  var port: String?

  @Option(name: .customLong("set"), help: .init("A setting; may be repeated.", valueName: "name=value"))
  var assignments: [String] = []

  @Option(help: .init("A file of settings: NAME = VALUE, one per line.", valueName: "file"), completion: .file())
  var settings: String?

  /// The settings and their origins.
  func resolved() throws -> ResolvedSettings {
    var flags: [String: String] = [:]
    flags["host"] = host
    flags["port"] = port
    for assignment in assignments {
      let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { throw ValidationError("--set \(assignment) has no =; write --set NAME=VALUE") }
      flags[String(parts[0])] = String(parts[1])
    }
    return try ResolvedSettings(flags: flags, environment: ProcessInfo.processInfo.environment, file: settings)
  }
}
