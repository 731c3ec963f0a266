import Foundation
import Store
import Testing

/// Every refusal is a problem with a stable code, what is allowed and what to do.
@Suite struct ProblemTests {
  struct Case: Sendable {
    let target: String
    let status: Int
    let code: String
    var allowed: [String]?
    var method = "GET"
    var headers: [String: String] = [:]
    var body = ""
  }

  private static let architecture = "architecture=\(encoded("|none~0|+|none~0|none~1|+|none~0|none~1|none~2|"))"
  private static let json = ["Content-Type": "application/json"]
  private static let cases: [Case] = [
    Case(target: "/nowhere", status: 404, code: "server.no_such_route"),
    Case(target: "/v1/atlases", status: 405, code: "server.method", allowed: ["GET", "HEAD"], method: "DELETE"),
    Case(target: "/v1/atlases/none", status: 404, code: "server.unknown_atlas", allowed: ["nasbench201"]),
    Case(target: "/v1/atlases/nasbench201@00ff", status: 404, code: "server.other_digest"),
    Case(
      target: "/v1/atlases/nasbench201/value?\(architecture)&datset=cifar10", status: 400,
      code: "server.unknown_parameter",
      allowed: ["architecture", "place", "space", "dataset", "protocol", "metric", "split", "epoch", "seed"]),
    Case(target: "/v1/atlases?x", status: 400, code: "server.unknown_parameter", allowed: []),
    Case(target: "/v1/atlases/nasbench201/value?dataset=cifar10", status: 422, code: "server.missing_parameter"),
    Case(
      target: "/v1/atlases/nasbench201/value?dataset=a&dataset=b&\(architecture)", status: 400,
      code: "server.repeated_parameter"),
    Case(
      target: "/v1/atlases/nasbench201/value?\(architecture)", status: 422, code: "benchmarks.ambiguous_dataset",
      allowed: ["cifar10", "cifar100", "imagenet16-120"]),
    Case(
      target: "/v1/atlases/nasbench201/value?dataset=mnist&\(architecture)", status: 404,
      code: "benchmarks.unknown_dataset", allowed: ["cifar10", "cifar100", "imagenet16-120"]),
    Case(
      target: "/v1/atlases/nasbench201/value?dataset=cifar10&split=exam&\(architecture)", status: 400,
      code: "server.bad_parameter", allowed: ["train", "validation", "test", "valtest"]),
    Case(
      target: "/v1/atlases/nasbench201/value?dataset=cifar10&split=test&\(architecture)", status: 404,
      code: "benchmarks.unknown_split", allowed: ["validation"]),
    Case(
      target: "/v1/atlases/nasbench201/value?dataset=cifar10&epoch=0&\(architecture)", status: 400,
      code: "server.bad_parameter"),
    Case(
      target: "/v1/atlases/nasbench201/value?dataset=cifar10&seed=12&\(architecture)", status: 404,
      code: "benchmarks.unknown_seed", allowed: ["unnamed-1", "unnamed-2", "unnamed-3"]),
    Case(
      target: "/v1/atlases/nasbench201/value?dataset=cifar10&architecture=what", status: 422,
      code: "benchmarks.unreadable_architecture"),
    Case(
      target: "/v1/atlases/nasbench201/value?dataset=cifar10&architecture=\(String(repeating: "f", count: 32))",
      status: 404, code: "benchmarks.unknown_architecture"),
    Case(
      target: "/v1/atlases/nasbench201/value?dataset=cifar10&architecture=ffffffffffff", status: 404,
      code: "benchmarks.unknown_architecture"),
    Case(
      target: "/v1/atlases/nasbench201/value?dataset=cifar10&place=15625", status: 404,
      code: "benchmarks.unknown_place", allowed: ["0 to 15624"]),
    Case(
      target: "/v1/atlases/nasbench201/value?dataset=cifar10&place=3&\(architecture)", status: 422,
      code: "server.contradiction", allowed: ["architecture", "place"]),
    Case(
      target: "/v1/atlases/nasbench201/value?dataset=cifar10&place=-1", status: 400, code: "server.bad_parameter"),
    Case(
      target: "/v1/atlases/nasbench201/values?dataset=cifar10", status: 404, code: "benchmarks.unknown_place",
      allowed: ["0 to 15624"], method: "POST", headers: json, body: "{\"architectures\": [0, 99999]}"),
    Case(
      target: "/v1/atlases/nasbench201/values?dataset=cifar10", status: 404, code: "benchmarks.unknown_place",
      allowed: ["0 to 15624"], method: "POST", headers: ["Content-Type": "application/vnd.nasatlas.batch"],
      body: "\u{1}\0\0\0\0\0\u{1}\0"),
    Case(
      target: "/v1/atlases/nasbench201/evaluate?dataset=cifar10", status: 404, code: "benchmarks.unknown_place",
      method: "POST", headers: json, body: "{\"architectures\": [15625], \"predictions\": [1]}"),
    Case(
      target: "/v1/atlases/nasbench201/fields?dataset=cifar10&field=beauty", status: 404,
      code: "benchmarks.unknown_field", method: "POST", headers: json, body: "{\"architectures\": [1]}"),
    Case(
      target: "/v1/atlases/nasbench201/fields?dataset=cifar10&field=status", status: 422,
      code: "benchmarks.not_a_number", method: "POST", headers: json, body: "{\"architectures\": [1]}"),
    Case(target: "/v1/atlases/nasbench201/quantities/007", status: 404, code: "benchmarks.unknown_quantity"),
    Case(target: "/v1/atlases/nasbench201/value?architecture=%ff", status: 400, code: "server.bad_encoding"),
    Case(target: "/v1/atlases/nasbench201/value?architecture=%00", status: 400, code: "server.bad_encoding"),
    Case(
      target: "/v1/atlases/nasbench201/top?dataset=cifar10&count=0", status: 400, code: "server.bad_parameter",
      allowed: ["1 to 1000"]),
    Case(
      target: "/v1/atlases/nasbench201/top?dataset=cifar10&where=((", status: 422, code: "benchmarks.filter_unexpected"),
    Case(
      target: "/v1/atlases/nasbench201/answer?dataset=cifar100&predict=true&epoch=3&\(architecture)", status: 404,
      code: "surrogates.no_surrogate"),
    Case(target: "/v1/atlases/nasbench201/architectures?page=nothing", status: 422, code: "server.bad_page"),
    Case(
      target: "/v1/atlases/nasbench201/values?dataset=cifar10", status: 400, code: "server.bad_batch", method: "POST",
      headers: json, body: "{\"architectures\": [0,]}"),
    Case(
      target: "/v1/atlases/nasbench201/values?dataset=cifar10", status: 400, code: "server.bad_batch", method: "POST",
      headers: json, body: "{\"architectures\": [4294967296]}"),
    Case(
      target: "/v1/atlases/nasbench201/values?dataset=cifar10", status: 400, code: "server.bad_batch", method: "POST",
      headers: json, body: String(repeating: "[", count: 10_000)),
    Case(
      target: "/v1/atlases/nasbench201/values?dataset=cifar10", status: 400, code: "server.bad_batch", method: "POST",
      headers: ["Content-Type": "application/vnd.nasatlas.batch"], body: "abc"),
    Case(
      target: "/v1/atlases/nasbench201/values?dataset=cifar10", status: 415, code: "server.media_type", method: "POST",
      headers: ["Content-Type": "text/plain"], body: "0"),
    Case(
      target: "/v1/atlases/nasbench201/values?dataset=cifar10", status: 413, code: "server.too_many", method: "POST",
      headers: json, body: "{\"architectures\":[\((0...10_000).map { "\($0)" }.joined(separator: ","))]}"),
  ]

  @Test func everyRefusalIsAProblem() async throws {
    try await RunningServer.with([StudyAtlas.cells]) { server in
      for expected in Self.cases {
        let reply = try await server.wire.send(
          expected.method, expected.target, headers: expected.headers, body: Array(expected.body.utf8))
        let name = Comment(rawValue: "\(expected.method) \(expected.target.prefix(120)): \(reply.text.prefix(300))")
        #expect(reply.status == expected.status, name)
        #expect(reply.headers["content-type"] == "application/problem+json", name)
        #expect(reply.headers["cache-control"] == "no-store", name)
        let json = try reply.json()
        #expect(json["code"] as? String == expected.code, name)
        #expect(json["status"] as? Int == expected.status, name)
        #expect((json["title"] as? String)?.isEmpty == false && (json["detail"] as? String)?.isEmpty == false, name)
        if let allowed = expected.allowed { #expect(json["allowed"] as? [String] == allowed, name) }
        // Where files are is no matter of clients.
        #expect(!reply.text.contains(".atlas"), name)
      }
    }
  }

  /// Who types an address gets a page; programs, and everything under /v1, the problem.
  @Test func browsersGetAPageWhereNothingIs() async throws {
    let browser = ["Accept": "text/html,application/xhtml+xml,*/*;q=0.8"]
    try await RunningServer.with([StudyAtlas.cells]) { server in
      for target in ["/contest", "/a/b/%3Cscript%3E"] {
        let page = try await server.wire.send("GET", target, headers: browser)
        #expect(page.status == 404 && page.headers["content-type"]?.hasPrefix("text/html") == true, "\(target)")
        #expect(
          page.text.contains("Not found") && page.text.contains("action=\"/search\"") && !page.text.contains("<script>")
        )
        #expect(page.headers["content-security-policy"] != nil && page.headers["cache-control"] == "no-store")
      }
      for (method, target, headers) in [
        ("GET", "/v1/none", browser), ("GET", "/v1", browser), ("POST", "/contest", browser), ("GET", "/contest", [:]),
      ] {
        let problem = try await server.wire.send(method, target, headers: headers)
        #expect(problem.status == 404 && problem.headers["content-type"] == "application/problem+json", "\(target)")
      }
    }
  }

  @Test func tokensOfPagesAreBoundToTheAtlas() async throws {
    let study = StudyAtlas.shared
    try await RunningServer.with([study.path, StudyAtlas.cells]) { server in
      let page = try await server.wire.send("GET", "/v1/atlases/study/architectures?limit=1").json()
      let token = try #require(page["nextPage"] as? String)
      let reply = try await server.wire.send("GET", "/v1/atlases/nasbench201/architectures?page=\(encoded(token))")
      #expect(reply.status == 409)
      #expect(try reply.json()["code"] as? String == "server.stale_page")
    }
  }
}
