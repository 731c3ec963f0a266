import Foundation
import Records
import Store
import TestSupport
import Testing

/// Promise R10: whatever stands in the place of an atlas or its manifest, the error says what is wrong, and soon.
@Suite struct ForeignFileTests {
  let workshop: Workshop

  init() throws {
    workshop = try Workshop()
    var maker = SyntheticRuns(seed: 1)
    try workshop.atlas("a", maker.runs(30), maker.measurements(10))
    try workshop.atlas("other", maker.runs(60))
  }

  /// What lies at the two paths, and the code that is expected; nil where several are right.
  struct Case {
    let note: String
    var atlas: Data?
    var manifest: Data?
    let code: String?
  }

  func cases() throws -> [Case] {
    try lengths() + headers() + foreign() + manifests()
  }

  private func lengths() throws -> [Case] {
    let atlas = try workshop.bytes("a")
    let manifest = try workshop.bytes("a.manifest.json")
    var generator = SeededGenerator(seed: 10)
    var lengths = Array(stride(from: 0, through: 110, by: 5)) + [99, 101, 512, 4_095, 4_096, 4_097, atlas.count - 1]
    lengths += (0..<130).map { _ in generator.integer(below: atlas.count) }
    var cases = lengths.map { length in
      Case(
        note: "cut to \(length)", atlas: atlas.prefix(length), manifest: manifest,
        code: length == 0 ? "store.empty" : length < 100 ? "store.foreign" : "store.truncated")
    }
    for more in [1, 2, 100, 4_095, 4_096, 4_097, 100_000] + (0..<33).map({ 1 + $0 * 501 }) {
      for byte: UInt8 in [0, 0xff] {
        let longer = atlas + Data(repeating: byte, count: more)
        cases.append(Case(note: "\(more) more", atlas: longer, manifest: manifest, code: "store.extended"))
      }
    }
    return cases
  }

  /// Other numbers in the first hundred bytes.
  private func headers() throws -> [Case] {
    let atlas = try workshop.bytes("a")
    let manifest = try workshop.bytes("a.manifest.json")
    func with(_ number: UInt32, at offset: Int) -> Data {
      var changed = atlas
      for byte in 0..<4 { changed[offset + byte] = UInt8(truncatingIfNeeded: number >> (24 - 8 * byte)) }
      return changed
    }
    var cases: [Case] = []
    for version: UInt32 in [0, 1, 2, 4, 5, 99, 1 << 16, .max] {
      cases.append(
        Case(note: "format \(version)", atlas: with(version, at: 60), manifest: manifest, code: "store.format"))
    }
    for application: UInt32 in [0, 0x4e41_5357, 0x4e41_5342, 0x4153_414e, .max] {
      cases.append(
        Case(
          note: "application \(application)", atlas: with(application, at: 68), manifest: manifest,
          code: "store.foreign"))
    }
    for offset in 0..<16 {
      var changed = atlas
      changed[offset] ^= 0x20
      cases.append(Case(note: "byte \(offset)", atlas: changed, manifest: manifest, code: "store.foreign"))
    }
    for offset in Array(16..<60) + Array(72..<100) {
      var changed = atlas
      changed[offset] ^= 0x15
      cases.append(Case(note: "byte \(offset)", atlas: changed, manifest: manifest, code: "store.damaged_page"))
    }
    return cases
  }

  private func foreign() throws -> [Case] {
    let manifest = try workshop.bytes("a.manifest.json")
    let texts = [
      "x", "{}", "[]", "NASAJRNL", "NASA", "%PDF-1.7", "\u{1f}\u{8b}", "PK\u{3}\u{4}", "\u{89}PNG\r\n", "\n", " ", "\0",
      "<html>", "#!/bin/sh\nexit 0\n", "SQLite format 3", "SQLite format 3\0", "SQLite format 4\0",
      String(repeating: "SQLite format 3\0", count: 50), String(repeating: "a", count: 200_000),
    ]
    var cases = texts.map { Case(note: $0, atlas: Data($0.utf8), manifest: manifest, code: "store.foreign") }
    for name in ["a.working", "a.journal", "a.manifest.json"] {
      cases.append(Case(note: name, atlas: try workshop.bytes(name), manifest: manifest, code: "store.foreign"))
    }
    var generator = SeededGenerator(seed: 11)
    for length in 1...60 {
      let noise = Data((0..<length * 97).map { _ in UInt8(truncatingIfNeeded: generator.next()) })
      cases.append(Case(note: "noise of \(noise.count)", atlas: noise, manifest: manifest, code: "store.foreign"))
    }
    cases.append(Case(note: "nothing", atlas: nil, manifest: manifest, code: "store.not_found"))
    return cases
  }

  private func manifests() throws -> [Case] {
    let atlas = try workshop.bytes("a")
    let manifest = try workshop.bytes("a.manifest.json")
    let other = try workshop.bytes("other.manifest.json")
    var cases = [
      Case(note: "no manifest", atlas: atlas, manifest: nil, code: "store.manifest_missing"),
      Case(note: "another's manifest", atlas: atlas, manifest: other, code: nil),
      Case(note: "another's atlas", atlas: try workshop.bytes("other"), manifest: manifest, code: nil),
      Case(note: "swapped", atlas: manifest, manifest: atlas, code: "store.foreign"),
      Case(note: "too long", atlas: atlas, manifest: Data(count: 70 << 20), code: "store.manifest_damaged"),
      Case(note: "twice", atlas: atlas, manifest: manifest + manifest, code: "store.manifest_damaged"),
    ]
    for text in ["", "{}", "[]", "null", "x", "\0", #"{"manifest":{},"manifestDigest":"00"}"#, "{\"manifest\":"] {
      cases.append(
        Case(note: "manifest \(text)", atlas: atlas, manifest: Data(text.utf8), code: "store.manifest_damaged"))
    }
    var generator = SeededGenerator(seed: 12)
    for _ in 0..<70 {
      let length = generator.integer(below: manifest.count)
      var flipped = manifest
      flipped[length] ^= 1 << UInt8(generator.integer(below: 8))
      for damaged in [manifest.prefix(length), flipped] {
        cases.append(
          Case(note: "manifest \(length)", atlas: atlas, manifest: damaged, code: "store.manifest_damaged"))
      }
    }
    // Manifests that have their own digest and tell something else.
    let changes: [(String, JSONValue, String?)] = [
      ("format", .integer(1), "store.format"), ("format", .integer(4), "store.format"),
      ("format", .integer(-1), "store.format"), ("bytes", .integer(0), "store.manifest_damaged"),
      ("bytes", .integer(.max), "store.manifest_damaged"), ("bytes", .integer(-4_096), "store.manifest_damaged"),
      ("pageBytes", .integer(0), "store.manifest_damaged"), ("pageBytes", .integer(512), "store.manifest_damaged"),
      ("pageChecksums", .string(""), "store.manifest_damaged"), ("tables", .array([]), "store.manifest_mismatch"),
    ]
    for (member, value, code) in changes {
      cases.append(
        Case(note: "\(member) \(value)", atlas: atlas, manifest: try resealed(manifest, member, value), code: code))
    }
    return cases
  }

  private func resealed(_ manifest: Data, _ member: String, _ value: JSONValue) throws -> Data {
    guard case .object(var sealed) = try CanonicalJSON.decode(JSONValue.self, from: manifest),
      case .object(var content)? = sealed["manifest"]
    else { throw StoreError.manifestMissing(path: "a") }
    content[member] = value
    sealed["manifest"] = .object(content)
    sealed["manifestDigest"] = .string(try CanonicalJSON.digest(content).hex)
    return try CanonicalJSON.encode(sealed) + Data("\n".utf8)
  }

  @Test func fiveHundredCasesAreTold() throws {
    let cases = try cases()
    #expect(cases.count >= 500)
    let path = workshop.file("b")
    var slowest = Duration.zero
    for item in cases {
      try? FileManager.default.removeItem(atPath: path)
      try? FileManager.default.removeItem(atPath: path + ".manifest.json")
      if let atlas = item.atlas { try workshop.write(atlas, "b") }
      if let manifest = item.manifest { try workshop.write(manifest, "b.manifest.json") }
      var thrown: (any Error)?
      let time = ContinuousClock().measure {
        do { _ = try Atlas(path: path) } catch { thrown = error }
      }
      slowest = max(slowest, time)
      guard let error = thrown as? any UserFacingError else {
        Issue.record("\(item.note.prefix(40)): \(thrown.map { "\($0)" } ?? "no error")")
        continue
      }
      if let code = item.code { #expect(error.code == code, "\(item.note.prefix(40))") }
      #expect(error.remedy != nil && error.message.contains(workshop.path), "\(item.note.prefix(40))")
      #expect(time < .seconds(1), "\(item.note.prefix(40)) took \(time)")
    }
    Reliability.report(
      "R10", "\(cases.count) files, each a typed error, within \(slowest / .milliseconds(1)) ms at most")
  }

  /// A file's own SHA-256 is checked where everything is.
  @Test func aManifestWithAnotherFileDigestIsTold() throws {
    let manifest = try resealed(
      workshop.bytes("a.manifest.json"), "digest", .string(Digest256(of: "another").hex))
    try workshop.write(workshop.bytes("a"), "b")
    try workshop.write(manifest, "b.manifest.json")
    let error = #expect(throws: StoreError.self) { try Atlas.verify(path: workshop.file("b")) }
    #expect(error?.code == "store.manifest_mismatch")
  }

  @Test func foldersAndOddNamesAreTold() throws {
    try FileManager.default.createDirectory(atPath: workshop.file("b"), withIntermediateDirectories: true)
    try workshop.write(workshop.bytes("a"), "c")
    try FileManager.default.createDirectory(atPath: workshop.file("c.manifest.json"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: workshop.file("d"), withDestinationPath: workshop.file("d"))
    for path in [
      workshop.file("b"), workshop.file("c"), workshop.file("d"), workshop.path, "", "a\0b", "/dev/null",
      workshop.file("a") + "/b", workshop.file(String(repeating: "n", count: 300)),
    ] {
      let error = #expect(throws: (any Error).self, "\(path)") { try Atlas(path: path) }
      #expect(error is any UserFacingError, "\(path)")
    }
  }
}
