import Testing

/// Health and metrics, apart from the interface.
@Suite struct AdminTests {
  @Test func tellsHealthAndMetrics() async throws {
    try await RunningServer.with([StudyAtlas.shared.path]) { server in
      for path in ["/live", "/ready"] { #expect(try await server.admin.send("GET", path).status == 200) }
      _ = try await server.wire.send("GET", "/v1/atlases/study/top")
      _ = try await server.wire.send("GET", "/v1/atlases/study/top?count=0")
      let metrics = try await server.admin.send("GET", "/metrics")
      #expect(metrics.headers["content-type"] == "text/plain; version=0.0.4")
      for status in [200, 400] {
        let line = "nasatlas_request_seconds_count{route=\"/v1/atlases/{atlas}/top\",status=\"\(status)\"} 1\n"
        #expect(metrics.text.contains(line), "\(metrics.text)")
      }
      // None of it is where clients ask.
      for path in ["/live", "/metrics", "/renew"] { #expect(try await server.wire.send("GET", path).status == 404) }
      let unknown = try await server.admin.send("GET", "/other")
      #expect(unknown.status == 404 && unknown.headers["content-type"] == "application/problem+json")
    }
  }
}
