import Foundation
import Records

/// Puts a file in its place in one step and on the disk: whoever reads has the old content or the new one.
func replaceFile(_ file: URL, with bytes: Data) throws {
  let partial = file.path + ".partial"
  unlink(partial)
  do {
    let new = try SystemFile(partial, .createNew)
    try new.write(bytes, at: 0)
    try new.synchronize()
    try SystemFile.rename(partial, to: file.path)
    try SystemFile.synchronizeFolder(of: file.path)
  } catch {
    unlink(partial)
    throw error
  }
}

/// Makes a folder and those above it where they are absent.
func makeFolder(_ folder: URL) throws(TrainingError) {
  var isFolder: ObjCBool = false
  if FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder), isFolder.boolValue { return }
  let above = folder.deletingLastPathComponent()
  if above.path != folder.path { try makeFolder(above) }
  guard mkdir(folder.path, 0o777) != 0 else { return }
  let number = errno
  // Another process may have made it meanwhile.
  if number == EEXIST, FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder), isFolder.boolValue {
    return
  }
  throw .cannotMakeFolder(path: folder.path, errorNumber: number)
}
