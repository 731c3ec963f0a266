import Foundation
import QueryServer
import Records
import Store
import TestSupport
import Testing

/// Whoever made a file, it never ends the process: content that changed under checksums and a manifest made anew.
@Suite struct CraftedAtlasTests {
  private static let isSlow = Reliability.isLong
  /// Prints each variant before it is used, to find the one that ends the process.
  private static let isTold = ProcessInfo.processInfo.environment["NASATLAS_TELL_VARIANTS"] == "1"
  /// Of how many variants the default suite takes one, besides those that ended the process once: NULL where a value
  /// is expected, in every column, and a space without architectures.
  private static let defaultStride = 19

  /// A folder with the base and what is made of it.
  private final class Folder: Sendable {
    let path: String
    init() throws {
      path = FileManager.default.temporaryDirectory.appendingPathComponent("nasatlas-\(UUID().uuidString)").path
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try CraftedBase.publish(to: path + "/base.atlas")
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  @Test func everyUseOfACraftedAtlasEndsWithAnAnswerOrAnError() async throws {
    let folder = try Folder()
    let base = folder.path + "/base.atlas"
    let raw = try RawAtlas(copyOf: base, path: folder.path + "/crafted.atlas")
    let other = try Atlas(path: base)
    let variants = try CraftedVariants(raw: raw).all()
    #expect(variants.count >= 2_700)
    var used = 0
    var served = 0
    for (place, variant) in variants.enumerated() {
      guard Self.isSlow || place % Self.defaultStride == 0 || Self.endedTheProcess(variant.name) else { continue }
      if Self.isTold { FileHandle.standardError.write(Data("\(place) \(variant.name)\n".utf8)) }
      // Away from the threads that servers of other tests compute on.
      let uses = try await Wire.away { () throws -> AtlasUses? in
        var written: String?
        for statements in variant.statements where written == nil {
          written = try raw.write(statements, members: variant.members)
        }
        // Some changes no SQLite takes, such as a NULL row number.
        guard let path = written else { return nil }
        var uses = AtlasUses(path: path, other: other)
        uses.run(merging: Self.isSlow || place.isMultiple(of: 4))
        return uses
      }
      guard let uses else { continue }
      used += 1
      for fault in uses.faults { Issue.record("\(variant.name): \(fault)") }
      guard uses.isServed else { continue }
      served += 1
      guard Self.isSlow || served.isMultiple(of: 8) else { continue }
      try await Self.ask(uses.path, variant.name)
    }
    #expect(used > (Self.isSlow ? 2_500 : 200) && served > used / 20)
    Reliability.report("R25", "\(used) crafted atlases, \(served) of them served: 0 traps, all errors typed")
  }

  private static func endedTheProcess(_ variant: String) -> Bool {
    variant.hasSuffix(" = NULL") && !variant.contains(": one ")
      || variant == "architectures: space = -9223372036854775807 - 1"
  }

  /// Asks a server for everything it says of the atlas. A reply may break off where the damage shows, and then the
  /// server still answers others.
  private static func ask(_ path: String, _ variant: String) async throws {
    let name = "crafted"
    let api = [
      "", "/architectures", "/architectures/0", "/sample?count=2", "/value?architecture=0", "/answer?architecture=0",
      "/curve?architecture=0", "/value?architecture=0&dataset=red", "/answer?architecture=0&dataset=red",
      "/curve?architecture=0&dataset=red", "/top?count=3&dataset=red", "/pareto?objective=parameters&dataset=red",
      "/neighbors?architecture=0&dataset=red", "/spaces", "/spaces/tiny-grid/configspace", "/quantities/latency[pi]",
      "/export",
    ].map { "/v1/atlases/\(name)\($0)" }
    let pages = ["", "?dataset=red", "/table.csv", "/table.csv?dataset=red", "/surrogates", "/compare?architecture=0"]
      .map { "/atlases/\(name)\($0)" }
    try await RunningServer.with([path]) { server in
      for target in api + pages + ["/", "/v1/atlases"] {
        guard let reply = try? await server.wire.send("GET", target) else { continue }
        #expect((200..<600).contains(reply.status), "\(variant): \(target)")
      }
      let last = try await server.wire.send("GET", "/v1/atlases")
      #expect(last.status == 200, "\(variant)")
    }
  }

  /// A file that cannot be decoded does not take the place of the one that is served.
  @Test func aCraftedFileIsNotRenewed() async throws {
    let folder = try Folder()
    let base = folder.path + "/base.atlas"
    let path = folder.path + "/served.atlas"
    let raw = try RawAtlas(copyOf: base, path: path)
    #expect(try raw.write("SELECT 1") != nil)
    try await RunningServer.with([path]) { server in
      let before = try await server.wire.send("GET", "/v1/atlases/served").json()["digest"] as? String
      for change in [
        "UPDATE settings SET runs = 'x'", "UPDATE settings SET runs = 9223372036854775807",
        "UPDATE columns SET rows_per_block = 1 WHERE kind = 'final'", "UPDATE blocks SET data = x'00'",
        "UPDATE architectures SET text = x'00'", "DELETE FROM architectures WHERE id = 2",
        "DELETE FROM spaces", "UPDATE metrics SET name = x'00'",
        "UPDATE spaces SET card = '{'", "DROP TABLE splits; DROP TABLE quantities",
      ] {
        #expect(try raw.write(change) != nil, "\(change)")
        let renewal = try await server.admin.send("POST", "/renew")
        #expect(renewal.text.contains("failure"), "\(change)")
        let after = try await server.wire.send("GET", "/v1/atlases/served")
        #expect(try after.status == 200 && after.json()["digest"] as? String == before, "\(change)")
      }
      #expect(try raw.write("UPDATE meta SET value = 'Another title' WHERE key = 'title'") != nil)
      let renewal = try await server.admin.send("POST", "/renew")
      #expect(renewal.text.contains("\"isNew\":true"))
    }
  }
}
