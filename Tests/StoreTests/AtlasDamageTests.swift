import Foundation
import Records
import Store
import Testing

/// Promises R9 and R10: a damaged or foreign file gives an error, never another answer.
@Suite struct AtlasDamageTests {
  let workshop: Workshop
  let runs: [RunRecord]

  init() throws {
    workshop = try Workshop()
    var maker = SyntheticRuns(seed: 1)
    runs = try maker.runs(30)
    try workshop.atlas("a", runs)
  }

  /// Everything that is asked of an atlas; nil in the place of an answer that was an error.
  func answers(_ name: String) -> [AnyHashable?] {
    guard let atlas = try? Atlas(path: workshop.file(name)) else { return [] }
    var answers: [AnyHashable?] = []
    func ask(_ question: () throws -> some Hashable) {
      do { answers.append(.some(AnyHashable(try question()))) } catch {
        answers.append(error is any UserFacingError ? nil : AnyHashable("untyped \(error)"))
      }
    }
    for record in runs {
      ask { try atlas.architecture(record.key.architectureID) }
      ask { try atlas.run(record.key) }
      ask {
        try atlas.run(record.key).flatMap { try atlas.curve(run: $0.id, .loss, .validation) }?.values.map(\.bitPattern)
      }
    }
    ask { try atlas.architecture(space: "seqnas", canonicalText: "absent") }
    ask { try SyntheticRuns.vector("seqnas", runs[0].key.architecture).map { try atlas.architectures(vector: $0) } }
    ask { try atlas.bestRuns(.rocAUC, dataset: "events", count: 7) }
    ask { try atlas.datasets() }
    ask { try atlas.protocols() }
    ask { try [atlas.runCount(), atlas.architectureCount()] }
    ask {
      var digests: [Digest256] = []
      try atlas.forEachRecord { digests.append(try $1.recordDigest()) }
      return digests
    }
    return answers
  }

  @Test func noFlippedBitChangesAnAnswer() throws {
    let truth = answers("a")
    #expect(!truth.isEmpty && !truth.contains(nil))
    let whole = [try workshop.bytes("a"), try workshop.bytes("a.manifest.json")]
    var generator = SeededGenerator(seed: 9)
    var refused = 0
    for flip in 0..<300 {
      // One flip in six goes into the manifest.
      let target = flip % 6 == 5 ? 1 : 0
      var damaged = whole
      let bit = generator.integer(below: 8 * damaged[target].count)
      damaged[target][bit / 8] ^= 1 << UInt8(bit % 8)
      try workshop.write(damaged[0], "b")
      try workshop.write(damaged[1], "b.manifest.json")
      let given = answers("b")
      for (answer, right) in zip(given, truth) where answer != nil {
        #expect(answer == right, "flip of bit \(bit) of file \(target)")
      }
      if given.isEmpty || given.contains(nil) { refused += 1 }
      #expect(throws: StoreError.self, "bit \(bit) of file \(target)") {
        try Atlas.verify(path: workshop.file("b"))
      }
    }
    #expect(refused > 250)
  }

  func expectError(_ name: String, _ code: String, _ note: String = "", line: Int = #line) {
    let error = #expect(throws: StoreError.self, "\(note) line \(line)") {
      try Atlas(path: workshop.file(name))
    }
    #expect(error?.code == code, "\(note) line \(line)")
    #expect(error?.remedy != nil)
  }

  @Test func everyTruncationAndExtensionIsTold() throws {
    let whole = try workshop.bytes("a")
    try workshop.write(workshop.bytes("a.manifest.json"), "b.manifest.json")
    var generator = SeededGenerator(seed: 10)
    for attempt in 0..<60 {
      let length = attempt < 20 ? attempt * 10 : generator.integer(below: whole.count)
      try workshop.write(whole.prefix(length), "b")
      expectError("b", length == 0 ? "store.empty" : length < 100 ? "store.foreign" : "store.truncated", "\(length)")
    }
    for extra in [1, 4_095, 4_096, 100_000] {
      try workshop.write(whole + Data(count: extra), "b")
      expectError("b", "store.extended", "\(extra) more")
    }
  }

  @Test func foreignOlderAndNewerFilesAreTold() throws {
    let whole = try workshop.bytes("a")
    try workshop.write(workshop.bytes("a.manifest.json"), "b.manifest.json")
    for (offset, bytes, code) in [
      (68, [0, 0, 0, 0], "store.foreign"), (68, [0x4e, 0x41, 0x53, 0x57], "store.foreign"),
      (60, [0, 0, 0, 0], "store.format"), (60, [0, 0, 0, 2], "store.format"), (0, [0x73], "store.foreign"),
    ] as [(Int, [UInt8], String)] {
      var changed = whole
      changed.replaceSubrange(offset..<offset + bytes.count, with: bytes)
      try workshop.write(changed, "b")
      expectError("b", code, "\(offset) \(bytes)")
    }
    for content in ["", "x", "{}", "NASAJRNL", String(repeating: "SQLite format 3\u{0}", count: 50)] {
      try workshop.write(Data(content.utf8), "b")
      expectError("b", content.isEmpty ? "store.empty" : "store.foreign")
    }
    expectError("a.working", "store.foreign")
    expectError("none", "store.not_found")
    #expect(throws: (any Error).self) { try Atlas(path: workshop.path) }
  }

  @Test func manifestsAreNotInterchangeable() throws {
    var maker = SyntheticRuns(seed: 77)
    try workshop.atlas("other", maker.runs(60))
    try workshop.write(workshop.bytes("a"), "b")
    expectError("b", "store.manifest.missing")
    try workshop.write(workshop.bytes("other.manifest.json"), "b.manifest.json")
    #expect(throws: (any Error).self) { try Atlas(path: workshop.file("b")) }
    for content in ["", "{}", "[]", "null", #"{"manifest":{},"manifestDigest":"00"}"#] {
      try workshop.write(Data(content.utf8), "b.manifest.json")
      expectError("b", "store.manifest.damaged", content)
    }
    try workshop.write(workshop.bytes("a.manifest.json").dropLast(9), "b.manifest.json")
    expectError("b", "store.manifest.damaged")
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
    try WorkingStore(path: workshop.file("a.working")).publish(to: workshop.file("a"))
    #expect(try Atlas(path: workshop.file("a")).digest == old)
    let left = try FileManager.default.contentsOfDirectory(atPath: workshop.path)
    #expect(!left.contains("a.manifest.json.next") && !left.contains("a.partial"))
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
    let error = #expect(throws: StoreError.self) { try atlas.forEachRecord { _, _ in } }
    #expect(error?.code == "store.damaged.page")
  }
}
