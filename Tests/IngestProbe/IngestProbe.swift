import Foundation
import Records
import Store

/// Ingests files into a working file, or publishes one, until it is killed, and says after each piece how many entries
/// were read.
///
///     IngestProbe ingest WORKING RUNS_PER_PIECE FILE…
///     IngestProbe publish WORKING ATLAS
@main
struct IngestProbe {
  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      switch (arguments.first, arguments.count) {
      case ("ingest", 3...):
        guard let runs = Int(arguments[2]) else { exit(ExitStatus.usage.rawValue) }
        let store = try WorkingStore(path: arguments[1], runsPerPiece: runs)
        say("open")
        try store.ingest(files: Array(arguments.dropFirst(3)), reading: AsWritten()) {
          say("read \($0.recorded + $0.duplicates)")
        }
        say("done")
      case ("publish", 3):
        let store = try WorkingStore(path: arguments[1])
        say("open")
        try store.publish(to: arguments[2], force: true)
        say("done")
      default: exit(ExitStatus.usage.rawValue)
      }
    } catch let error as any UserFacingError {
      FileHandle.standardError.write(Data("\(error)\n".utf8))
      exit(error.exitStatus.rawValue)
    }
  }

  final class AsWritten: ArchitectureReading {
    func define(_ space: SpaceCard) {}
    func canonicalText(space: String, of text: String) -> String { text }
  }

  static func say(_ line: String) {
    FileHandle.standardOutput.write(Data("\(line)\n".utf8))
  }
}
