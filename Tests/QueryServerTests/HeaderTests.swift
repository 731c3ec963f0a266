import Benchmarks
import Foundation
import Records
import Store
import Testing

/// Entity tags, caches, ids of requests, other origins, compression.
@Suite struct HeaderTests {
  @Test func cachesAskAgainOrNever() async throws {
    let study = StudyAtlas.shared
    let digest = study.benchmark.atlas.digest.hex
    try await RunningServer.with([study.path]) { server in
      let fresh = try await server.wire.send("GET", "/v1/atlases/study")
      let tag = try #require(fresh.headers["etag"])
      #expect(tag == "W/\"\(digest)\"" && fresh.headers["cache-control"] == "no-cache")
      for known in [tag, "\"other\", \(tag)", "*", "\"\(digest)\""] {
        let same = try await server.wire.send("GET", "/v1/atlases/study", headers: ["If-None-Match": known])
        #expect(same.status == 304 && same.body.isEmpty && same.headers["etag"] == tag)
      }
      let other = try await server.wire.send("GET", "/v1/atlases/study", headers: ["If-None-Match": "\"old\""])
      #expect(other.status == 200 && other.body == fresh.body)
      let pinned = try await server.wire.send("GET", "/v1/atlases/study@\(digest)/top")
      #expect(pinned.headers["cache-control"] == "public, max-age=31536000, immutable")
      // The first digits name the atlas as well, but only the whole digest is for ever.
      let short = try await server.wire.send("GET", "/v1/atlases/study@\(digest.prefix(12))/top")
      #expect(short.body == pinned.body && short.headers["cache-control"] == "no-cache")
      for digits in [String(digest.prefix(7)), "00000000", digest + "0"] {
        let refused = try await server.wire.send("GET", "/v1/atlases/study@\(digits)/top")
        #expect(try refused.json()["code"] as? String == "server.other_digest")
        #expect(try refused.json()["allowed"] as? [String] == ["study@\(digest)"])
      }
      let batch = try await server.wire.send(
        "POST", "/v1/atlases/study@\(digest)/values", headers: ["Content-Type": "application/json"],
        body: Array("{\"architectures\": [0]}".utf8))
      #expect(batch.status == 200 && batch.headers["cache-control"] == "no-cache")
      // A refusal is never kept.
      let wrong = try await server.wire.send(
        "GET", "/v1/atlases/study@\(digest)/top?count=0", headers: ["If-None-Match": "*"])
      #expect(wrong.status == 400 && wrong.headers["cache-control"] == "no-store")
    }
  }

  @Test func everyAnswerIsNamedAndGuarded() async throws {
    try await RunningServer.with([StudyAtlas.shared.path]) { server in
      let given = try await server.wire.send("GET", "/v1/atlases", headers: ["X-Request-ID": "trial-7.a_B"])
      #expect(given.headers["x-request-id"] == "trial-7.a_B")
      for bad in ["a b", "x\"y", String(repeating: "a", count: 65), "ä"] {
        let own = try await server.wire.send("GET", "/nothing", headers: ["X-Request-ID": bad])
        let id = try #require(own.headers["x-request-id"])
        #expect(id != bad && !id.isEmpty)
      }
      #expect(given.headers["x-content-type-options"] == "nosniff")
      #expect(given.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'")
      #expect(given.headers["access-control-allow-origin"] == nil)
      let head = try await server.wire.send("HEAD", "/v1/atlases")
      #expect(head.status == 200 && head.headers["content-length"] == "\(given.body.count)")
    }
  }

  @Test func otherOriginsMayAskWhereTheSwitchIsOn() async throws {
    try await RunningServer.with([StudyAtlas.shared.path], ["cors-origin": "https://example.org"]) { server in
      let target = "/v1/atlases/study/values"
      let preflight = try await server.wire.send(
        "OPTIONS", target, headers: ["Origin": "https://example.org", "Access-Control-Request-Method": "POST"])
      #expect(preflight.status == 204 && preflight.headers["access-control-allow-methods"] == "POST")
      #expect(preflight.headers["access-control-allow-origin"] == "https://example.org")
      let reply = try await server.wire.send("GET", "/v1/atlases")
      #expect(reply.headers["access-control-allow-origin"] == "https://example.org")
      #expect(reply.headers["vary"] == "Accept-Encoding, Origin")
    }
    try await RunningServer.with([StudyAtlas.shared.path]) { server in
      let refused = try await server.wire.send(
        "OPTIONS", "/v1/atlases", headers: ["Access-Control-Request-Method": "GET"])
      #expect(refused.status == 405)
    }
  }

  /// Answers of one piece, of several pieces, and of unknown length.
  @Test(arguments: [
    "study", "nasbench201/architectures?limit=1000", "nasbench201/architectures?limit=300", "study/export",
  ])
  func longAnswersAreCompressedForThoseWhoAskForIt(target: String) async throws {
    try await RunningServer.with([StudyAtlas.shared.path, StudyAtlas.cells]) { server in
      let plain = try await server.wire.send("GET", "/v1/atlases/\(target)")
      #expect(plain.headers["content-encoding"] == nil && plain.body.count > 1_024)
      for _ in 0..<2 {
        let packed = try await server.wire.send("GET", "/v1/atlases/\(target)", headers: ["Accept-Encoding": "gzip"])
        #expect(packed.headers["content-encoding"] == "gzip")
        #expect(packed.body.prefix(2) == [0x1f, 0x8b] && packed.body.count < plain.body.count / 2)
        #expect(try Self.unpacked(packed.body) == plain.body)
      }
    }
  }

  private static func unpacked(_ body: [UInt8]) throws -> [UInt8] {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("packed-\(UUID().uuidString).gz")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(body).write(to: file)
    let gunzip = Process()
    let output = Pipe()
    gunzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    gunzip.arguments = ["gzip", "-dc", file.path]
    gunzip.standardOutput = output
    try gunzip.run()
    defer { gunzip.waitUntilExit() }
    return Array(output.fileHandleForReading.readDataToEndOfFile())
  }
}
