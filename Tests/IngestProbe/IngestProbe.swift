import Foundation
import Records
import Store

/// Ingests journals into a working file until it is killed, and says after each commit how many runs are on the disk.
///
///     IngestProbe WORKING JOURNAL…
@main
struct IngestProbe {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count >= 2 else { exit(ExitStatus.usage.rawValue) }
    do {
      let store = try WorkingStore(path: arguments[1])
      say("open")
      try store.ingest(journals: Array(arguments.dropFirst(2)), vector: { _, text in Data(text.utf8.prefix(4)) }) {
        say("committed \($0.recorded + $0.duplicates)")
      }
      say("done")
    } catch let error as any UserFacingError {
      FileHandle.standardError.write(Data("\(error)\n".utf8))
      exit(error.exitStatus.rawValue)
    }
  }

  static func say(_ line: String) {
    FileHandle.standardOutput.write(Data("\(line)\n".utf8))
  }
}
