import Foundation
import Testing

/// A log that nobody can read any more is no reason to end (R31).
@Suite struct LogTests {
  @Test(arguments: ["json", "text"])
  func theServerOutlivesItsLog(format: String) async throws {
    let study = try StudyAtlas(architectures: 12)
    let settings = [
      "--port", "0", "--set", "admin-port=0", "--set", "log-format=\(format)", "--set", "log-level=trace",
    ]
    let program = try await Program(["serve", study.path] + settings, readsLog: false)
    let wire = Wire(port: program.port)
    for _ in 0..<20 { #expect(try await wire.send("GET", "/v1/atlases/study").status == 200) }
    program.signal(SIGHUP)
    #expect(try await wire.send("GET", "/v1/atlases/none").status == 404)
    program.signal(SIGTERM)
    #expect(try await program.end() == 0)
  }
}
