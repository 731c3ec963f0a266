import Foundation

/// The exclusive lock of a file beside what it protects. It lasts as long as this object or its process.
///
/// The file goes with the object, so no command leaves it behind. A process that is killed does; the next one takes it.
package final class LockFile: Sendable {
  private let file: SystemFile
  private let emptyFolder: String?

  /// Takes the lock at `path` without waiting, and creates the file. `emptyFolder` is a folder that goes with it where
  /// nothing else is left in it.
  ///
  /// Throws `RecordsError.locked`, naming the holder, while another process has it.
  package init(_ path: String, emptyFolder: String? = nil) throws(RecordsError) {
    file = try SystemFile.locked(path)
    self.emptyFolder = emptyFolder
  }

  deinit {
    unlink(file.path)
    if let emptyFolder { rmdir(emptyFolder) }
  }
}
