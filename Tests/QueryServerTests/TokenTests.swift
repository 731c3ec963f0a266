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
}
