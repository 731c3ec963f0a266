import Foundation
import TestSupport

/// A fresh folder with a journal of a made-up study, and the atlas that the command line made of it.
final class SmallAtlas {
  let folder: URL
  let study: SyntheticStudy
  var journal: String { path("study.journal") }
  var working: String { path("working.sqlite") }
  var atlas: String { path("study.atlas") }

  init(architectures: Int = 8, seeds: Int = 1, hasProxy: Bool = false) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("nasatlas-\(UUID().uuidString)")
    study = SyntheticStudy(architectures: architectures, seedsPerArchitecture: seeds, epochs: 4, hasProxy: hasProxy)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try study.journal().write(to: URL(fileURLWithPath: journal))
    for arguments in [
      ["ingest", journal, "--into", working], ["publish", working, atlas, "--title", "A small study"],
    ] {
      let run = try CommandRun(arguments)
      guard run.status == 0 else { throw SmallAtlasError.failed(arguments: arguments, errors: run.errors) }
    }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// The id of one of the architectures.
  func firstID() throws -> String {
    struct Ranking: Decodable {
      struct Place: Decodable {
        struct Architecture: Decodable { let id: String }
        let architecture: Architecture
      }
      let places: [Place]
    }
    let ranking = try CommandRun("top", atlas, "-k", "1", "--json").json(Ranking.self)
    guard let first = ranking.places.first else { throw SmallAtlasError.empty }
    return first.architecture.id
  }

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
}

enum SmallAtlasError: Error {
  case empty
  case failed(arguments: [String], errors: String)
}
