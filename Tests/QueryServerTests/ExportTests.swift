import Benchmarks
import Evaluation
import Foundation
import Records
import Store
import TestSupport
import Testing

/// Whole atlases: as lines, as files; and predictions beside them.
@Suite struct ExportTests {
  /// Three spaces, measurements, curves, several seeds, ragged runs and cards of all kinds.
  @Test func anExportMakesTheSameAtlas() async throws {
    let folder = try Folder()
    let study = SyntheticStudy(seed: 3, architectures: 9, seedsPerArchitecture: 2, epochs: 4, hasProxy: true)
    let journal = folder.file("study.journal")
    try study.journal().write(to: URL(fileURLWithPath: journal))
    let grid = folder.file("grid.ndjson")
    try Data(Self.grid.utf8).write(to: URL(fileURLWithPath: grid))
    let lines = SecretAtlas.shared.folder.appendingPathComponent("secret.ndjson").path
    let working = try WorkingStore(path: folder.file("working.sqlite"))
    try working.ingest(files: [journal, lines, grid], reading: CatalogueReader())
    let path = folder.file("mixed.atlas")
    let manifest = try working.publish(to: path, title: "Mixed")
    #expect(manifest.tables.allSatisfy { $0.rows > 0 })
    let atlas = try Atlas(path: path)
    #expect(atlas.spaces.count == 3 && atlas.quantities.count > 13 && atlas.settings.count == 4)
    try await checkExport(of: path)
  }

  /// NASATLAS_SLOW=1 OPENBLAS_NUM_THREADS=1 OPENBLAS_CORETYPE=Haswell swift test -c release \
  ///   --filter exportsOfPublishedTablesMakeTheSameAtlases
  @Test(.enabled(if: ProcessInfo.processInfo.environment["NASATLAS_SLOW"] == "1", "set NASATLAS_SLOW=1"))
  func exportsOfPublishedTablesMakeTheSameAtlases() async throws {
    let environment = ProcessInfo.processInfo.environment
    let cache = (environment["XDG_CACHE_HOME"] ?? (environment["HOME"] ?? "") + "/.cache") + "/nasatlas"
    let built = (try? FileManager.default.contentsOfDirectory(atPath: cache + "/benchmarks")) ?? []
    if built.isEmpty { print("\(cache)/benchmarks has no atlases; tools/setup --benchmarks builds them") }
    for path in [StudyAtlas.cells]
      + built.filter({ $0.hasSuffix(".atlas") }).sorted().map({ "\(cache)/benchmarks/\($0)" })
    {
      try await checkExport(of: path)
    }
  }

  /// Part of an atlas has the measurements of that part.
  @Test func anExportOfOneSettingHasItsMeasurements() async throws {
    try await RunningServer.with([SecretAtlas.shared.path]) { server in
      func quantities(_ query: String) async throws -> Set<String> {
        let text = try await server.wire.send("GET", "/v1/atlases/secret/export\(query)").text
        return Set(
          try text.split(separator: "\n").compactMap { line in
            let entry = try JSONDecoder().decode(JSONValue.self, from: Data(line.utf8))
            guard case .object(let members) = entry, case .object(let measurement)? = members["measurement"],
              case .string(let name)? = measurement["quantity"]
            else { return nil }
            return name
          })
      }
      let all = try await quantities("")
      #expect(all.count == 12)
      #expect(try await quantities("?dataset=cifar10") == all.subtracting(["top1"]))
      #expect(try await quantities("?dataset=cifar100") == all.subtracting(["top1", "accuracy"]))
    }
  }

  /// The export of an atlas, ingested into a fresh working file and published, has the tables of the atlas.
  private func checkExport(of path: String) async throws {
    let folder = try Folder()
    let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    let lines = folder.file("export.ndjson")
    try await RunningServer.with([path]) { server in
      let reply = try await server.wire.download("/v1/atlases/\(name)/export", to: lines)
      #expect(reply.status == 200)
    }
    let working = try WorkingStore(path: folder.file("working.sqlite"))
    try working.ingest(files: [lines], reading: CatalogueReader())
    let again = try working.publish(to: folder.file("again.atlas"), title: Atlas(path: path).title)
    let own = try AtlasManifest.read(path + ".manifest.json")
    #expect(own.tables.map(\.name) == again.tables.map(\.name) && own.tables.map(\.rows) == again.tables.map(\.rows))
    for (left, right) in zip(own.tables, again.tables) {
      #expect(left.digest == right.digest, "\(name): the rows of \(left.name) differ")
    }
  }

  /// The costs that people ask for first are the axis of the chart and the first columns, whatever else was recorded.
  @Test func pagesShowTheUsualCostsFirst() async throws {
    let folder = try Folder()
    let lines = folder.file("costs.ndjson")
    let runs = Self.grid.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("{\"measurement\"") }.map {
      $0.replacing("\"source\":\"sweep\",\"origin\"", with: Self.costs + ",\"source\":\"sweep\",\"origin\"")
    }
    let cards = [
      Self.card, #"{"metric":{"name":"accuracy_percent","unit":"percent","largerIsBetter":true,"meaning":"m"}}"#,
    ]
    try Data(((cards + runs).joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: lines))
    let working = try WorkingStore(path: folder.file("costs.sqlite"))
    try working.ingest(files: [lines], reading: CatalogueReader())
    try working.publish(to: folder.file("costs.atlas"), title: "Costs")
    try await RunningServer.with([folder.file("costs.atlas")]) { server in
      let chart = try await server.wire.send("GET", "/atlases/costs/charts/trade-off")
      #expect(chart.status == 200 && chart.text.contains("\"FLOPs"), "\(chart.text.prefix(300))")
      func header(_ more: String) async throws -> String {
        let table = try await server.wire.send("GET", "/atlases/costs/table.csv?page=1\(more)")
        return String(table.text.prefix { $0 != "\n" })
      }
      let first = "rank,architecture,accuracy_percent.validation"
      #expect(try await header("") == first + ",accuracy_percent.train,blocks,flops,train_seconds")
      let chosen = ["latency_milliseconds[batch=1]", "energy_joules"].map { "&show=" + encoded($0) }.joined()
      #expect(try await header(chosen) == first + ",energy_joules,latency_milliseconds[batch=1]")
    }
  }

  private static let card =
    #"{"dataset":{"name":"cifar10","title":"Images","task":"classification","splitMeaning":"made up","#
    + #""primaryMetric":"accuracy_percent"}}"#
  private static let costs =
    "\"counts\":{\"flops\":5000,\"blocks\":2},"
    + "\"costs\":{\"total\":{\"energy_joules\":2.5,\"latency_milliseconds[batch=1]\":0.5}}"

  /// A space that its card defines, listed epochs, seeds without numbers and measurements of odd numbers.
  private static let grid = """
    {"source":{"name":"sweep","title":"A sweep","origin":"made up","citation":"none"}}
    {"space":{"name":"widths","kind":"grid","parameters":[{"name":"a","kind":"ordinal","values":[1,2,3]},\
    {"name":"b","kind":"ordinal","values":[0.1,0.5]}]}}
    {"measurement":{"space":"widths","architecture":"a=1,b=0.5","quantity":"energy","unit":"joule","value":0.30000000000000004,\
    "source":"sweep","split":"validation"}}
    {"measurement":{"space":"widths","architecture":"a=2,b=0.1","quantity":"energy","unit":"joule","value":-0.0,\
    "source":"sweep","split":"validation","costSeconds":2.5}}
    {"measurement":{"space":"widths","architecture":"a=2,b=0.1","quantity":"memory","unit":"byte","value":5e-324}}
    {"protocol":{"name":"short","settings":{"epochs":3}}}
    {"run":{"key":{"space":"widths","architecture":"a=3,b=0.1","dataset":"cifar10","protocol":"short","seed":{"meanOf":3}},\
    "curves":[{"metric":"accuracy_percent","split":"validation","values":[11.5,12.25],"at":[10,200]}],"source":"sweep",\
    "origin":{"kind":"search","arm":"tpe","step":4},"attributes":{"rates":[0.1,null],"share":-0.0,"odd":"inf"}}}
    {"run":{"key":{"space":"widths","architecture":"a=3,b=0.5","dataset":"cifar10","protocol":"short",\
    "seed":18446744073709551615},"status":"timed_out","statusDetail":"an hour","curves":[{"metric":"accuracy_percent","split":"train","values":[13.5]}],"costs":{"total":\
    {"evaluation_seconds":1.5,"energy_joules":0.5},"perEpoch":{"train_seconds":[1.25],"concurrent_trainers":[2]}},"teachers":["\(Digest256(of: "t"))"]}}

    """

  private final class Folder {
    private let url: URL

    init() throws {
      url = FileManager.default.temporaryDirectory.appendingPathComponent("nasatlas-export-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func file(_ name: String) -> String { url.appendingPathComponent(name).path }
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
