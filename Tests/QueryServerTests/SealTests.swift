import Benchmarks
import Foundation
import QueryServer
import Records
import Store
import Testing

/// No operation tells a test value of a sealed atlas.
@Suite struct SealTests {
  /// The spellings in JSON of all test values of the study, runs and means, at every epoch.
  private func secrets() throws -> Set<String> {
    let benchmark = StudyAtlas.shared.benchmark
    var numbers: Set<Double> = []
    for setting in benchmark.atlas.settings {
      try benchmark.atlas.forEachRecord(in: setting) { _, record in
        for curve in record.curves where curve.split == .test { numbers.formUnion(curve.values) }
      }
      for metric in ["accuracy", "loss", "roc_auc", "macro_f1"] {
        for epoch in [EpochChoice.best, .last] {
          let lookup = try benchmark.lookup(Question(metric: Metric(metric), split: .test, epoch: epoch))
          for row in setting.spaceRows { if let mean = try lookup.value(ofArchitecture: row) { numbers.insert(mean) } }
        }
      }
    }
    // Values that other splits have as well are no secret.
    for setting in benchmark.atlas.settings {
      try benchmark.atlas.forEachRecord(in: setting) { _, record in
        for curve in record.curves where curve.split != .test { numbers.subtract(curve.values) }
      }
    }
    return Set(numbers.map(\.description))
  }

  @Test func noOperationTellsATestValue() async throws {
    let study = StudyAtlas.shared
    let secrets = try secrets()
    #expect(secrets.count > 500)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("seal-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let entries = try study.entries()
    let paths = try #require(try Self.paths())
    let settings = ["state-folder": folder, "token-file": try StudyAtlas.tokenFile("writer")]
    let token = ["Authorization": "Bearer writer"]
    try await RunningServer.with([], sealed: [study.path], settings) { server in
      let opened = try await server.wire.post("/v1/atlases/study/ledgers", "{\"unlimited\":true}", headers: token)
      let ledger = try #require((try opened.json()["terms"] as? [String: Any])?["id"] as? String)
      let asked = try await server.wire.post(
        "/v1/ledgers/\(ledger)/ask", "{\"architecture\":\"\(entries[0].id)\"}", headers: token)
      #expect(asked.status == 200)
      var (answers, refusals) = (0, 0)
      for (path, methods) in paths {
        let target =
          path.replacing("{atlas}", with: "study").replacing("{space}", with: "seqnas")
          .replacing("{quantity}", with: "0").replacing("{ledger}", with: ledger).replacing(
            "{architecture}", with: "\(entries[0].id)")
        for method in methods {
          for query in Self.queries(path, method, entries[0]) {
            for body in Self.bodies(path, method, entries) {
              for accept in ["*/*", "application/x-ndjson"] {
                let reply = try await server.wire.send(
                  method, target + query,
                  headers: token.merging(["Accept": accept, "Content-Type": body.type]) { $1 }, body: body.bytes)
                if reply.status < 300 { answers += 1 } else { refusals += 1 }
                let name = Comment(rawValue: "\(method) \(target)\(query) → \(reply.status)")
                if body.type == "application/vnd.nasatlas.batch", reply.status == 200 {
                  let numbers = reply.body.withUnsafeBytes { bytes in
                    (0..<bytes.count / 8).map {
                      Double(bitPattern: bytes.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)).description
                    }
                  }
                  #expect(secrets.isDisjoint(with: numbers), name)
                } else {
                  let words = reply.text.split { !"0123456789.e-+".contains($0) }.map(String.init)
                  #expect(secrets.isDisjoint(with: words), name)
                }
                #expect(reply.status < 500, name)
              }
            }
          }
        }
      }
      #expect(answers > 60 && refusals > 60)
      let file = try await server.wire.send("GET", "/v1/atlases/study/file")
      #expect(file.status == 403)
      #expect(try file.json()["code"] as? String == "server.sealed")
    }
  }

  @Test func openAtlasesTellThem() async throws {
    // Else the test above would pass for a server that tells nothing.
    let study = StudyAtlas.shared
    let secrets = try secrets()
    try await RunningServer.with([study.path]) { server in
      for target in ["top?split=test", "export", "curve?split=test&architecture=\(try study.entries()[0].id)"] {
        let reply = try await server.wire.send("GET", "/v1/atlases/study/\(target)")
        let words = Set(reply.text.split { !"0123456789.e-+".contains($0) }.map(String.init))
        #expect(!secrets.isDisjoint(with: words), "\(target)")
      }
    }
  }

  /// Paths and methods, from the description of the interface.
  private static func paths() throws -> [(String, [String])]? {
    guard case .object(let document) = OpenAPI.document, case .object(let paths)? = document["paths"] else {
      return nil
    }
    return paths.sorted { $0.key < $1.key }.compactMap { path, operations in
      guard case .object(let methods) = operations, !path.hasSuffix("/close") else { return nil }
      return (path, methods.keys.sorted().map { $0.uppercased() })
    }
  }

  /// Nothing, and everything that speaks of test values.
  private static func queries(_ path: String, _ method: String, _ entry: ArchitectureEntry) -> [String] {
    let own =
      path.hasSuffix("value") || path.hasSuffix("answer") || path.hasSuffix("curve") || path.hasSuffix("neighbors")
    let base = own ? "architecture=\(entry.id)" : ""
    let extra = [
      "", "split=test", "split=valtest", "split=test&epoch=3", "split=test&seed=1", "metric=loss&split=test",
      "where=\(encoded("accuracy.test > 0.5"))", "where=\(encoded("score_test > 0.5"))", "show=accuracy.test",
      "show=score_test", "field=accuracy.test", "field=epochs&field=score_test", "field=accuracy.validation",
      "by=accuracy.test", "by=score_test:max", "objective=accuracy.test",
      "objective=accuracy.validation&objective=score_test", "predict=true&split=test", "space=seqnas&split=test",
      "dataset=synthetic-events", "count=30",
    ]
    return extra.map { part in
      let query = [base, part].filter { !$0.isEmpty }.joined(separator: "&")
      return query.isEmpty ? "" : "?" + query
    }
  }

  private static func bodies(
    _ path: String, _ method: String, _ entries: [ArchitectureEntry]
  ) -> [(type: String, bytes: [UInt8])] {
    guard method == "POST" else { return [("text/plain", [])] }
    let list = entries.map { "\"\($0.id)\"" }.joined(separator: ",")
    let zeros = entries.map { _ in "0" }.joined(separator: ",")
    let texts: [String]
    switch path.split(separator: "/").last ?? "" {
    case "values", "fields": texts = ["{\"architectures\":[\(list)]}"]
    // One alone has its value as the regret's other side.
    case "evaluate":
      texts = [
        "{\"architectures\":[\(list)],\"predictions\":[\(zeros)]}",
        "{\"architectures\":[\"\(entries[0].id)\"],\"predictions\":[0]}",
      ]
    case "ask":
      texts = ["{\"architecture\":\"\(entries[0].id)\"}", "{\"architecture\":\"\(entries[1].id)\",\"epoch\":\"3\"}"]
    default: texts = ["{}"]
    }
    let places = entries.flatMap { entry in withUnsafeBytes(of: UInt32(entry.row - 1).littleEndian) { Array($0) } }
    return texts.map { ("application/json", Array($0.utf8)) } + [("application/vnd.nasatlas.batch", places)]
  }
}
