import Foundation
import QueryServer
import Records
import Testing

/// The description of the interface, the settings and their documentation say what is so.
@Suite struct InterfaceTests {
  private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  @Test func theDescriptionInTheRepositoryIsThatOfTheServer() async throws {
    let file = Self.package.appendingPathComponent("schemas/openapi.json")
    let text = try OpenAPI.text(OpenAPI.document)
    if ProcessInfo.processInfo.environment["NASATLAS_SNAPSHOTS"] == "write" {
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == text, "write it anew with NASATLAS_SNAPSHOTS=write")
    try await RunningServer.with([StudyAtlas.shared.path]) { server in
      let served = try await server.wire.send("GET", "/v1/openapi.json")
      #expect(try served.decoded(JSONValue.self) == JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)))
      let page = try await server.wire.send("GET", "/docs")
      #expect(page.headers["content-type"] == "text/html; charset=utf-8")
      for path in try Self.operations().map(\.path) { #expect(page.text.contains("<h2>") && page.text.contains(path)) }
      #expect(!page.text.contains("<script") && !page.text.contains("https://"))
      #expect(page.text.contains("href=\"/assets/page.css\"") && page.text.contains("role=\"search\""))
      #expect(page.headers["content-security-policy"]?.contains("default-src 'none'") == true)
    }
  }

  /// Every operation that is described is there, and no path answers that is not described.
  @Test func everyDescribedOperationAnswers() async throws {
    let operations = try Self.operations()
    #expect(operations.count > 20)
    try await RunningServer.with([StudyAtlas.shared.path]) { server in
      for (path, method) in operations {
        let target = path.replacing("{atlas}", with: "study").replacing("{", with: "").replacing("}", with: "")
        let reply = try await server.wire.send(method, target)
        let code = try? reply.json()["code"] as? String
        #expect(reply.status != 405 && code != "server.no_such_route", "\(method) \(path)")
        let others = Set(["GET", "POST", "PUT", "DELETE"]).subtracting(
          operations.filter { $0.path == path }.map(\.method))
        for other in others { #expect(try await server.wire.send(other, target).status == 405, "\(other) \(path)") }
      }
      let metrics = try await server.admin.send("GET", "/metrics").text
      let met = Set(
        metrics.split(separator: "\n").compactMap { line in
          line.split(separator: "route=\"").dropFirst().first?.prefix { $0 != "\"" }
        }.filter { $0 != "none" && $0 != "NotFound" })
      #expect(met == Set(operations.map { $0.path[...] }))
    }
  }

  @Test func settingsComeFromFlagsEnvironmentFilesAndDefaults() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("settings-\(UUID().uuidString)")
    try "# ours\nport = 9000\nidle-seconds = 7\nurl-bytes=512\n".write(to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    let environment = ["NASATLAS_SERVER_PORT": "9001", "NASATLAS_SERVER_IDLE_SECONDS": "8"]
    let resolved = try ResolvedSettings(flags: ["port": "9002"], environment: environment, file: file.path)
    #expect(resolved.settings.port == 9_002 && resolved.origins["port"] == "--port")
    #expect(resolved.settings.idleSeconds == 8 && resolved.origins["idle-seconds"] == "NASATLAS_SERVER_IDLE_SECONDS")
    #expect(resolved.settings.urlBytes == 512 && resolved.origins["url-bytes"] == "\(file.path), line 4")
    #expect(resolved.origins["body-bytes"] == "default")
    #expect(throws: ServerError.badSetting(name: "port", value: "70000", origin: "--port", allowed: "0 to 65535")) {
      try ResolvedSettings(flags: ["port": "70000"], environment: [:], file: nil)
    }
    #expect(throws: ServerError.self) { try ResolvedSettings(flags: ["prot": "1"], environment: [:], file: nil) }
    // Every setting shows what it was given.
    for setting in ServerSetting.all {
      let value = setting.value(in: ServerSettings())
      let again = try ResolvedSettings(flags: [setting.name: value], environment: [:], file: nil)
      #expect(again.settings == ServerSettings())
    }
  }

  @Test func theDocumentationNamesEverySettingAndOperation() throws {
    let text = try String(contentsOf: Self.package.appendingPathComponent("docs/server.md"), encoding: .utf8)
    for setting in ServerSetting.all {
      let value = setting.value(in: ServerSettings())
      #expect(
        text.contains("| `\(setting.name)` | \(value.isEmpty ? "" : "`\(value)`") |"), "\(setting.name) = \(value)")
    }
    for (path, method) in try Self.operations() { #expect(text.contains("`\(method) \(path)`"), "\(method) \(path)") }
  }

  private static func operations() throws -> [(path: String, method: String)] {
    guard case .object(let document) = OpenAPI.document, case .object(let paths)? = document["paths"] else { return [] }
    return paths.sorted { $0.key < $1.key }.flatMap { path, operations in
      guard case .object(let methods) = operations else { return [(path: String, method: String)]() }
      return methods.keys.sorted().map { (path, $0.uppercased()) }
    }
  }
}
