import Foundation
import QueryServer
import Testing

/// Bodies are read once and no further than the operation takes them, and only where something will come of it.
@Suite struct BodyTests {
  private static let architecture = "\"|none~0|+|none~0|none~1|+|none~0|none~1|none~2|\""

  private static func withLedger(_ body: @escaping @Sendable (RunningServer, String) async throws -> Void) async throws
  {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nasatlas-bodies-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try await RunningServer.with([StudyAtlas.cells], ["state-folder": folder.path]) { server in
      let opened = try await server.wire.post(
        "/v1/atlases/nasbench201/ledgers?dataset=cifar10", "{\"unlimited\":true}"
      ).json()
      let terms = try #require(opened["terms"] as? [String: Any])
      try await body(server, #require(terms["id"] as? String))
    }
  }

  @Test func readingStopsAtTheFirstByteThatIsNotTaken() async throws {
    try await Self.withLedger { server, ledger in
      let zeros = "[" + Array(repeating: "0", count: 100_000).joined(separator: ",") + "]"
      let nested = String(repeating: "[", count: 10_000)
      let (values, evaluate) = ("values", "evaluate")
      let digits = String(repeating: "9", count: 200)
      let cases: [(operation: String, body: String, code: String, says: String)] = [
        ("ask", "{\"architecture\":\(zeros)}", "server.bad_body", "byte 16 of the body is not a text or a place"),
        ("ask", "{\"architecture\":{}}", "server.bad_body", "byte 16"),
        ("ask", "{\"architecture\":null}", "server.bad_body", "byte 16"),
        ("ask", "{\"architecture\":\(digits)}", "server.bad_body", "byte 16"),
        ("ask", "{\"architecture\":\"\(String(repeating: "x", count: 70_000))\"}", "server.bad_body", "byte 16"),
        ("ask", "{\"architecture\":\"\\ud800\"}", "server.bad_body", "byte 16"),
        ("ask", "{\"architecture\":0,\"epoch\":7}", "server.bad_body", "not a text"),
        ("ask", "{\"architecture\":0,\"architecture\":1}", "server.repeated_member", "twice"),
        ("ask", "{\"architecture\":0,\"epochs\":\(nested)", "server.unknown_member", "epochs"),
        ("ask", "{}", "server.bad_body", "lacks the key architecture"),
        ("ask", "{\"architecture\":0} {}", "server.bad_body", "not the end of the body"),
        ("ask", nested, "server.bad_body", "byte 0 of the body is not an object"),
        ("close", "{\"incumbent\":\(zeros)}", "server.bad_body", "byte 13"),
        (values, "{\"architectures\":[[\(zeros)]]}", "server.bad_batch", "byte 18"),
        (values, "{\"architectures\":[0],\"architectures\":[1]}", "server.repeated_member", "twice"),
        (values, "{\"architectures\":\(zeros)}", "server.too_many", "allowed: at most 10000"),
        (evaluate, "{\"predictions\":\(zeros)}", "server.too_many", "allowed: at most 10000"),
        (evaluate, "{\"predictions\":[1,\(digits)]}", "server.bad_body", "byte 18 of the body is not a number"),
        (evaluate, "{\"predictions\":[01],\"architectures\":[0]}", "server.bad_body", "not a number"),
        (evaluate, "{\"architectures\":[0]}", "server.bad_body", "lacks the key predictions"),
        ("ledgers", "{\"queries\":1.5}", "server.bad_body", "not a whole number from 0 to 1000000000"),
        ("ledgers", "{\"queries\":-1}", "server.bad_body", "not a whole number"),
        ("ledgers", "{\"unlimited\":1}", "server.bad_body", "not true or false"),
        ("ledgers", "{\"simulatedTrainingSeconds\":1e999}", "server.bad_body", "not a finite number"),
      ]
      for (operation, body, code, says) in cases {
        let target =
          ["ask", "close"].contains(operation)
          ? "/v1/ledgers/\(ledger)/\(operation)" : "/v1/atlases/nasbench201/\(operation)?dataset=cifar10"
        let reply = try await server.wire.post(target, body)
        let name = Comment(rawValue: "\(operation) \(body.prefix(60)): \(reply.text)")
        #expect(reply.status == 400 || reply.status == 413, name)
        let json = try reply.json()
        #expect(json["code"] as? String == code, name)
        #expect((json["detail"] as? String)?.contains(says) == true, name)
        #expect(reply.body.count < 1_000, name)
      }
    }
  }

  /// Escapes, blanks, fractions of zero and texts beyond ASCII mean what they mean elsewhere.
  @Test func whatJSONAllowsIsTaken() async throws {
    try await Self.withLedger { server, ledger in
      let ask = "/v1/ledgers/\(ledger)/ask"
      let first = try await server.wire.post(ask, "{\"architecture\":\(Self.architecture)}")
      #expect(first.status == 200, "\(first.text)")
      let spellings = [
        " \r\n\t{ \"epoch\" : \"last\" , \"architecture\" : \(Self.architecture) } \n",
        "{\"\\u0061rchitecture\":\(Self.architecture.replacing("|", with: "\\u007C").replacing("~", with: "\\u007e"))}",
      ]
      for spelling in spellings {
        let reply = try await server.wire.post(ask, spelling)
        #expect(reply.status == 200, "\(spelling): \(reply.text)")
      }
      let values = "/v1/atlases/nasbench201/values?dataset=cifar10"
      let plain = try await server.wire.post(values, "{\"architectures\":[\(Self.architecture),7]}")
      let other = try await server.wire.post(
        values, "{\"architectures\":[\(Self.architecture.replacing("|", with: "\\u007c")), 7.00]}")
      #expect(plain.status == 200 && plain.body == other.body)
      let strange = try await server.wire.post(
        values, "{\"architectures\":[\"é\",\"\\ud83d\\udca9\",\"\\/\\b\\f\\n\\r\\t\\\\\"]}")
      #expect(strange.status == 422, "\(strange.text)")
    }
  }

  /// What a request says before its body is enough to refuse it: none of these bodies is ever sent.
  @Test func cheapChecksComeBeforeTheBody() async throws {
    try await RunningServer.with([StudyAtlas.cells], ["state-folder": Self.folder()]) { server in
      let atlas = "/v1/atlases/nasbench201"
      let cases = [
        ("/v1/ledgers/\(String(repeating: "0", count: 32))/ask", 1_000, 404),
        ("/v1/ledgers/none/close", 1_000, 404), ("/v1/atlases/none/values", 1_000, 404),
        ("\(atlas)/values?dataset=cifar10&seed=all", 200_000, 422), ("\(atlas)/values?datset=cifar10", 200_000, 400),
        ("\(atlas)/evaluate?dataset=cifar10&epoch=0", 1_000, 400), ("\(atlas)/fields", 1_000, 400),
        ("\(atlas)/ledgers?dataset=mnist", 1_000, 404), ("\(atlas)/predictions?seed=1", 1_000, 400),
        ("\(atlas)/values?dataset=cifar10", 99_999_999, 413),
      ]
      let port = server.ports.port
      for (target, length, status) in cases {
        let reply = try await Wire.away {
          let connection = try Wire.Connection(port: port, timeoutSeconds: 5)
          try connection.write(
            "POST \(target) HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nContent-Length: \(length)\r\n\r\n")
          return try connection.reply()
        }
        #expect(reply.status == status, "\(target): \(reply.text)")
      }
      let media = try await Wire.away {
        let connection = try Wire.Connection(port: port, timeoutSeconds: 5)
        try connection.write(
          "POST \(atlas)/values?dataset=cifar10 HTTP/1.1\r\nHost: t\r\nContent-Type: a/b\r\nContent-Length: 200000\r\n\r\n"
        )
        return try connection.reply()
      }
      #expect(media.status == 415)
    }
  }

  private static func folder() -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent("nasatlas-bodies-\(UUID().uuidString)").path
  }
}
