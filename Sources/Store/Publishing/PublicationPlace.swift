import Foundation
import Records

/// Where an atlas and its manifest are published, checked before anything is written.
struct PublicationPlace {
  /// The path of the atlas, with links followed.
  let atlas: String
  private let target: OutputTarget

  /// Throws `OutputError` where a file at the place is of another kind, belongs to the working file, or is an atlas of
  /// other runs and `force` is false.
  init(_ path: String, working: String, force: Bool) throws {
    target = try OutputTarget(path)
    guard target.isRegular else { throw OutputError.notRegular(path: path, wanted: .atlas) }
    atlas = target.resolved
    let inputs = WorkingStore.files(of: working)
    let manifests = [AtlasFormat.manifestPath(atlas), AtlasFormat.pendingManifestPath(atlas)]
    let isOurs = manifests.contains { Self.names(working, in: $0, of: atlas) }
    try target.check(as: .atlas, inputs: inputs, force: force || isOurs)
    for manifest in manifests {
      let beside = try OutputTarget(manifest)
      guard beside.isRegular else { throw OutputError.notRegular(path: manifest, wanted: .manifest) }
      // What a publication that was killed left behind may be empty, not something else.
      try beside.check(as: .manifest, inputs: inputs, force: true)
    }
    for suffix in ["", "-journal", "-wal", "-shm"] {
      let partial = try OutputTarget(atlas + ".partial" + suffix)
      if let input = inputs.first(where: { partial.isSameFile(as: $0) }) {
        throw OutputError.isInput(path: partial.path, input: input)
      }
      // A publication that was killed leaves the head of an atlas, or zeros.
      if let found = partial.kind, ![.atlas, .other].contains(found) {
        throw OutputError.otherKind(path: partial.path, found: found, wanted: .atlas)
      }
    }
  }

  /// Whether the manifest at `path` says that the atlas beside it was published from the working file `working`.
  private static func names(_ working: String, in path: String, of atlas: String) -> Bool {
    guard let named = (try? AtlasManifest.read(path))?.working,
      let file = try? OutputTarget(PathText.folder(of: atlas) + "/" + named)
    else { return false }
    return file.isSameFile(as: working)
  }

  /// The path of the working file from the folder of the atlas. Nil where they share no folder but the root, and for a
  /// file in a hidden folder, as importers use for a while: nobody finds these again.
  func relativePath(of working: String) -> String? {
    guard let file = try? OutputTarget(working).resolved else { return nil }
    let from = (atlas as NSString).pathComponents.dropLast()
    let to = (file as NSString).pathComponents
    let shared = zip(from, to.dropLast()).prefix { $0 == $1 }.count
    let rest = to.dropFirst(shared)
    guard shared > 1, !rest.dropLast().contains(where: { $0.hasPrefix(".") }) else { return nil }
    return (Array(repeating: "..", count: from.count - shared) + rest).joined(separator: "/")
  }

  /// Gives new files the owner and mode of those that they are about to replace.
  func keepOwner(atlas new: String, manifest newManifest: String) {
    for (old, new) in [(atlas, new), (AtlasFormat.manifestPath(atlas), newManifest)] {
      if let file = try? SystemFile(new, .readWrite) { OutputTarget.copyOwner(of: old, to: file.descriptor) }
    }
  }
}
