import Foundation
import Records
import Store

/// A working file beside the atlas that is written from it, for commands that make an atlas of atlases.
struct TemporaryWorkingFile {
  let path: String

  /// Takes a name that nothing else has, after checking that the atlas may be written to `atlas`.
  init(for atlas: String, inputs: [String], force: Bool) throws {
    let target = try OutputTarget(atlas)
    guard target.isRegular else { throw OutputError.notRegular(path: target.path, wanted: .atlas) }
    try target.check(as: .atlas, inputs: inputs, force: force)
    let folder = PathText.folder(of: target.resolved)
    path = folder + "/.merging-\(UUID().uuidString)"
  }

  func remove() {
    for file in WorkingStore.files(of: path) { try? FileManager.default.removeItem(atPath: file) }
  }
}
