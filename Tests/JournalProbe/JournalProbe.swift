import Foundation
import Records

/// Appends synthetic runs to a journal until it is killed, and says on standard output which seeds were acknowledged.
///
///     JournalProbe JOURNAL FIRST_SEED
@main
struct JournalProbe {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 3, let first = UInt64(arguments[2]) else { exit(ExitStatus.usage.rawValue) }
    do {
      let writer = try JournalWriter(path: arguments[1])
      say("open \(writer.droppedBytes)")
      for seed in first... {
        try writer.append(.run(record(seed: seed)))
        say("recorded \(seed)")
      }
    } catch let error as any UserFacingError {
      FileHandle.standardError.write(Data("\(error)\n".utf8))
      exit(error.exitStatus.rawValue)
    }
  }

  /// Unbuffered, so that a line on the pipe means that the call before it returned.
  static func say(_ line: String) {
    FileHandle.standardOutput.write(Data("\(line)\n".utf8))
  }

  static func record(seed: UInt64) -> RunRecord {
    var generator = SeededGenerator(seed: seed)
    // Some records span many pages, so that kills also fall into the middle of a write.
    let epochs = seed.isMultiple(of: 3) ? 4_000 : 20
    return RunRecord(
      key: RunKey(
        space: "probe", architecture: "a\(seed)", dataset: "d", datasetDigest: Digest256(of: "d"),
        protocolDigest: Digest256(of: "p"), seed: .recorded(seed)),
      origin: .random, status: .completed,
      curves: [
        Curve(metric: .loss, split: .train, values: (0..<epochs).map { _ in Double(Float(generator.uniform())) })
      ],
      score: nil, counts: nil, costs: nil, provenance: nil)
  }
}
