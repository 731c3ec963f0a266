import Foundation
import Records

/// A file that a command writes, in pieces.
struct OutputFile {
  private let handle: FileHandle
  private let path: String

  /// Makes the file empty. Throws ``CommandError/unwritable(path:)``.
  init(_ path: String) throws {
    guard FileManager.default.createFile(atPath: path, contents: nil), let handle = FileHandle(forWritingAtPath: path)
    else { throw CommandError.unwritable(path: path) }
    self.handle = handle
    self.path = path
  }

  func write(_ text: String) throws {
    do {
      try handle.write(contentsOf: Data(text.utf8))
    } catch {
      throw CommandError.unwritable(path: path)
    }
  }
}
