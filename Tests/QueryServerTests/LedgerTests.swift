import Benchmarks
import Foundation
import QueryServer
import Records
import Store
import Testing

/// Budgets that outlive the server, and test values that leave only at the end.
@Suite struct LedgerTests {
  private static func folder() -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent("nasatlas-ledgers-\(UUID().uuidString)").path
  }

  private func opened(
    _ server: RunningServer, _ budget: String, _ query: String = "", headers: [String: String] = [:]
  ) async throws -> String {
    let reply = try await server.wire.post("/v1/atlases/study/ledgers\(query)", budget, headers: headers)
    #expect(reply.status == 201, "\(reply.text)")
    let terms = try #require(try reply.json()["terms"] as? [String: Any])
    let id = try #require(terms["id"] as? String)
    #expect(reply.headers["location"] == "/v1/ledgers/\(id)")
    return id
  }

  private func spent(_ reply: Wire.Reply) throws -> [Int] {
    let json = try reply.json()
    let spent = (json["spent"] ?? (json["ledger"] as? [String: Any])?["spent"]) as? [String: Any]
    return ["queries", "epochs"].map { spent?[$0] as? Int ?? -1 }
  }

  @Test func everyAnswerIsChargedOnceAndKept() async throws {
    let study = StudyAtlas.shared
    let folder = Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let texts = try study.entries().map(\.canonicalText)
    let id = try await RunningServer.with([study.path], ["state-folder": folder]) { server in
      let id = try await opened(server, #"{"queries": 3, "epochs": 100}"#, "?seed=1")
      let ask = "/v1/ledgers/\(id)/ask"
      let first = try await server.wire.post(ask, "{\"architecture\":\"\(texts[0])\",\"epoch\":\"2\"}")
      #expect(try spent(first) == [1, 2])
      let own = try study.benchmark.lookup(Question(epoch: .number(2), seeds: .one(.recorded(1))))
      let answer = try #require(try first.json()["answer"] as? [String: Any])
      #expect(answer["value"] as? Double == (try own.value(ofArchitecture: study.entries()[0].row)))
      // Again is free; further is charged for what is new.
      #expect(try await spent(server.wire.post(ask, "{\"architecture\":\"\(texts[0])\",\"epoch\":\"2\"}")) == [1, 2])
      #expect(try await spent(server.wire.post(ask, "{\"architecture\":\"\(texts[0])\",\"epoch\":\"5\"}")) == [2, 5])
      return id
    }
    // The end of a line that was never answered is cut off.
    let journal = try FileHandle(forWritingTo: URL(fileURLWithPath: folder + "/\(id).ledger"))
    try journal.seekToEnd()
    try journal.write(contentsOf: Data("0badf00d {\"asked\"".utf8))
    try journal.close()
    try await RunningServer.with([study.path], ["state-folder": folder]) { server in
      let read = try await server.wire.send("GET", "/v1/ledgers/\(id)")
      #expect(try spent(read) == [2, 5])
      let ask = "/v1/ledgers/\(id)/ask"
      #expect(try await spent(server.wire.post(ask, "{\"architecture\":\"\(texts[0])\",\"epoch\":\"5\"}")) == [2, 5])
      #expect(try await spent(server.wire.post(ask, "{\"architecture\":\"\(texts[1])\",\"epoch\":\"1\"}")) == [3, 6])
      let over = try await server.wire.post(ask, "{\"architecture\":\"\(texts[2])\"}")
      #expect(over.status == 409)
      #expect(try over.json()["code"] as? String == "oracles.budget_queries")
      let history = try await server.wire.send("GET", "/v1/ledgers/\(id)/history").json()["answers"] as? [[String: Any]]
      #expect(history?.map { $0["architecture"] as? String } == [texts[0], texts[0], texts[1]])
      #expect(history?.compactMap { ($0["spent"] as? [String: Any])?["epochs"] as? Int } == [2, 5, 6])
    }
  }

  @Test func closingTellsTheRegretOfTheChoiceAlone() async throws {
    let study = StudyAtlas.shared
    let folder = Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let settings = ["state-folder": folder, "token-file": try StudyAtlas.tokenFile("writer")]
    try await RunningServer.with([], sealed: [study.path], settings) { server in
      let token = ["Authorization": "Bearer writer"]
      func post(_ target: String, _ json: String) async throws -> Wire.Reply {
        try await server.wire.post(target, json, headers: token)
      }
      let entries = try study.entries()
      let id = try await opened(server, #"{"epochs": 1000}"#, headers: token)
      for entry in entries.prefix(3) {
        let reply = try await post("/v1/ledgers/\(id)/ask", "{\"architecture\":\"\(entry.id)\"}")
        #expect(reply.status == 200)
      }
      let stranger = try await post("/v1/ledgers/\(id)/close", "{\"incumbent\":\"\(entries[9].id)\"}")
      #expect(stranger.status == 409)
      #expect(try stranger.json()["code"] as? String == "server.not_asked")
      let closed = try await post("/v1/ledgers/\(id)/close", "{\"incumbent\":\"\(entries[1].id)\"}")
      let report = try #require(try closed.json()["report"] as? [String: Any])
      for (name, split) in [("asked", Split.validation), ("test", .test)] {
        let lookup = try study.benchmark.lookup(Question(split: split))
        let value = try #require(try lookup.value(ofArchitecture: entries[1].row))
        let best = try study.benchmark.top(1, lookup).places[0].value
        let outcome = try #require(report[name] as? [String: Double])
        #expect(outcome == ["value": value, "best": best, "regret": best - value])
      }
      let late = try await post("/v1/ledgers/\(id)/ask", "{\"architecture\":\"\(entries[5].id)\"}")
      #expect(late.status == 409)
      #expect(try late.json()["code"] as? String == "server.ledger_closed")
      let again = try await post("/v1/ledgers/\(id)/close", "{\"incumbent\":\"\(entries[1].id)\"}")
      #expect(again.body == closed.body)
      let other = try await post("/v1/ledgers/\(id)/close", "{\"incumbent\":\"\(entries[2].id)\"}")
      #expect(other.status == 409)
    }
  }

  @Test func aLedgerHasABudgetOrSaysThatItHasNone() async throws {
    let study = StudyAtlas.shared
    let folder = Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await RunningServer.with([study.path], ["state-folder": folder]) { server in
      let members = ["queries", "epochs", "simulatedTrainingSeconds", "unlimited"]
      for (budget, code) in [
        ("{}", "server.no_budget"), (#"{"unlimited":false}"#, "server.no_budget"),
        (#"{"unlimited":true,"queries":3}"#, "server.contradiction"),
      ] {
        let reply = try await server.wire.post("/v1/atlases/study/ledgers", budget)
        #expect(reply.status == 422)
        #expect(try reply.json()["code"] as? String == code)
        #expect(try reply.json()["allowed"] as? [String] == members)
      }
      let id = try await opened(server, #"{"unlimited":true}"#)
      // By place, and free when it is asked again by text.
      let first = try await server.wire.post("/v1/ledgers/\(id)/ask", #"{"architecture":4}"#)
      let again = try await server.wire.post(
        "/v1/ledgers/\(id)/ask", "{\"architecture\":\"\(try study.entries()[4].canonicalText)\"}")
      #expect(try spent(first) == spent(again) && spent(first)[0] == 1)
      let report = try await server.wire.post("/v1/ledgers/\(id)/close", #"{"incumbent":4}"#)
      #expect(report.status == 200)
    }
  }

  @Test func writingNeedsATokenWhereThereIsAFile() async throws {
    let study = StudyAtlas.shared
    let folder = Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let tokens = study.folder.appendingPathComponent("writers").path
    try "\(Digest256(of: "writer").hex)\n".write(toFile: tokens, atomically: true, encoding: .utf8)
    try await RunningServer.with([study.path], ["state-folder": folder, "token-file": tokens]) { server in
      let refused = try await server.wire.post("/v1/atlases/study/ledgers", "{\"unlimited\":true}")
      #expect(refused.status == 401)
      #expect(try await server.wire.send("GET", "/v1/atlases").status == 200)
      let opened = try await server.wire.post(
        "/v1/atlases/study/ledgers", "{\"unlimited\":true}", headers: ["Authorization": "Bearer writer"])
      #expect(opened.status == 201)
      // One folder has one server.
      await #expect(throws: ServerError.self) {
        try await RunningServer.with([study.path], ["state-folder": folder]) { _ in }
      }
    }
    try await RunningServer.with([study.path]) { server in
      let none = try await server.wire.post("/v1/atlases/study/ledgers", "{\"unlimited\":true}")
      #expect(none.status == 404)
      #expect(try none.json()["code"] as? String == "server.no_ledgers")
    }
  }
}
