import Foundation
import Records

/// A file that a command writes in pieces, and that is there when it is whole.
struct OutputFile {
  private let handle: FileHandle
  private let path: String
  private var partial: String { path + ".part" }

  /// Throws ``CommandError/unwritable(path:)``.
  init(_ path: String) throws {
    self.path = path
    guard FileManager.default.createFile(atPath: path + ".part", contents: nil),
      let handle = FileHandle(forWritingAtPath: path + ".part")
    else { throw CommandError.unwritable(path: path) }
    self.handle = handle
  }

  func write(_ text: String) throws {
    do {
      try handle.write(contentsOf: Data(text.utf8))
    } catch {
      discard()
      throw CommandError.unwritable(path: path)
    }
  }

  /// Puts what was written in its place, over what was there.
  func finish() throws {
    guard rename(partial, path) == 0 else {
      discard()
      throw CommandError.unwritable(path: path)
    }
  }

  /// Leaves nothing.
  func discard() { unlink(partial) }
}
