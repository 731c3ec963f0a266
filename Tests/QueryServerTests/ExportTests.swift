import Benchmarks
import Evaluation
import Foundation
import Records
import Store
import Testing

/// Whole atlases: as lines, as files; and predictions beside them.
@Suite struct ExportTests {
  @Test func anExportMakesTheSameAtlas() async throws {
    let study = StudyAtlas.shared
    let text = try await RunningServer.with([study.path]) { server in
      try await server.wire.send("GET", "/v1/atlases/study/export").text
    }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nasatlas-export-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let lines = folder.appendingPathComponent("export.ndjson")
    try text.write(to: lines, atomically: true, encoding: .utf8)
    let working = try WorkingStore(path: folder.appendingPathComponent("working.sqlite").path)
    try working.ingest(files: [lines.path], reading: CatalogueReader())
    let path = folder.appendingPathComponent("again.atlas").path
    try working.publish(to: path, title: "A small study")
    func records(_ atlas: Atlas) throws -> [RunRecord] {
      var found: [RunRecord] = []
      for setting in atlas.settings { try atlas.forEachRecord(in: setting) { found.append($1) } }
      return found
    }
    let (own, again) = (try records(study.benchmark.atlas), try records(Atlas(path: path)))
    #expect(own.count == 60 && again == own)
  }

  @Test func theFileComesWholeAndInParts() async throws {
    let study = StudyAtlas.shared
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: study.path)))
    let target = "/v1/atlases/study@\(study.benchmark.atlas.digest.hex)/file"
    try await RunningServer.with([study.path]) { server in
      let whole = try await server.wire.send("GET", target, headers: ["Accept-Encoding": "gzip"])
      #expect(whole.body == bytes && Digest256(of: Data(whole.body)) == study.benchmark.atlas.digest)
      #expect(whole.headers["content-encoding"] == nil && whole.headers["accept-ranges"] == "bytes")
      #expect(whole.headers["cache-control"] == "public, max-age=31536000, immutable")
      let tag = try #require(whole.headers["etag"])
      let ranges: [(String, Range<Int>)] = [
        ("0-0", 0..<1), ("100-70000", 100..<min(70_001, bytes.count)), ("5-", 5..<bytes.count),
        ("-7", bytes.count - 7..<bytes.count), ("0-999999999", 0..<bytes.count),
      ]
      for (range, expected) in ranges {
        let part = try await server.wire.send("GET", target, headers: ["Range": "bytes=\(range)", "If-Range": tag])
        #expect(part.status == 206 && part.body == Array(bytes[expected]), "\(range)")
        #expect(
          part.headers["content-range"] == "bytes \(expected.lowerBound)-\(expected.upperBound - 1)/\(bytes.count)")
      }
      for wrong in ["bytes=5-3", "bytes=a-b", "lines=0-1", "bytes=0-1,3-4", "bytes=99999999999999999999-"] {
        let all = try await server.wire.send("GET", target, headers: ["Range": wrong])
        #expect(all.status == 200 && all.body.count == bytes.count, "\(wrong)")
      }
      let stale = try await server.wire.send("GET", target, headers: ["Range": "bytes=0-1", "If-Range": "\"old\""])
      #expect(stale.status == 200)
      let behind = try await server.wire.send("GET", target, headers: ["Range": "bytes=\(bytes.count)-"])
      #expect(behind.status == 416 && behind.headers["content-range"] == "bytes */\(bytes.count)")
      #expect(try behind.json()["code"] as? String == "server.range")
      let manifest = try await server.wire.send("GET", "/v1/atlases/study/manifest")
      #expect(manifest.body == Array(try Data(contentsOf: URL(fileURLWithPath: study.path + ".manifest.json"))))
    }
  }

  @Test func predictionsAreMeasuredAsEverywhere() async throws {
    let study = StudyAtlas.shared
    try await RunningServer.with([study.path]) { server in
      let entries = try study.entries()
      let lookup = try study.benchmark.lookup(Question(split: .test))
      let truth = try entries.map { try #require(try lookup.value(ofArchitecture: $0.row)) }
      let guesses = truth.enumerated().map { $1 + ($0.isMultiple(of: 3) ? 0.05 : -0.02) }
      let body = """
        {"architectures":[\(entries.map { "\"\($0.canonicalText)\"" }.joined(separator: ","))],
        "predictions":[\(guesses.map(\.description).joined(separator: ","))]}
        """
      let reply = try await server.wire.post("/v1/atlases/study/evaluate?split=test", body)
      let metrics = try #require(try reply.json()["metrics"] as? [String: Double], "\(reply.text)")
      let scale = lookup.card.unit == "fraction" ? 100.0 : 1
      let error = zip(truth, guesses).map { abs($0 - $1) }.reduce(0, +) / Double(truth.count) * scale
      #expect(abs((metrics["mae"] ?? 0) - error) < 1e-9)
      #expect(metrics["kendall"] != nil && metrics["regret_1"] != nil && metrics["coverage_50"] == nil)
      let units = try #require(try reply.json()["units"] as? [String: String])
      #expect(units["mae"] == "percent" && units["kendall"] == "1" && Set(units.keys) == Set(metrics.keys))
      let told = try reply.json()
      #expect(told["metric"] as? String == lookup.metric.name && told["split"] as? String == "test")
      let byPlace = entries.map { "\($0.row - 1)" }.joined(separator: ",")
      let again = try await server.wire.post(
        "/v1/atlases/study/evaluate?split=test",
        "{\"architectures\":[\(byPlace)],\"predictions\":[\(guesses.map(\.description).joined(separator: ","))]}")
      #expect(again.text == reply.text)
      let uneven = try await server.wire.post(
        "/v1/atlases/study/evaluate", "{\"architectures\":[\"\(entries[0].id)\"],\"predictions\":[]}")
      #expect(uneven.status == 422)
      let strange = try await server.wire.post("/v1/atlases/study/evaluate", "{\"architectures\":[],\"guesses\":[]}")
      #expect(strange.status == 400)
    }
  }
}
