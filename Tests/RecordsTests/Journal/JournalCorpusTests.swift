import Foundation
import Records
import Testing

/// Journals of every format since format 3 stay readable, with the digests that they had.
@Suite struct JournalCorpusTests {
  @Test func formatThree() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Corpus/format-3.journal").path
    let (items, torn) = try JournalReader.readAll(path: path)
    var numerics: [UInt8] = []
    var records: [UInt8] = []
    for item in items {
      guard case .run(let record) = item.entry else { continue }
      numerics += Array(try record.numericsDigest().bytes)
      records += Array(try record.recordDigest().bytes)
      #expect(item.encoded == (try EncodedRun(record)))
    }
    #expect(torn == 0 && items.count == 62 && numerics.count == 60 * 32)
    #expect(Digest256(of: Data(numerics)).hex == "29615bba2c424b31d7280e4568736ce631ab4577c4d00d69bc602417c1bf0fc4")
    #expect(Digest256(of: Data(records)).hex == "4e2453b406adce6b40fe6065729cf0c0c68c26882517a0f0e3bfb91f4263b5d1")
  }
}
