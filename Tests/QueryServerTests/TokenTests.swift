import Foundation
import QueryServer
import Records
import Testing

/// Tokens end with their day, and the file is read anew with the atlases.
@Suite struct TokenTests {
  private static func day(_ offset: Double) -> String {
    Date(timeIntervalSinceNow: offset * 86_400).formatted(.iso8601.year().month().day())
  }

  @Test func tokensEndAndAreReadAnew() async throws {
    let path = StudyAtlas.shared.folder.appendingPathComponent("tokens-\(UUID().uuidString)").path
    @Sendable func write(_ lines: [String]) throws {
      try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    }
    let (one, two) = (Digest256(of: "one").hex, Digest256(of: "two").hex)
    try write(["# of the tests", "", "\(one)\tuntil \(Self.day(0)) for today", "\(two) until \(Self.day(-1))"])
    try await RunningServer.with(
      [StudyAtlas.shared.path], ["token-file": path, "reading-needs-token": "true"]
    ) { server in
      func statuses() async throws -> [Int] {
        var found: [Int] = []
        for token in ["one", "two"] {
          let reply = try await server.wire.send("GET", "/v1/atlases", headers: ["Authorization": "Bearer \(token)"])
          found.append(reply.status)
        }
        return found
      }
      #expect(try await statuses() == [200, 401])
      try write(["\(two) without an end"])
      let renewed = try await server.admin.send("POST", "/renew").json()["tokens"] as? [String: Any]
      #expect(renewed?["count"] as? Int == 1)
      #expect(try await statuses() == [401, 200])
      // A file with a mistake leaves the old tokens in place.
      for wrong in ["\(one) until soon", "\(one) until", "\(one) until 2027-02-30", "secret"] {
        try write([two, wrong])
        let reply = try await server.admin.send("POST", "/renew").json()["tokens"] as? [String: Any]
        #expect(reply?["count"] == nil && (reply?["failure"] as? String)?.contains("line 2") == true, "\(wrong)")
        #expect(try await statuses() == [401, 200])
      }
    }
  }

  /// Whoever sets a token file wants nobody else to write, also where no token in it is valid any more.
  @Test func aFileWithoutValidTokensLetsNobodyWrite() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tokens-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = StudyAtlas.shared.folder.appendingPathComponent("tokens-\(UUID().uuidString)").path
    let ended = "\(Digest256(of: "one").hex) until \(Self.day(-1))\n"
    for text in ["", "# all revoked\n", "\n\n", ended] {
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      try await RunningServer.with(
        [StudyAtlas.shared.path], ["token-file": path, "state-folder": folder]
      ) { server in
        for headers in [[:], ["Authorization": "Bearer one"], ["Authorization": "Bearer "]] {
          let reply = try await server.wire.post(
            "/v1/atlases/study/ledgers", "{\"unlimited\":true}", headers: headers)
          #expect(reply.status == 401, "\(text.debugDescription): \(reply.text)")
        }
        #expect(try await server.wire.send("GET", "/v1/atlases").status == 200)
        let renewed = try await server.admin.send("POST", "/renew").json()["tokens"] as? [String: Any]
        #expect((renewed?["warning"] as? String)?.contains("no valid token") == true)
      }
    }
    // Revoking the last token while the server runs is the same.
    try "\(Digest256(of: "one").hex)\n".write(toFile: path, atomically: true, encoding: .utf8)
    try await RunningServer.with([StudyAtlas.shared.path], ["token-file": path, "state-folder": folder]) { server in
      func status() async throws -> Int {
        try await server.wire.post(
          "/v1/atlases/study/ledgers", "{\"unlimited\":true}", headers: ["Authorization": "Bearer one"]
        ).status
      }
      #expect(try await status() == 201)
      try "# all revoked\n".write(toFile: path, atomically: true, encoding: .utf8)
      _ = try await server.admin.send("POST", "/renew")
      #expect(try await status() == 401)
    }
  }

  /// Without a token file anyone may use ledgers of open atlases, and nobody those of sealed ones.
  @Test func ledgersOfSealedAtlasesNeedATokenFile() async throws {
    let study = StudyAtlas.shared
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tokens-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let opened = try await RunningServer.with([study.path], ["state-folder": folder]) { server in
      try await server.wire.post("/v1/atlases/study/ledgers", "{\"unlimited\":true}")
    }
    #expect(opened.status == 201)
    let id = try #require((try opened.json()["terms"] as? [String: Any])?["id"] as? String)
    try await RunningServer.with([], sealed: [study.path], ["state-folder": folder]) { server in
      for (target, body) in [
        ("/v1/atlases/study/ledgers", "{\"unlimited\":true}"), ("/v1/ledgers/\(id)/ask", "{\"architecture\":0}"),
        ("/v1/ledgers/\(id)/close", "{\"incumbent\":0}"),
      ] {
        let reply = try await server.wire.post(target, body)
        #expect(reply.status == 403, "\(target): \(reply.text)")
        #expect(try reply.json()["code"] as? String == "server.sealed_needs_tokens")
      }
    }
  }
}
