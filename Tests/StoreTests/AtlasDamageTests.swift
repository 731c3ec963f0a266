import Foundation
import Records
import Store
import TestSupport
import Testing

/// Promise R9: a damaged file gives an error, never another answer.
@Suite struct AtlasDamageTests {
  let workshop: Workshop
  let questions: AtlasAnswers

  init() throws {
    workshop = try Workshop()
    var maker = SyntheticRuns(seed: 1)
    questions = AtlasAnswers(runs: try maker.runs(24), measurements: try maker.measurements(20))
    try workshop.atlas("a", questions.runs, questions.measurements)
  }

  @Test func noFlippedBitChangesAnAnswer() throws {
    let truth = questions.answers(workshop.file("a"))
    let given = truth.count { if case .given = $0 { true } else { false } }
    try #require(given == truth.count && truth.count > 100)
    let whole = [try workshop.bytes("a"), try workshop.bytes("a.manifest.json")]
    var generator = SeededGenerator(seed: 9)
    var refused = 0
    let flips = Reliability.isLong ? 10_000 : 300
    for flip in 0..<flips {
      // One flip in six goes into the manifest.
      let target = flip % 6 == 5 ? 1 : 0
      var damaged = whole
      let bit = generator.integer(below: 8 * damaged[target].count)
      damaged[target][bit / 8] ^= 1 << UInt8(bit % 8)
      try workshop.write(damaged[0], "b")
      try workshop.write(damaged[1], "b.manifest.json")
      let given = questions.answers(workshop.file("b"))
      for (answer, right) in zip(given, truth) where answer != .refused && answer != right {
        Issue.record("flip of bit \(bit) of file \(target): \(answer) instead of \(right)")
      }
      if !given.isEmpty, given.count != truth.count, !given.contains(.refused) {
        Issue.record("flip of bit \(bit) of file \(target): \(given.count) answers instead of \(truth.count)")
      }
      if given.isEmpty || given.contains(.refused) { refused += 1 }
      let error = #expect(throws: (any Error).self, "bit \(bit) of file \(target)") {
        try Atlas.verify(path: workshop.file("b"))
      }
      #expect(error is any UserFacingError, "bit \(bit) of file \(target)")
    }
    #expect(refused > flips * 5 / 6)
    Reliability.report("R9", "\(flips) flipped bits, \(refused) refused, 0 other answers")
  }

  @Test func damageAfterOpeningIsSeen() throws {
    let atlas = try Atlas(path: workshop.file("a"))
    let handle = try #require(FileHandle(forUpdatingAtPath: workshop.file("a")))
    let size = try handle.seekToEnd()
    for page in 1..<size / 4_096 {
      try handle.seek(toOffset: page * 4_096 + 2_000)
      try handle.write(contentsOf: Data([0xaa, 0x55, 0xaa]))
    }
    try handle.close()
    let error = #expect(throws: StoreError.self) {
      for setting in atlas.settings { try atlas.forEachRecord(in: setting) { _, _ in } }
    }
    #expect(error?.code == "store.damaged_page")
  }

  /// Promise R4 without the kills: the states of the folder between the steps of a publication.
  @Test func readersFindTheManifestThatFitsBetweenTheSteps() throws {
    var maker = SyntheticRuns(seed: 78)
    let new = try workshop.atlas("new", maker.runs(61))
    let old = try Atlas(path: workshop.file("a")).digest
    try workshop.write(workshop.bytes("new.manifest.json"), "a.manifest.json.next")
    #expect(try Atlas(path: workshop.file("a")).digest == old)
    try workshop.write(workshop.bytes("new"), "a")
    #expect(try Atlas(path: workshop.file("a")).digest == new.digest)
    // The next publication first completes this one, then replaces it.
    try WorkingStore(path: workshop.file("a.working")).publish(to: workshop.file("a"), title: "Made up")
    #expect(try Atlas(path: workshop.file("a")).digest == old)
    let left = try FileManager.default.contentsOfDirectory(atPath: workshop.path)
    #expect(!left.contains("a.manifest.json.next") && !left.contains("a.partial"))
  }
}
