import Benchmarks
import Foundation
import QueryServer
import Records
import Store
import Testing

/// Values and batches are answered beneath the router; nobody must be able to tell.
@Suite struct ShortAnswerTests {
  private typealias Asked = (method: String, target: String, headers: [String: String], body: [UInt8])

  /// The fields of a reply that do not tell when and to whom it was given.
  private static func lasting(_ reply: Wire.Reply) -> [String: String] {
    reply.headers.filter { !["date", "x-request-id", "connection"].contains($0.key) }
  }

  @Test func bothWaysGiveTheSame() async throws {
    let study = StudyAtlas.shared
    let entries = try study.entries()
    let digest = study.benchmark.atlas.digest.hex
    let text = encoded(entries[3].canonicalText)
    let json = ["Content-Type": "application/json"]
    let keys = Array("{\"architectures\":[\"\(entries[1].canonicalText)\",2,\"\(entries[4].id)\"]}".utf8)
    let queries = [
      "?architecture=\(text)", "?architecture=\(entries[3].id)&split=test&epoch=3", "?architecture=%zz", "",
      "?architecture=\(text)&seed=all", "?architecture=\(text)&seed=77", "?architecture=none", "?nothing=1", "?place=3",
      "?place=99",
      "?architecture=\(text)&architecture=\(text)", "?architecture=\(text)#here", "/?architecture=\(text)",
    ]
    var questions: [Asked] = []
    for query in queries {
      for atlas in ["study", "study@\(digest)", "study@0", "other", "st%75dy", ""] {
        questions.append(("GET", "/v1/atlases/\(atlas)/value\(query)", [:], []))
      }
    }
    let more: [Asked] = [
      ("GET", "/v1/atlases/study/value?architecture=\(text)", ["If-None-Match": "*"], []),
      ("GET", "/v1/atlases/study/value?architecture=\(text)", ["Accept-Encoding": "gzip"], []),
      ("POST", "/v1/atlases/study/value?architecture=\(text)", json, keys),
      ("PUT", "/v1/atlases/study/values", json, keys), ("POST", "/v1/atlases/study/values", json, keys),
      ("POST", "/v1/atlases/study@\(digest)/values?split=test", json, keys),
      ("POST", "/v1/atlases/study/values?split=tset", json, keys),
      ("POST", "/v1/atlases/study/values", json.merging(["Accept": "application/x-ndjson"]) { $1 }, keys),
      ("POST", "/v1/atlases/study/values", ["Content-Type": "text/plain"], keys),
      ("POST", "/v1/atlases/study/values", ["Content-Type": "application/vnd.nasatlas.batch"], [3, 0, 0, 0]),
      ("POST", "/v1/atlases/study/values", json, Array("{\"architectures\":[".utf8)),
      ("POST", "/v1/atlases/study/values", json.merging(["Accept-Encoding": "gzip"]) { $1 }, keys),
    ]
    let all = questions + more
    try await RunningServer.with([study.path]) { server in
      for question in all {
        // Whoever wants the connection closed is answered by the router.
        let long = try await server.wire.send(
          question.method, question.target, headers: question.headers.merging(["Connection": "close"]) { $1 },
          body: question.body)
        let short = try await server.wire.send(
          question.method, question.target, headers: question.headers, body: question.body)
        #expect(short.status == long.status && short.text == long.text, "\(question.target)")
        #expect(Self.lasting(short) == Self.lasting(long), "\(question.target)")
        #expect(short.headers["date"]?.count == long.headers["date"]?.count, "\(question.target)")
        #expect(short.headers["x-request-id"]?.isEmpty == false)
      }
    }
  }

  @Test func theClientsIdAndTheTallyAreKept() async throws {
    let study = StudyAtlas.shared
    let target = "/v1/atlases/study/value?architecture=\(encoded(try study.entries()[0].canonicalText))"
    try await RunningServer.with([study.path]) { server in
      for headers in [["X-Request-ID": "mine-1"], ["X-Request-ID": "mine-1", "Connection": "close"]] {
        let named = try await server.wire.send("GET", target, headers: headers)
        #expect(named.status == 200 && named.headers["x-request-id"] == "mine-1")
      }
      let metrics = try await server.admin.send("GET", "/metrics").text
      let counts = metrics.split(separator: "\n").filter { $0.hasPrefix("nasatlas_request_seconds_count") }
      #expect(
        counts == ["nasatlas_request_seconds_count{route=\"/v1/atlases/{atlas}/value\",status=\"200\"} 2"], "\(counts)")
    }
  }

  @Test func answersComeInTheOrderOfTheirQuestions() async throws {
    let entries = try StudyAtlas.shared.entries()
    try await RunningServer.with([StudyAtlas.shared.path]) { server in
      let replies = try await Wire.away {
        let connection = try Wire.Connection(port: server.ports.port)
        var asked = ""
        for (index, entry) in entries.enumerated() {
          // Those of the router take longer, and must not be overtaken.
          let operation = ["answer", "value", "value", "curve", "value"][index % 5]
          asked += "GET /v1/atlases/study/\(operation)?architecture=\(entry.id) HTTP/1.1\r\nHost: t\r\n\r\n"
        }
        try connection.write(asked)
        return try entries.map { _ in try connection.reply() }
      }
      for (entry, reply) in zip(entries, replies) {
        let name = try CanonicalJSON.text(entry.canonicalText)
        #expect(reply.status == 200 && reply.text.contains(name))
      }
    }
  }

  @Test func whatComesWhileABatchIsWorkedOutWaits() async throws {
    let entries = try StudyAtlas.shared.entries()
    try await RunningServer.with([StudyAtlas.shared.path]) { server in
      let texts = try await Wire.away {
        let connection = try Wire.Connection(port: server.ports.port)
        var asked: [UInt8] = []
        for (index, entry) in entries.enumerated() {
          if index.isMultiple(of: 2) {
            let keys = Array("{\"architectures\":[\(index)]}".utf8)
            asked += Array(
              ("POST /v1/atlases/study/values HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(keys.count)\r\n\r\n").utf8)
            asked += keys
          } else {
            asked += Array("GET /v1/atlases/study/value?architecture=\(entry.id) HTTP/1.1\r\nHost: t\r\n\r\n".utf8)
          }
        }
        // In pieces that end anywhere, and with nothing to follow.
        for start in stride(from: 0, to: asked.count, by: 1_000) {
          try connection.write(asked[start..<min(start + 1_000, asked.count)])
          Thread.sleep(forTimeInterval: 0.001)
        }
        connection.endWriting()
        return try entries.map { _ in try connection.reply().text }
      }
      let lookup = try StudyAtlas.shared.benchmark.lookup(Question())
      for (index, entry) in entries.enumerated() {
        let value = try CanonicalJSON.text(try #require(try lookup.value(ofArchitecture: entry.row)))
        let wanted = index.isMultiple(of: 2) ? "\"values\":[\(value)]" : "\"value\":\(value),"
        #expect(texts[index].contains(wanted), "\(index): \(texts[index])")
      }
    }
  }

  @Test func aConnectionOfShortQuestionsLives() async throws {
    let target = "/v1/atlases/study/value?architecture=\(try StudyAtlas.shared.entries()[0].id)"
    let quick = ["request-seconds": "1", "stall-seconds": "1", "idle-seconds": "2"]
    try await RunningServer.with([StudyAtlas.shared.path], quick) { server in
      let (statuses, isClosed) = try await Wire.away {
        let connection = try Wire.Connection(port: server.ports.port, timeoutSeconds: 6)
        let statuses = try (0..<5).map { _ in
          Thread.sleep(forTimeInterval: 0.7)
          return try connection.ask("GET", target).status
        }
        return (statuses, connection.isClosed())
      }
      #expect(statuses == [200, 200, 200, 200, 200] && isClosed)
    }
  }

  @Test func whoTakesNoAnswersIsReadNoQuestionsFromAndCutOff() async throws {
    let target = "/v1/atlases/study/value?architecture=\(try StudyAtlas.shared.entries()[0].id)"
    let settings = ["request-seconds": "30", "stall-seconds": "1", "idle-seconds": "30"]
    try await RunningServer.with([StudyAtlas.shared.path], settings) { server in
      let isCutOff = try await Wire.away {
        let connection = try Wire.Connection(port: server.ports.port)
        let questions = String(repeating: "GET \(target) HTTP/1.1\r\nHost: t\r\n\r\n", count: 1_000)
        // More than the buffers of both ends hold: writing would never end if all were read.
        do {
          for _ in 0..<2_000 { try connection.write(questions) }
          return false
        } catch Wire.Failure.closed { return true }
      }
      #expect(isCutOff)
      let (status, _) = try await Wire.away {
        let connection = try Wire.Connection(port: server.ports.port)
        return (try connection.ask("GET", target).status, 0)
      }
      #expect(status == 200)
    }
  }

  @Test func shortQuestionsAreLimitedToo() async throws {
    let target = "/v1/atlases/study/value?architecture=\(try StudyAtlas.shared.entries()[0].id)"
    try await RunningServer.with(
      [StudyAtlas.shared.path], ["requests-per-second": "1", "request-burst": "3"]
    ) { server in
      let port = server.ports.port
      let outcomes = try await Wire.away {
        let connection = try Wire.Connection(port: port)
        return try (0..<12).map { _ in try connection.ask("GET", target).status }
      }
      #expect(outcomes.prefix(3) == [200, 200, 200] && Set(outcomes) == [200, 429])
    }
    let file = StudyAtlas.shared.folder.appendingPathComponent("short-tokens").path
    try Digest256(of: "s3cret").hex.write(toFile: file, atomically: true, encoding: .utf8)
    try await RunningServer.with(
      [StudyAtlas.shared.path], ["token-file": file, "reading-needs-token": "true"]
    ) { server in
      let without = try await server.wire.send("GET", target)
      #expect(without.status == 401)
      for headers in [["Authorization": "Bearer s3cret"], ["Authorization": "Bearer s3cret", "Connection": "close"]] {
        let reply = try await server.wire.send("GET", target, headers: headers)
        #expect(reply.status == 200)
      }
    }
  }
}
