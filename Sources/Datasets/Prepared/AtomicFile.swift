import Foundation
import Records

/// Files of the cache folder that are there whole or not at all.
enum AtomicFile {
  /// Replaces `file` in one step, after making its folder.
  static func write(_ bytes: Data, to file: URL) throws {
    do {
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try SystemFile.replace(file.path, with: bytes)
    } catch {
      let reason = (error as? RecordsError)?.message ?? error.localizedDescription
      throw DatasetError.cannotWrite(path: file.path, reason: reason)
    }
  }
}
