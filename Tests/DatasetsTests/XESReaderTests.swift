import Datasets
import Foundation
import Testing

@Suite struct XESReaderTests {
  /// A gzip file of one stored block, so that the test needs no compressor.
  private func gzip(_ text: String) -> Data {
    let bytes = Array(text.utf8)
    var crc: UInt32 = .max
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = (crc >> 1) ^ (crc & 1 == 1 ? 0xedb8_8320 : 0) }
    }
    let length = UInt16(bytes.count)
    var data = Data([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1])
    for half in [length, ~length] { data.append(contentsOf: [UInt8(half & 255), UInt8(half >> 8)]) }
    data.append(contentsOf: bytes)
    for word in [~crc, UInt32(length)] { data.append(contentsOf: (0..<4).map { UInt8((word >> (8 * $0)) & 255) }) }
    return data
  }

  private func traces(_ data: Data) throws -> [XESReader.Trace] {
    try withTemporaryFolder { folder in
      let file = folder.appendingPathComponent("log.xes.gz")
      try data.write(to: file)
      var traces: [XESReader.Trace] = []
      try XESReader.forEachTrace(in: file) { traces.append($0) }
      return traces
    }
  }

  @Test func readsTracesEventsAndReferences() throws {
    let log = """
      <?xml version="1.0"?><!-- a > comment --><log><string key="x" value="outside"><string key="y" value=""/></string>
      <trace><string key="name" value="&quot;a&quot; &#65;&#x42;&amp;>"/>
      <event><date value='2011' key='t'><string key="nested" value="skipped"/></date></event><event/></trace><trace/></log>
      """
    let read = try traces(gzip(log))
    #expect(read.count == 2)
    #expect(read[0].attributes == ["name": "\"a\" AB&>"])
    #expect(read[0].events == [["t": "2011"], [:]])
    #expect(read[1].events.isEmpty)
  }

  @Test(arguments: [
    "<log><trace></log>", "<log>", "<log><trace><string key=\"a\" value=\"&b;\"/></trace></log>", "<log><trace",
    "<!DOCTYPE log [<!ENTITY a \"b\">]><log/>", "<log><trace><string key=a value=\"b\"/></trace></log>", "</log>",
    "<log><trace><string key/></trace></log>", "<>",
  ])
  func refusesWhatIsNoLog(text: String) throws {
    let error = #expect(throws: DatasetError.self) { try traces(gzip(text)) }
    #expect(error?.code == "datasets.malformed_row")
  }

  @Test func damagedAndCutStreamsAreRefused() throws {
    let good = gzip("<log><trace/></log>")
    #expect(try traces(good).count == 1)
    for length in 0..<good.count { #expect(throws: DatasetError.self) { try traces(good.prefix(length)) } }
    var bad = good
    bad[good.count - 6] ^= 1
    #expect(throws: DatasetError.self) { try traces(bad) }
  }

  @Test func timestampsAreInstants() {
    #expect(Timestamp.seconds("1970-01-01T00:00:00Z") == 0)
    #expect(Timestamp.seconds("2011-10-01T00:38:44.546+02:00") == 1_317_422_324.546)
    #expect(Timestamp.seconds("2000-02-29T23:59:59.5-05:30") == 951_888_599.5)
    for text in ["", "2011-10-01", "2011-13-01T00:00:00Z", "2011-10-01T25:00:00Z", "2011-10-01T00:00:00", "x"] {
      #expect(Timestamp.seconds(text) == nil)
    }
  }
}
