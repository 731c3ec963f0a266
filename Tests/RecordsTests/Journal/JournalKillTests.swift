import Foundation
import Records
import TestSupport
import Testing

/// Promise R1: what a writer acknowledged survives its sudden end.
@Suite struct JournalKillTests {
  @Test func nothingAcknowledgedIsLost() throws {
    let folder = try ScratchFolder()
    let path = folder.file("shard.journal")
    var generator = SeededGenerator(seed: 20)
    var acknowledged: Set<UInt64> = []
    var next: UInt64 = 0
    let kills = Reliability.isLong ? 1_000 : 30
    for _ in 0..<kills {
      let child = try ChildProcess("JournalProbe", [path, "\(next)"])
      var output = child.firstOutput()
      usleep(UInt32(generator.integer(below: 30_000)))
      output += child.kill()
      for line in output.split(separator: "\n") where line.hasPrefix("recorded ") {
        if let seed = UInt64(line.dropFirst(9)) { acknowledged.insert(seed) }
      }
      let (items, _) = try JournalReader.readAll(path: path)
      let recorded = items.compactMap { item in
        if case .run(let record) = item.entry, case .recorded(let seed) = record.key.seed { seed } else { UInt64?.none }
      }
      #expect(acknowledged.isSubset(of: recorded))
      #expect(recorded.count == Set(recorded).count)
      next = (recorded.max() ?? next) + 1
    }
    #expect(acknowledged.count > kills)
    Reliability.report("R1", "\(kills) kills of a writer, 0 of \(acknowledged.count) acknowledged runs lost")
  }
}
