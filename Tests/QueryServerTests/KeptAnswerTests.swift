import Benchmarks
import Foundation
import QueryServer
import Records
import Store
import TestSupport
import Testing

/// Pages, charts, rankings and fronts are computed once and kept; nobody may notice but by the clock.
@Suite struct KeptAnswerTests {
  private static let targets = [
    "/v1/atlases/study", "/v1/atlases/study/top?count=3", "/v1/atlases/study/top?count=3&where=parameters%20%3E%200",
    "/v1/atlases/study/pareto?objective=accuracy.validation&objective=parameters", "/atlases/study",
    "/atlases/study?page=1", "/atlases/study/table.csv", "/atlases/study/charts/distribution",
    "/atlases/study/charts/trade-off", "/atlases/study/surrogates",
  ]

  /// The fields of a reply that do not say when and to whom it was given.
  private static func lasting(_ reply: Wire.Reply) -> [String: String] {
    reply.headers.filter { !["date", "x-request-id", "connection"].contains($0.key) }
  }

  @Test func firstAndLaterAnswersAreTheSame() async throws {
    let study = StudyAtlas.shared
    let digest = study.benchmark.atlas.digest.hex
    let targets =
      Self.targets + ["/v1/atlases/study@\(digest)/top?count=3", "/v1/atlases/st%75dy/top?count=2", "/atlases/st%75dy"]
    try await RunningServer.with([study.path]) { server in
      for target in targets {
        for accepted in ["identity", "gzip", "gzip;q=0", "br, gzip"] {
          let headers = ["Accept-Encoding": accepted]
          let first = try await server.wire.send("GET", target, headers: headers)
          let second = try await server.wire.send("GET", target, headers: headers)
          // Whoever wants the connection closed is answered by the router.
          let third = try await server.wire.send(
            "GET", target, headers: headers.merging(["Connection": "close"]) { $1 })
          #expect(first.status == 200, "\(target)")
          #expect(second.body == third.body && Self.lasting(second) == Self.lasting(third), "\(target), \(accepted)")
          if accepted.contains("gzip"), !accepted.contains("q=0"), first.body.count > 1_024 {
            #expect(first.headers["content-encoding"] == "gzip", "\(target)")
          }
          #expect(first.body == second.body, "\(target), \(accepted)")
          #expect(Self.lasting(first) == Self.lasting(second), "\(target), \(accepted)")
        }
      }
    }
  }

  @Test func everyoneIsAdmittedBeforeAnAnswerIsLookedUp() async throws {
    let study = StudyAtlas.shared
    let tokens = study.folder.appendingPathComponent("tokens-\(UUID().uuidString)").path
    let digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    try digest.write(toFile: tokens, atomically: true, encoding: .utf8)
    try await RunningServer.with([study.path], ["token-file": tokens, "reading-needs-token": "true"]) { server in
      for target in Self.targets {
        let known = try await server.wire.send("GET", target, headers: ["Authorization": "Bearer test"])
        #expect(known.status == 200, "\(target)")
        for headers in [[:], ["Authorization": "Bearer other"]] {
          #expect(try await server.wire.send("GET", target, headers: headers).status == 401, "\(target)")
        }
      }
    }
    try await RunningServer.with([study.path], ["requests-per-second": "1", "request-burst": "4"]) { server in
      var statuses: [Int] = []
      for _ in 0..<6 { statuses.append(try await server.wire.send("GET", Self.targets[1]).status) }
      #expect(statuses.prefix(4).allSatisfy { $0 == 200 } && statuses.contains(429))
    }
  }

  @Test func refusalsAreNotKeptAndOtherQuestionsHaveOtherAnswers() async throws {
    let study = StudyAtlas.shared
    try await RunningServer.with([study.path]) { server in
      for _ in 0..<2 {
        #expect(try await server.wire.send("GET", "/v1/atlases/study/top?count=0").status == 400)
        #expect(try await server.wire.send("GET", "/atlases/study?page=nothing").status == 400)
        #expect(try await server.wire.send("GET", "/atlases/study/nothing").status == 404)
        for count in 1...3 {
          let reply = try await server.wire.send("GET", "/v1/atlases/study/top?count=\(count)").json()
          #expect((reply["places"] as? [Any])?.count == count)
        }
        // Lines to copy name the server as the browser knows it.
        let https = try await server.wire.send("GET", "/atlases/study", headers: ["X-Forwarded-Proto": "https"])
        let http = try await server.wire.send("GET", "/atlases/study")
        #expect(https.text.contains("https://test/") && !http.text.contains("https://test/"))
      }
    }
  }

  @Test func aSmallOrNoStoreOnlyTakesLonger() async throws {
    let study = StudyAtlas.shared
    for bytes in ["0", "20000"] {
      try await RunningServer.with([study.path], ["kept-answer-bytes": bytes]) { server in
        for round in 0..<2 {
          for count in 1...20 {
            let reply = try await server.wire.send("GET", "/v1/atlases/study/top?count=\(count)").json()
            #expect((reply["places"] as? [Any])?.count == count, "round \(round)")
          }
        }
      }
    }
  }

  @Test func renewalForgetsWhatWasKept() async throws {
    let study = try StudyAtlas(architectures: 12)
    try await RunningServer.with([study.path]) { server in
      let before = try await server.wire.send("GET", "/v1/atlases/study/top?count=3")
      let page = try await server.wire.send("GET", "/atlases/study")
      try StudyAtlas.publish(
        SyntheticStudy(seed: 9, architectures: 12, seedsPerArchitecture: 1, epochs: 6), to: study.path)
      // Until the renewal the old atlas answers, whole and from memory.
      #expect(try await server.wire.send("GET", "/v1/atlases/study/top?count=3").body == before.body)
      #expect(try await server.admin.send("POST", "/renew").status == 200)
      let after = try await server.wire.send("GET", "/v1/atlases/study/top?count=3")
      #expect(after.status == 200 && after.body != before.body && after.headers["etag"] != before.headers["etag"])
      #expect(try await server.wire.send("GET", "/atlases/study").body != page.body)
    }
  }

  @Test func manyWhoAskTheSameAtOnceGetTheSame() async throws {
    let study = StudyAtlas.shared
    try await RunningServer.with([study.path]) { server in
      let bodies = try await withThrowingTaskGroup(of: [UInt8].self) { group in
        for _ in 0..<16 {
          group.addTask { try await server.wire.send("GET", "/atlases/study/charts/correlation").body }
        }
        return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
      }
      #expect(bodies.count == 1 && bodies.first?.isEmpty == false)
    }
  }
}
