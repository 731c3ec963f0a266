import Foundation
import Records
import Store
import Testing

/// Which atlas a publication may replace, and what the manifest says of the working file.
@Suite struct PublicationPlaceTests {
  let workshop: Workshop
  let store: WorkingStore

  init() throws {
    workshop = try Workshop()
    for folder in ["made", "atlases/old", ".hidden"] {
      try FileManager.default.createDirectory(atPath: workshop.file(folder), withIntermediateDirectories: true)
    }
    store = try Self.store(workshop, "made/w.sqlite", value: 1)
  }

  private static func store(_ workshop: Workshop, _ name: String, value: Double) throws -> WorkingStore {
    let quantity = Quantity(name: "score", unit: "1")
    let measured = ArchitectureMeasurement(space: "plain", architecture: "a", quantity: quantity, value: value)
    let journal = try workshop.journal("j\(value)", [.measurement(measured)])
    let store = try WorkingStore(path: workshop.file(name))
    try store.ingest(files: [journal], reading: PlainReading())
    return store
  }

  private func code(_ body: () throws -> Void) -> String? {
    do { try body() } catch { return (error as? any UserFacingError)?.code ?? "\(error)" }
    return nil
  }

  @Test func theManifestNamesTheWorkingFile() throws {
    let hidden = try Self.store(workshop, ".hidden/w.sqlite", value: 2)
    #expect(try store.publish(to: workshop.file("made/a")).working == "w.sqlite")
    #expect(try store.publish(to: workshop.file("a")).working == "made/w.sqlite")
    #expect(try store.publish(to: workshop.file("atlases/old/a")).working == "../../made/w.sqlite")
    #expect(try store.publish(to: workshop.file("b"), isTemporary: true).working == nil)
    #expect(try hidden.publish(to: workshop.file("c")).working == nil)
    #expect(try Atlas(path: workshop.file("a")).manifest.working == "made/w.sqlite")
    let report = try Atlas.verify(path: workshop.file("a"))
    let again = try Atlas(path: workshop.file("b"))
    #expect(report.digest == again.digest, "the atlas depends on a path")
  }

  @Test func onlyAtlasesOfTheSameWorkingFileAreReplaced() throws {
    let other = try Self.store(workshop, "made/other.sqlite", value: 2)
    let path = workshop.file("a")
    try store.publish(to: path)
    try store.publish(to: path)
    #expect(code { try other.publish(to: path) } == "records.output_exists")
    // Another name of the same file.
    symlink("w.sqlite", workshop.file("made/again"))
    try WorkingStore(path: workshop.file("made/again")).publish(to: path)
    try other.publish(to: path, force: true)
    #expect(code { try store.publish(to: path) } == "records.output_exists")
    // A publication that was killed between its last two steps leaves the manifest under the pending name.
    rename(path + ".manifest.json", path + ".manifest.json.next")
    try other.publish(to: path)
    // Without a manifest nothing says whose atlas it is.
    unlink(path + ".manifest.json")
    #expect(code { try other.publish(to: path) } == "records.output_exists")
  }

  @Test func theWorkingFileIsNoTarget() throws {
    let working = workshop.file("made/w.sqlite")
    let before = try workshop.bytes("made/w.sqlite")
    for suffix in ["", "-wal", "-shm", ".lock"] {
      #expect(code { try store.publish(to: working + suffix, force: true) } == "records.output_input", "\(suffix)")
    }
    for (name, target) in [("x.partial", "x"), ("y.manifest.json", "y"), ("z.manifest.json.next", "z")] {
      let odd = try Self.store(workshop, name, value: 3)
      #expect(code { try odd.publish(to: workshop.file(target), force: true) } == "records.output_input", "\(name)")
    }
    #expect(code { try store.publish(to: "/dev/null") } == "records.output_not_regular")
    #expect(try workshop.bytes("made/w.sqlite") == before)
  }

  @Test func filesBesideTheAtlasAreKept() throws {
    let text = Data("# Notes\n".utf8)
    for name in ["a.manifest.json", "a.manifest.json.next", "a.partial"] {
      try workshop.write(text, name)
      #expect(
        code { try store.publish(to: workshop.file("a"), force: true) } == "records.output_other_kind", "\(name)")
      #expect(try workshop.bytes(name) == text)
      unlink(workshop.file(name))
    }
    try store.publish(to: workshop.file("a"))
  }

  /// The manifest is beside the file that a link leads to; in stores that keep files under other names, beside the link.
  @Test func aLinkIsReadWithTheManifestOfItsFile() throws {
    try store.publish(to: workshop.file("real.atlas"))
    try FileManager.default.createDirectory(atPath: workshop.file("links"), withIntermediateDirectories: true)
    symlink("../real.atlas", workshop.file("links/a.atlas"))
    symlink("a.atlas", workshop.file("links/b.atlas"))
    for name in ["links/a.atlas", "links/b.atlas"] { _ = try Atlas.verify(path: workshop.file(name)) }
    try FileManager.default.createDirectory(atPath: workshop.file("blobs"), withIntermediateDirectories: true)
    for (name, blob) in [("real.atlas", "1f"), ("real.atlas.manifest.json", "2e")] {
      rename(workshop.file(name), workshop.file("blobs/\(blob)"))
      symlink("blobs/\(blob)", workshop.file(name))
    }
    for name in ["real.atlas", "links/b.atlas"] { _ = try Atlas.verify(path: workshop.file(name)) }
    unlink(workshop.file("real.atlas.manifest.json"))
    let error = #expect(throws: StoreError.self) { try Atlas.verify(path: workshop.file("real.atlas")) }
    #expect(error?.code == "store.manifest_missing")
  }

  @Test func aLinkGetsAManifestThatFits() throws {
    symlink("atlases/old/v1", workshop.file("current"))
    try store.publish(to: workshop.file("current"))
    try store.publish(to: workshop.file("current"))
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: workshop.file("current")) == "atlases/old/v1")
    for name in ["current", "atlases/old/v1"] { _ = try Atlas.verify(path: workshop.file(name)) }
  }
}
