import Benchmarks
import Foundation
import QueryServer
import Records
import Store
import Testing

/// A sealed atlas keeps its test values: no route, page, chart, table, export, filter, order, error text, header or
/// download tells one before a ledger is closed.
@Suite struct SealTests {
  private let atlas = SecretAtlas.shared
  /// Ledgers of a sealed atlas need a token.
  private static let token = SealWalk.token
  private let finder = SecretFinder(SecretAtlas.shared.secrets)

  /// Every operation of the interface with every parameter that it has, and every page that a page links to.
  @Test func nothingTellsASecret() async throws {
    try await withSealed { server, walk in
      let operations = try SealWalk.operations(atlas)
      #expect(operations.count > 1_000)
      try await Wire.away {
        for request in operations { try walk.ask(request, on: server.wire) }
        try walk.crawl(from: "/", on: server.wire)
      }
      let walk = walk.result
      #expect(walk.told.isEmpty, "\(walk.told.count) tell: \(walk.told.prefix(20).joined(separator: "\n"))")
      #expect(walk.failed.isEmpty, "\(walk.failed.prefix(20).joined(separator: "\n"))")
      #expect(walk.answers > 300 && walk.refusals > 300, "\(walk.answers) answers, \(walk.refusals) refusals")
      #expect(walk.pages.count > 15, "\(walk.pages.sorted())")
      for page in [
        "architecture", "compare", "surrogates", "table.csv", "table.json", "charts/distribution", "charts/splits",
      ] {
        #expect(walk.pages.contains { $0.hasPrefix("/atlases/secret/\(page)") }, "no link leads to \(page)")
      }
      for part in ["/file", "/export", "/manifest", "/top", "/quantities/0", "/history"] {
        #expect(walk.asked.contains { $0.contains(part) }, "\(part) was not asked")
      }
    }
  }

  /// An order or a filter would tell a secret by halving, whatever the field is called.
  @Test func everySpellingOfAWithheldFieldIsRefused() async throws {
    let scores = SecretAtlas.withheldScores.map { ("cifar100", $0) }
    let fields = SecretAtlas.withheld.flatMap { [("cifar10", $0), ("cifar100", $0)] } + scores
    try await withSealed { server, _ in
      let setting = "&setting="
      for (dataset, field) in fields {
        let name = SealWalk.encoded(field)
        let above = SealWalk.encoded("\(field) > 95")
        let api = [
          "top?by=\(name)", "top?by=\(name):max", "top?show=\(name)", "top?where=\(above)", "pareto?objective=\(name)",
          "pareto?objective=parameters&where=\(above)", "pareto?objective=parameters&objective=\(name):max",
        ]
        for target in api {
          let reply = try await server.wire.send("GET", "/v1/atlases/secret/\(target)&dataset=\(dataset)")
          let code = try reply.json()["code"] as? String
          #expect(reply.status == 403 && code == "server.sealed", "\(dataset) \(target): \(reply.text)")
        }
        let fields = try await server.wire.post(
          "/v1/atlases/secret/fields?field=\(name)&dataset=\(dataset)", "{\"architectures\":[0]}")
        #expect(fields.status == 403, "\(dataset) \(field): \(fields.text)")
        for page in ["", "/table.csv", "/table.json", "/charts/trade-off"] {
          for query in [
            "sort=\(name)", "sort=\(name)&order=reversed", "where=\(above)", "against=\(name)", "show=\(name)",
          ] {
            let target = "/atlases/secret\(page)?\(query)\(setting)\(SealWalk.encoded("\(dataset) under short"))"
            let reply = try await server.wire.send("GET", target)
            #expect(reply.status == 403, "\(target): \(reply.status) \(reply.text.prefix(300))")
          }
        }
      }
    }
  }

  @Test func whatIsNoTestValueIsShown() async throws {
    try await withSealed { server, _ in
      for field in SecretAtlas.shown {
        let name = SealWalk.encoded(field)
        for target in [
          "top?by=\(name)", "top?show=\(name)", "top?where=\(SealWalk.encoded("\(field) > 0"))",
          "pareto?objective=\(name)",
        ] {
          let reply = try await server.wire.send("GET", "/v1/atlases/secret/\(target)&dataset=cifar10")
          #expect(reply.status == 200, "\(target): \(reply.text)")
        }
      }
      // `score_validation` is a validation value where the metric of the score is no secret.
      let score = try await server.wire.send("GET", "/v1/atlases/secret/top?show=score_validation&dataset=cifar10")
      #expect(score.status == 200, "\(score.text)")
      let names = try await server.wire.send("GET", "/v1/atlases/secret").json()["quantities"] as? [[String: Any]]
      for (number, quantity) in (names ?? []).enumerated() {
        let reply = try await server.wire.send("GET", "/v1/atlases/secret/quantities/\(number)")
        let name = quantity["name"] as? String ?? ""
        let split = (quantity["conditions"] as? [String: String])?["split"]
        let isShown = ["latency", "latest", "holdout_check"].contains(name) || name == "share" && split == "validation"
        #expect(reply.status == (isShown ? 200 : 403), "\(quantity)")
      }
      #expect(names?.count == 13)
    }
  }

  /// Else the tests above would pass for a finder that finds nothing, and for a server that tells nothing.
  @Test func anOpenAtlasTellsEverySecret() async throws {
    let planted = atlas.planted
    try await RunningServer.with([atlas.path]) { server in
      let export = try await server.wire.send("GET", "/v1/atlases/secret/export").text
      #expect(finder.found(in: export).isSuperset(of: planted))
      for (secret, text) in planted.prefix(50).map({
        (
          $0,
          [
            "\($0)", String(format: "%.4f", $0), String(format: "%.8f", $0 / 100), String(format: "%.9e", $0),
            String($0.bitPattern, radix: 16), "\($0.bitPattern)",
          ]
        )
      }) {
        for spelling in text { #expect(!finder.found(in: "a \(spelling), b").isEmpty, "\(secret) as \(spelling)") }
      }
      for field in SecretAtlas.withheld where !field.hasPrefix("attribute.") {
        let by = try await server.wire.send(
          "GET", "/v1/atlases/secret/top?by=\(SealWalk.encoded(field))&dataset=cifar10")
        #expect(by.status == 200 && !finder.found(in: by.text).isEmpty, "\(field): \(by.text)")
      }
      let file = try await server.wire.send("GET", "/v1/atlases/secret/file")
      #expect(file.status == 200)
      let places = [UInt8](repeating: 0, count: 4)
      let batch = try await server.wire.send(
        "POST", "/v1/atlases/secret/values?split=test&dataset=cifar10",
        headers: ["Content-Type": "application/vnd.nasatlas.batch"], body: places)
      #expect(batch.status == 200 && finder.isTold(by: batch.body))
    }
  }

  @Test func aClosedLedgerTellsTheTestValueOfItsChoiceAlone() async throws {
    try await withSealed { server, _ in
      let opened = try await server.wire.post(
        "/v1/atlases/secret/ledgers?dataset=cifar10", "{\"unlimited\":true}", headers: Self.token)
      let ledger = try #require((try opened.json()["terms"] as? [String: Any])?["id"] as? String)
      let (text, test) = try #require(atlas.architectures.first)
      _ = try await server.wire.post("/v1/ledgers/\(ledger)/ask", "{\"architecture\":\"\(text)\"}", headers: Self.token)
      let closed = try await server.wire.post(
        "/v1/ledgers/\(ledger)/close", "{\"incumbent\":\"\(text)\"}", headers: Self.token)
      let report = try #require(try closed.json()["report"] as? [String: Any], "\(closed.text)")
      #expect((report["test"] as? [String: Any])?["value"] as? Double == test)
      let best = try #require(atlas.architectures.map(\.test).max())
      #expect(finder.found(in: closed.text).subtracting([test, best]).isEmpty, "\(closed.text)")
    }
  }

  /// Where values leave only through ledgers, no operation and no page shows one of any split, and a ledger gives it.
  @Test func valuesLeaveOnlyThroughLedgers() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("seal-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let values = try SecretAtlas.allValues(atlas.path)
    #expect(values.subtracting(atlas.secrets).count > 100)
    let finder = SecretFinder(atlas.secrets.union(values))
    let text = try #require(atlas.architectures.first?.text)
    try await RunningServer.with([], ledgersOnly: [atlas.path], try Self.settings(folder)) { server in
      let walk = SealWalk(finder, ledger: "none")
      let operations = try SealWalk.operations(atlas).filter { !$0.target.contains("{ledger}") }
      try await Wire.away {
        for request in operations { try walk.ask(request, on: server.wire) }
        try walk.crawl(from: "/", on: server.wire)
      }
      let result = walk.result
      #expect(result.told.isEmpty, "\(result.told.count) tell: \(result.told.prefix(20).joined(separator: "\n"))")
      #expect(result.failed.isEmpty, "\(result.failed.prefix(20).joined(separator: "\n"))")
      #expect(result.answers > 100 && result.refusals > 300, "\(result.answers) answers, \(result.refusals) refusals")
      let value = try await server.wire.send(
        "GET", "/v1/atlases/secret/value?dataset=cifar10&architecture=\(SealWalk.encoded(text))")
      let code = try value.json()["code"] as? String
      #expect(value.status == 403 && code == "server.sealed", "\(value.text)")
      let latency = try await server.wire.send("GET", "/v1/atlases/secret/top?dataset=cifar10&by=latency%5Braspi4%5D")
      #expect(latency.status == 200, "\(latency.text)")

      let opened = try await server.wire.post(
        "/v1/atlases/secret/ledgers?dataset=cifar10", "{\"queries\":1}", headers: Self.token)
      let ledger = try #require((try opened.json()["terms"] as? [String: Any])?["id"] as? String, "\(opened.text)")
      let asked = try await server.wire.post(
        "/v1/ledgers/\(ledger)/ask", "{\"architecture\":\"\(text)\"}", headers: Self.token)
      let answer = try #require(try asked.json()["answer"] as? [String: Any], "\(asked.text)")
      #expect(try values.contains(#require(answer["value"] as? Double)))
      let more = try await server.wire.post(
        "/v1/ledgers/\(ledger)/ask", "{\"architecture\":\"\(atlas.architectures[1].text)\"}", headers: Self.token)
      #expect(more.status == 409 || more.status == 402 || more.status == 403, "\(more.status)")
      let test = try await server.wire.post(
        "/v1/atlases/secret/ledgers?dataset=cifar10&split=test", "{\"queries\":1}", headers: Self.token)
      #expect(test.status == 403, "\(test.text)")
    }
  }

  /// A ledger that was opened before its atlas was sealed keeps what it was answered.
  @Test func aLedgerOfTestValuesIsSealedWithItsAtlas() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("seal-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let text = try #require(atlas.architectures.first?.text)
    let ledger = try await RunningServer.with([atlas.path], try Self.settings(folder)) { server in
      let opened = try await server.wire.post(
        "/v1/atlases/secret/ledgers?dataset=cifar10&split=test", "{\"unlimited\":true}", headers: Self.token)
      let id = try #require((try opened.json()["terms"] as? [String: Any])?["id"] as? String)
      let asked = try await server.wire.post(
        "/v1/ledgers/\(id)/ask", "{\"architecture\":\"\(text)\"}", headers: Self.token)
      #expect(!finder.found(in: asked.text).isEmpty)
      return id
    }
    try await RunningServer.with([], sealed: [atlas.path], try Self.settings(folder)) { server in
      for target in ["/v1/ledgers/\(ledger)", "/v1/ledgers/\(ledger)/history", "/ledgers/\(ledger)"] {
        let reply = try await server.wire.send("GET", target)
        #expect(reply.status == 403 && finder.found(in: reply.text).isEmpty, "\(target): \(reply.text.prefix(300))")
      }
    }
  }

  @Test func servingTheSameFileOpenAndSealedIsWarnedOf() throws {
    let copy = atlas.folder.appendingPathComponent("open-\(UUID().uuidString).atlas").path
    try FileManager.default.createSymbolicLink(atPath: copy, withDestinationPath: atlas.path)
    try FileManager.default.copyItem(atPath: atlas.path + ".manifest.json", toPath: copy + ".manifest.json")
    let log = RecordedLog()
    try AtlasShelf(paths: [copy], sealed: [atlas.path]).warnOfBrokenSeals(log.logger)
    #expect(log.lines.count == 1 && log.lines[0].contains("secret is sealed"), "\(log.lines)")
    try AtlasShelf(paths: [StudyAtlas.shared.path], sealed: [atlas.path]).warnOfBrokenSeals(log.logger)
    #expect(log.lines.count == 1)
  }

  private static func settings(_ folder: String) throws -> [String: String] {
    ["state-folder": folder, "token-file": try StudyAtlas.tokenFile("writer")]
  }

  private func withSealed(
    _ body: @escaping @Sendable (RunningServer, SealWalk) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("seal-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let text = try #require(atlas.architectures.first?.text)
    try await RunningServer.with([], sealed: [atlas.path], try Self.settings(folder)) { server in
      let opened = try await server.wire.post(
        "/v1/atlases/secret/ledgers?dataset=cifar10", "{\"unlimited\":true}", headers: Self.token)
      let ledger = try #require((try opened.json()["terms"] as? [String: Any])?["id"] as? String, "\(opened.text)")
      _ = try await server.wire.post("/v1/ledgers/\(ledger)/ask", "{\"architecture\":\"\(text)\"}", headers: Self.token)
      try await body(server, SealWalk(finder, ledger: ledger))
    }
  }
}
