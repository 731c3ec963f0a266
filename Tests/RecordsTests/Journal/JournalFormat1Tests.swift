import Foundation
import Records
import Testing

/// Journals of format 1, in which every entry was JSON and values were 32-bit floats, stay readable.
@Suite struct JournalFormat1Tests {
  let folder: ScratchFolder
  let path: String

  init() throws {
    folder = try ScratchFolder()
    path = folder.file("old.journal")
  }

  private static func header() -> [UInt8] {
    let head = Array("NASAJRNL".utf8) + [1, 0, 0, 0]
    let sum = Checksum.crc32(head)
    return head + (0..<4).map { UInt8(truncatingIfNeeded: sum >> (8 * $0)) }
  }

  private static let run = #"""
    {"run":{"curves":[{"metric":"loss","split":"test","values":[0.34003335,"nan",3.4028235e+38]}],"key":{"architecture":"a","dataset":"d","datasetDigest":"18ac3e7343f016890c510e93f935261169d9e3f565436429830faf0934f4f8e4","protocolDigest":"148de9c5a7a44d19e56cd9ae1a554bf67847afb0c58f6e12fa29ac7ddfca9940","seed":18446744073709551615,"space":"seqnas"},"score":{"epoch":2,"metric":"accuracy","test":0.1,"validation":0.830121},"status":"diverged","teachers":[]}}
    """#

  private func write(_ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }

  @Test func readsFloatsAsTheFloatsThatTheyWere() throws {
    try write(Self.header() + JournalFormat.frame(Array(Self.run.utf8)))
    let (items, torn) = try JournalReader.readAll(path: path)
    guard torn == 0, items.count == 1, case .run(let record) = items[0].entry else {
      Issue.record("one run was expected")
      return
    }
    #expect(record.key.seed == .recorded(.max) && record.status == .diverged)
    let floats: [Float] = [0.34003335, .nan, .greatestFiniteMagnitude]
    #expect(record.curves[0].values.map(\.bitPattern) == floats.map { Double($0).bitPattern })
    #expect(
      record.score == Score(metric: .accuracy, epoch: 2, validation: Double(Float(0.830121)), test: Double(Float(0.1))))
    #expect(try items[0].encoded == EncodedRun(record))
  }

  @Test func damageAndNewFramesAreErrors() throws {
    let frame = JournalFormat.frame(Array(Self.run.utf8))
    let whole = Self.header() + frame + frame
    for index in 0..<16 + frame.count {
      var damaged = whole
      damaged[index] ^= 1 << UInt8(index % 8)
      try write(damaged)
      #expect(throws: RecordsError.self, "byte \(index)") { try JournalReader.readAll(path: path) }
    }
    try write(Self.header() + JournalFormat.frame([170, 2] + Array("{}".utf8)))
    #expect(throws: RecordsError.self) { try JournalReader.readAll(path: path) }
    try write(whole.dropLast(3))
    #expect(try JournalReader.readAll(path: path).items.count == 1)
  }

  @Test func nothingIsAppendedToOne() throws {
    try write(Self.header())
    #expect(throws: RecordsError.unsupportedVersion(path: path, found: 1, supported: 2)) {
      try JournalWriter(path: path)
    }
  }

  @Test func aRealOneIsReadWhole() throws {
    let corpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Corpus/format-1.journal")
    let (items, torn) = try JournalReader.readAll(path: corpus.path)
    let runs = items.compactMap { if case .run(let record) = $0.entry { record } else { nil } }
    #expect(torn == 0 && items.count == 26 && runs.count == 24)
    #expect(runs.flatMap(\.curves).reduce(0) { $0 + $1.values.count } == 1_728)
    #expect(runs[0].key.architecture == "stem:k1/time:on/encoder:att1+gru/decoder:off/head:mixed")
    #expect(runs[0].curve(.loss, .train)?.values.first == Double(Float(0.34003335)))
    #expect(Set(runs.map(\.key)).count == 24)
    guard case .trainingProtocol(let card) = items[1].entry else {
      Issue.record("the second entry is the protocol")
      return
    }
    #expect(try card.digest == CanonicalJSON.digest(card.settings))
    #expect(runs.allSatisfy { $0.key.protocolDigest == card.digest })
  }
}
