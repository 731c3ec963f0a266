import Foundation
import Records
import Testing

@Suite struct JournalTests {
  let folder: ScratchFolder
  let path: String

  init() throws {
    folder = try ScratchFolder()
    path = folder.file("shard.journal")
  }

  func bytes() throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }
  func write(_ bytes: some Sequence<UInt8>) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }

  static func entry(_ seed: UInt64) -> JournalEntry {
    var record = RunRecordTests.sample()
    record.key.seed = .recorded(seed)
    return .run(record)
  }

  /// A journal of `count` runs.
  func makeJournal(_ count: UInt64 = 3) throws {
    let writer = try JournalWriter(path: path)
    for seed in 0..<count { try writer.append(Self.entry(seed)) }
  }

  @Test func readsBackWhatWasAppended() throws {
    let card = try ProtocolCard(name: "p", settings: .object(["epochs": .integer(3)]))
    do {
      let writer = try JournalWriter(path: path)
      #expect(writer.droppedBytes == 0)
      try writer.append(.trainingProtocol(card))
      try writer.append(Self.entry(1))
    }
    let reopened = try JournalWriter(path: path)
    try reopened.append(Self.entry(2))
    let (items, torn) = try JournalReader.readAll(path: path)
    #expect(items.map(\.entry) == [.trainingProtocol(card), Self.entry(1), Self.entry(2)])
    #expect(items.first?.offset == 16)
    #expect(torn == 0)
  }

  @Test func tornTailsOfEveryLengthAreCutAndReported() throws {
    try makeJournal()
    let whole = try bytes()
    let ends = try JournalReader.readAll(path: path).items.map(\.offset) + [whole.count]
    for length in 0..<whole.count {
      try write(whole[..<length])
      let intact = ends.dropFirst().count { $0 <= length }
      let expectedTail = length < 16 ? length : length - ends[intact]
      let (items, torn) = try JournalReader.readAll(path: path)
      #expect(items.count == intact)
      #expect(torn == expectedTail)
      let writer = try JournalWriter(path: path)
      #expect(writer.droppedBytes == expectedTail)
      try writer.append(Self.entry(9))
      #expect(try JournalReader.readAll(path: path).items.last?.entry == Self.entry(9))
      #expect(try JournalReader.readAll(path: path).items.count == intact + 1)
    }
  }

  @Test func aFlipAnywhereBeforeTheLastFrameIsAnError() throws {
    try makeJournal()
    let whole = try bytes()
    let last = try #require(try JournalReader.readAll(path: path).items.last).offset
    for index in 0..<last {
      var damaged = whole
      damaged[index] ^= 1 << UInt8(index % 8)
      try write(damaged)
      #expect(throws: RecordsError.self, "byte \(index)") { try JournalReader.readAll(path: path) }
      #expect(throws: RecordsError.self, "byte \(index)") { try JournalWriter(path: path) }
      #expect(try bytes() == damaged, "a damaged journal is left as it is")
    }
    var damaged = whole
    damaged[40] ^= 1
    try write(damaged)
    let error = #expect(throws: RecordsError.self) { try JournalReader.readAll(path: path) }
    guard case .damagedFrame(path, 16, _) = error else {
      Issue.record("unexpected \(String(describing: error))")
      return
    }
    #expect(error?.exitStatus == .dataError)
  }

  @Test func aZeroFilledTailIsTorn() throws {
    try makeJournal()
    let whole = try bytes()
    try write(whole + [UInt8](repeating: 0, count: 5_000))
    #expect(try JournalReader.readAll(path: path).tornBytes == 5_000)
    #expect(try JournalWriter(path: path).droppedBytes == 5_000)
    #expect(try bytes() == whole)
  }

  @Test func foreignAndNewerFilesAreRefused() throws {
    for text in ["SQLite format 3\0 and so on", "{}", "NASAJRNX", "NASAJRNL but no more than a name"] {
      try write(Array(text.utf8))
      #expect(throws: RecordsError.notAJournal(path: path)) { try JournalReader(path: path) }
      #expect(throws: RecordsError.notAJournal(path: path)) { try JournalWriter(path: path) }
    }
    for version: UInt8 in [1, 2, 4] {
      let head = Array("NASAJRNL".utf8) + [version, 0, 0, 0]
      let sum = Checksum.crc32(head)
      try write(head + (0..<4).map { UInt8(truncatingIfNeeded: sum >> (8 * $0)) })
      let refusal = RecordsError.unsupportedVersion(path: path, found: UInt32(version), supported: 3)
      #expect(throws: refusal) { try JournalReader(path: path) }
      #expect(throws: refusal) { try JournalWriter(path: path) }
    }
    #expect(throws: RecordsError.notFound(path: folder.file("none"))) { try JournalReader(path: folder.file("none")) }
    #expect(throws: RecordsError.self) { try JournalWriter(path: folder.path) }
  }

  @Test func anIntactFrameWithAnUnknownEntryIsNamed() throws {
    let json = Array(#"{"later":1}"#.utf8)
    let known = try JournalFormat.payload(Self.entry(1))
    for payload in [json, [170, 2] + json, [170, 9] + json, [170], [170, 1], known + [0], Array(known.dropLast())] {
      try write(JournalFormat.header + JournalFormat.frame(payload))
      let error = #expect(throws: RecordsError.self) { try JournalReader.readAll(path: path) }
      guard case .undecodableEntry(path, 16, _) = error else {
        Issue.record("unexpected \(String(describing: error))")
        return
      }
    }
  }

  @Test func whatNobodyCouldReadAgainIsNotTaken() throws {
    let writer = try JournalWriter(path: path)
    let curve = Curve(metric: .loss, split: .test, values: [1, 2])
    for curves in [
      [curve, curve], [Curve(metric: .loss, split: .test, values: [1, 2], at: [1])],
      [Curve(metric: .loss, split: .test, values: [1, 2], at: [2, 2])],
      [Curve(metric: .loss, split: .test, values: [1, 2], at: [0, 2])],
    ] {
      var record = RunRecordTests.sample()
      record.curves = curves
      let error = #expect(throws: RecordsError.self) { try writer.append(.run(record)) }
      #expect(error?.code == "records.journal_unwritable")
    }
    for costs in [
      Costs(total: ["train_seconds": 1], perEpoch: ["train_seconds": [1]]), Costs(total: ["Train seconds": 1]),
      Costs(perEpoch: ["train_seconds": [1], "energy_joules": [1, 2]]), Costs(perEpoch: ["train_seconds": []]),
    ] {
      var record = RunRecordTests.sample()
      record.costs = costs
      let error = #expect(throws: RecordsError.self) { try writer.append(.run(record)) }
      #expect(error?.code == "records.journal_unwritable")
    }
    try writer.append(Self.entry(1))
    #expect(try JournalReader.readAll(path: path).items.map(\.entry) == [Self.entry(1)])
  }

  @Test func oneWriterAtATime() throws {
    let first = try JournalWriter(path: path)
    #expect(throws: RecordsError.locked(path: path, holder: getpid())) { try JournalWriter(path: path) }
    try first.append(Self.entry(1))
    let child = try ChildProcess("JournalProbe", [path, "5"])
    let end = child.waitForExit()
    #expect(end.status == ExitStatus.temporaryFailure.rawValue)
    #expect(end.errors.contains("process \(getpid())"))
  }

  @Test func theLockTableOfAnotherSystemTellsNothing() {
    let table = """
      1: POSIX  ADVISORY  WRITE 11 fe:00:7 0 EOF
      2: FLOCK  ADVISORY  WRITE 12 fe:00:77 0 EOF
      2: -> FLOCK  ADVISORY  WRITE 14 fe:00:7 0 EOF
      3: FLOCK  ADVISORY  WRITE 13 fe:00:7 0 EOF
      """
    #expect(LockTable.holder(ofInode: 7, in: table) == 13)
    #expect(LockTable.holder(ofInode: 8, in: table) == nil)
    #expect(LockTable.holder(ofInode: 7, in: "nonsense\n\n: : :") == nil)
  }

  @Test func randomBytesNeverTrap() throws {
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<300 {
      let noise = (0..<generator.integer(below: 400)).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
      try write(JournalFormat.header + noise)
      _ = try? JournalReader.readAll(path: path)
    }
  }
}
