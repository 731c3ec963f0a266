import Foundation
import QueryServer
import Records
import Testing

/// Slow, long and unknown clients.
@Suite struct ProtectionTests {
  private static let quick = ["request-seconds": "1", "stall-seconds": "1", "idle-seconds": "2"]

  /// Whoever behaves is answered while others do not.
  private func answers(_ server: RunningServer) async throws {
    let reply = try await server.wire.send("GET", "/v1/atlases")
    #expect(reply.status == 200)
  }

  @Test func headsThatDripEnd() async throws {
    try await RunningServer.with([StudyAtlas.shared.path], Self.quick) { server in
      async let dripped = Wire.away {
        let connection = try Wire.Connection(port: server.ports.port)
        // The second request drips: the first one must not have won its time.
        _ = try connection.ask("GET", "/v1/atlases")
        let start = ContinuousClock.now
        do {
          for character in "GET /v1/atlases HTTP/1.1\r\nHost: " + String(repeating: "x", count: 60) {
            try connection.write(String(character))
            Thread.sleep(forTimeInterval: 0.1)
          }
        } catch Wire.Failure.closed {}
        return (try? connection.reply(), ContinuousClock.now - start)
      }
      try await answers(server)
      let (reply, duration) = try await dripped
      #expect(duration < .seconds(5))
      if let reply {
        #expect(reply.status == 408 && reply.text.contains("server.request_time"))
      }
    }
  }

  @Test func bodiesThatDripEnd() async throws {
    try await RunningServer.with([StudyAtlas.shared.path], Self.quick) { server in
      let (reply, isClosed) = try await Wire.away {
        let connection = try Wire.Connection(port: server.ports.port)
        try connection.write(
          "POST /v1/atlases/study/values HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n"
        )
        for _ in 0..<9 {
          try connection.write("{")
          Thread.sleep(forTimeInterval: 0.1)
        }
        return (try connection.reply(), connection.isClosed())
      }
      #expect(reply.status == 408 && isClosed)
      #expect(try reply.json()["code"] as? String == "server.request_time")
      try await answers(server)
    }
  }

  @Test func readersThatStallAreCutOff() async throws {
    try await RunningServer.with([StudyAtlas.cells], Self.quick.merging(["idle-seconds": "30"]) { $1 }) { server in
      let duration = try await Wire.away {
        let connection = try Wire.Connection(port: server.ports.port, receiveBytes: 4_096)
        let start = ContinuousClock.now
        // Far more than the buffers of both ends hold, and nothing of it is read.
        try connection.write("GET /v1/atlases/nasbench201/export HTTP/1.1\r\nHost: t\r\n\r\n")
        Thread.sleep(forTimeInterval: 4)
        #expect(connection.isClosed())
        return ContinuousClock.now - start
      }
      #expect(duration < .seconds(10))
      try await answers(server)
    }
  }

  @Test func nobodyStaysIdle() async throws {
    try await RunningServer.with([StudyAtlas.shared.path], Self.quick) { server in
      let isClosed = try await Wire.away {
        let connection = try Wire.Connection(port: server.ports.port, timeoutSeconds: 6)
        _ = try connection.ask("GET", "/v1/atlases")
        return connection.isClosed()
      }
      #expect(isClosed)
    }
  }

  @Test func tooLongIsRefused() async throws {
    let limits = ["header-bytes": "2048", "body-bytes": "1024", "url-bytes": "300"]
    try await RunningServer.with([StudyAtlas.shared.path], limits) { server in
      let long = String(repeating: "a", count: 4_000)
      let head = try await server.wire.send("GET", "/v1/atlases", headers: ["X-Long": long])
      #expect(head.status == 431 && head.headers["content-type"] == "application/problem+json")
      #expect(try head.json()["code"] as? String == "server.header_too_long")
      let body = try await server.wire.post("/v1/atlases/study/values", "{\"architectures\":[\"\(long)\"]}")
      #expect(body.status == 413)
      #expect(try body.json()["code"] as? String == "server.body_too_long")
      for page in ["/v1/atlases", "/", "/atlases/study", "/atlases/study/table.csv", "/ledgers", "/nowhere"] {
        let url = try await server.wire.send("GET", "\(page)?x=\(long.prefix(400))")
        #expect(url.status == 414, "\(page)")
        #expect(try url.json()["code"] as? String == "server.url_too_long")
      }
      for noise in ["GET / HTTP/9.9\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n", "GET /v1 HTTP/1.1\r\nbad header\r\n\r\n"] {
        let reply = try await Wire.away {
          let connection = try Wire.Connection(port: server.ports.port)
          try connection.write(noise)
          return try connection.reply()
        }
        #expect(reply.status == 400, "\(noise.debugDescription)")
        #expect(reply.text.contains("server.no_http"), "\(noise.debugDescription)")
      }
      try await answers(server)
    }
  }

  @Test func askingTooOftenWaits() async throws {
    try await RunningServer.with(
      [StudyAtlas.shared.path], ["requests-per-second": "1", "request-burst": "3"]
    ) { server in
      // By one thread, for on a busy machine a second passes between two tasks.
      let port = server.ports.port
      let outcomes = try await Wire.away {
        let connection = try Wire.Connection(port: port)
        return try (0..<12).map { _ in
          let reply = try connection.ask("GET", "/v1/atlases")
          return "\(reply.status) \(reply.headers["retry-after"] ?? "-") \(reply.text.contains("server.rate"))"
        }
      }
      #expect(outcomes.prefix(3) == ["200 - false", "200 - false", "200 - false"])
      #expect(Set(outcomes) == ["200 - false", "429 1 true"])
      try await Task.sleep(for: .milliseconds(2_100))
      try await answers(server)
    }
  }

  @Test func readingMayNeedAToken() async throws {
    let file = StudyAtlas.shared.folder.appendingPathComponent("tokens").path
    let digest = Digest256(of: "s3cret-token")
    try "# one a line\n\(digest.hex) of the tests\n".write(toFile: file, atomically: true, encoding: .utf8)
    try await RunningServer.with(
      [StudyAtlas.shared.path], ["token-file": file, "reading-needs-token": "true"]
    ) { server in
      for wrong in ["", "Bearer", "Bearer ", "Bearer s3cret-toke", "Basic s3cret-token", "Bearer \(digest.hex)"] {
        let reply = try await server.wire.send("GET", "/v1/atlases", headers: ["Authorization": wrong])
        #expect(reply.status == 401 && reply.headers["www-authenticate"] == "Bearer")
        #expect(try reply.json()["code"] as? String == "server.unauthorized")
      }
      let right = try await server.wire.send("GET", "/v1/atlases", headers: ["Authorization": "Bearer s3cret-token"])
      #expect(right.status == 200)
    }
  }

  @Test func connectionsHaveALimit() async throws {
    for (setting, code) in [
      ("connections", "server.connections"), ("connections-per-address", "server.connections_of_address"),
    ] {
      try await RunningServer.with([StudyAtlas.shared.path], [setting: "2"]) { server in
        let port = server.ports.port
        try await Wire.away {
          let first = try Wire.Connection(port: port)
          var second: Wire.Connection? = try Wire.Connection(port: port)
          _ = try first.ask("GET", "/v1/atlases")
          _ = try second?.ask("GET", "/v1/atlases")
          // Also without having asked, and one after the other.
          for asks in [true, false, true] {
            let third = try Wire.Connection(port: port)
            if asks { try third.write("GET /v1/atlases HTTP/1.1\r\nHost: t\r\n\r\n") }
            let refused = try third.reply()
            #expect(refused.status == 503 && refused.headers["retry-after"] == "1")
            #expect(refused.headers["connection"] == "close" && refused.text.contains("\"\(code)\""))
            #expect(third.isClosed())
          }
          second = nil
          let start = ContinuousClock.now
          while true {
            let next = try Wire.Connection(port: port)
            if try next.ask("GET", "/v1/atlases").status == 200 { break }
            #expect(ContinuousClock.now - start < .seconds(10))
          }
          #expect(try first.ask("GET", "/v1/atlases").status == 200)
        }
      }
    }
  }

  /// RFC 9112, 3.2: a request says once for which host it is.
  @Test func aRequestNamesOneHost() async throws {
    try await RunningServer.with([StudyAtlas.cells]) { server in
      let value = "/v1/atlases/nasbench201/value?dataset=cifar10&place=0"
      for target in ["/v1/atlases", value, "/", "/nowhere"] {
        for (version, hosts, isRefused) in [
          ("1.1", "", true), ("1.1", "Host: a\r\nHost: a\r\n", true), ("1.1", "Host: a\r\nhOsT: b\r\n", true),
          ("1.0", "Host: a\r\nHost: b\r\n", true), ("1.1", "Host: a\r\n", false), ("1.0", "", false),
        ] {
          let reply = try await Wire.away {
            let connection = try Wire.Connection(port: server.ports.port)
            try connection.write("GET \(target) HTTP/\(version)\r\n\(hosts)\r\n")
            return try connection.reply()
          }
          #expect((reply.status == 400) == isRefused, "\(target) \(version) \(hosts): \(reply.text.prefix(200))")
          if isRefused { #expect(reply.text.contains("\"server.host\"")) }
        }
      }
    }
  }

  /// What came whole before something that is no HTTP is answered, in order; then comes the refusal and the end.
  @Test func whatCameBeforeGarbageIsAnswered() async throws {
    try await RunningServer.with([StudyAtlas.cells]) { server in
      let list = "GET /v1/atlases HTTP/1.1\r\nHost: t\r\n\r\n"
      let value = "GET /v1/atlases/nasbench201/value?dataset=cifar10&place=0 HTTP/1.1\r\nHost: t\r\n\r\n"
      let body = "{\"architectures\":[0,1]}"
      let values =
        "POST /v1/atlases/nasbench201/values?dataset=cifar10 HTTP/1.1\r\nHost: t\r\n"
        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
      let top = "GET /v1/atlases/nasbench201/top?dataset=cifar10 HTTP/1.1\r\nHost: t\r\n\r\n"
      for requests in [[list], [value], [values], [top], [list, value], [value, list, values, top]] {
        for garbage in ["\u{0}\u{1}garbage\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nbad header\r\n\r\n"] {
          let (statuses, isClosed) = try await Wire.away {
            let connection = try Wire.Connection(port: server.ports.port)
            try connection.write(requests.joined() + garbage)
            return (try (0...requests.count).map { _ in try connection.reply().status }, connection.isClosed())
          }
          #expect(statuses == requests.map { _ in 200 } + [400] && isClosed, "\(requests) \(garbage.debugDescription)")
        }
      }
    }
  }

  /// A request that is answered before its body came is not answered again when the rest does not come.
  @Test func whoIsAnsweredEarlyIsNotAnsweredTwice() async throws {
    // On a busy machine the early answer may take some seconds itself.
    let settings = Self.quick.merging(["request-seconds": "5"]) { $1 }
    try await RunningServer.with([StudyAtlas.shared.path], settings) { server in
      let (reply, rest) = try await Wire.away {
        let connection = try Wire.Connection(port: server.ports.port)
        try connection.write(
          "POST /v1/atlases/none/values HTTP/1.1\r\nHost: t\r\nContent-Length: 99\r\n\r\n{")
        return (try connection.reply(), try? connection.reply().status)
      }
      #expect(reply.status == 404 && rest == nil)
      try await answers(server)
    }
  }

  @Test func computingHasALimit() async throws {
    let target =
      "/v1/atlases/nasbench201/top?dataset=cifar10&epoch=best-so-far&where="
      + encoded(
        Array(repeating: "seed != 'none'", count: 60).joined(separator: " and "))
    try await RunningServer.with([StudyAtlas.cells], ["query-milliseconds": "1"]) { server in
      let reply = try await server.wire.send("GET", target)
      #expect(reply.status == 503 && reply.headers["retry-after"] == "1")
      #expect(try reply.json()["code"] as? String == "server.query_time")
      // People get the same on a page.
      let condition = encoded(Array(repeating: "seed != 'none'", count: 60).joined(separator: " and "))
      let page = try await server.wire.send("GET", "/atlases/nasbench201?epoch=best-so-far&where=\(condition)")
      #expect(page.status == 503 && page.headers["retry-after"] == "1", "\(page.status)")
      #expect(page.headers["content-type"] == "text/html; charset=utf-8" && page.text.contains(">Try again</a>"))
      let chart = try await server.wire.send(
        "GET", "/atlases/nasbench201/charts/trade-off?epoch=best-so-far&where=\(condition)")
      #expect(try chart.status == 503 && chart.json()["code"] as? String == "server.query_time")
      try await answers(server)
    }
  }
}
