import Foundation
import Records
import Testing

/// Journals of ledgers: damage is noticed, stays with its ledger, and older journals are read.
@Suite struct LedgerJournalTests {
  private static let target = "/v1/atlases/study/ledgers?seed=1"

  private static func id(_ reply: Wire.Reply) throws -> String {
    try #require((try reply.json()["terms"] as? [String: Any])?["id"] as? String)
  }

  /// The lines of a journal, without their line feeds.
  private static func lines(_ path: String) throws -> [String] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  private static func write(_ lines: [String], to path: String) throws {
    try lines.map { $0 + "\n" }.joined().write(toFile: path, atomically: true, encoding: .utf8)
  }

  /// A line as versions before chains wrote it.
  private static func old(_ line: String) -> String {
    let json = String(line.dropFirst(9 + 65))
    let checksum = String(Checksum.crc32(Array(json.utf8)), radix: 16)
    return String(repeating: "0", count: 8 - checksum.count) + checksum + " " + json
  }

  /// A folder with two ledgers of three answers each, and their ids.
  private static func folder() async throws -> (folder: String, ids: [String]) {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("journals-\(UUID().uuidString)").path
    let ids = try await RunningServer.with([StudyAtlas.shared.path], ["state-folder": folder]) { server in
      var ids: [String] = []
      for _ in 0..<2 {
        ids.append(try id(try await server.wire.post(target, "{\"unlimited\":true}")))
        for place in 0..<3 {
          let reply = try await server.wire.post("/v1/ledgers/\(ids[ids.count - 1])/ask", "{\"architecture\":\(place)}")
          #expect(reply.status == 200)
        }
      }
      return ids
    }
    return (folder, ids)
  }

  private static func queries(_ id: String, _ server: RunningServer) async throws -> Int? {
    let reply = try await server.wire.send("GET", "/v1/ledgers/\(id)")
    return (try reply.json()["spent"] as? [String: Any])?["queries"] as? Int
  }

  @Test func oneDamagedJournalIsSetAside() async throws {
    let (folder, ids) = try await Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = "\(folder)/\(ids[0]).ledger"
    let whole = try Self.lines(path)
    #expect(whole.count == 4)
    var (removed, swapped, changed, twice) = (whole, whole, whole, whole)
    removed.remove(at: 2)
    swapped.swapAt(1, 2)
    changed[2] = changed[2].replacing("\"asked\"", with: "\"askee\"")
    twice.insert(whole[1], at: 1)
    let stripped = whole[..<2] + [Self.old(whole[2]), Self.old(whole[3])]
    for damaged in [removed, swapped, changed, twice, Array(whole.dropFirst()), Array(stripped)] {
      try Self.write(damaged, to: path)
      try await RunningServer.with([StudyAtlas.shared.path], ["state-folder": folder]) { server in
        for (method, operation) in [("GET", ""), ("GET", "/history"), ("POST", "/ask"), ("POST", "/close")] {
          let reply = try await server.wire.send(
            method, "/v1/ledgers/\(ids[0])\(operation)", body: Array("{\"architecture\":0}".utf8))
          #expect(reply.status == 409, "\(reply.text)")
          #expect(try reply.json()["code"] as? String == "server.damaged_ledger")
        }
        #expect(try await Self.queries(ids[1], server) == 3)
        let more = try await server.wire.post("/v1/ledgers/\(ids[1])/ask", "{\"architecture\":0}")
        #expect(more.status == 200)
      }
      // Whoever looks into it finds the file as it was.
      #expect(try Self.lines(path) == damaged)
    }
    // A copy under another name is not that ledger.
    try Self.write(whole, to: path)
    try FileManager.default.copyItem(atPath: path, toPath: "\(folder)/\(String(repeating: "0", count: 32)).ledger")
    try await RunningServer.with([StudyAtlas.shared.path], ["state-folder": folder]) { server in
      let copy = try await server.wire.send("GET", "/v1/ledgers/\(String(repeating: "0", count: 32))")
      #expect(copy.status == 409)
      #expect(try await Self.queries(ids[0], server) == 3)
    }
  }

  /// The last line is the one whose removal nothing tells.
  @Test func journalsOfOlderVersionsAreReadAndChainedOn() async throws {
    let (folder, ids) = try await Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = "\(folder)/\(ids[0]).ledger"
    let old = try Self.lines(path).map { Self.old($0) }
    try Self.write(old, to: path)
    try await RunningServer.with([StudyAtlas.shared.path], ["state-folder": folder]) { server in
      #expect(try await Self.queries(ids[0], server) == 3)
      let more = try await server.wire.post("/v1/ledgers/\(ids[0])/ask", "{\"architecture\":7}")
      #expect(more.status == 200)
    }
    let lines = try Self.lines(path)
    #expect(Array(lines[..<4]) == old && lines.count == 5)
    for (index, status) in [(2, 409), (4, 200)] {
      var fewer = lines
      fewer.remove(at: index)
      try Self.write(fewer, to: path)
      try await RunningServer.with([StudyAtlas.shared.path], ["state-folder": folder]) { server in
        let reply = try await server.wire.send("GET", "/v1/ledgers/\(ids[0])")
        #expect(reply.status == status)
      }
    }
  }
}
