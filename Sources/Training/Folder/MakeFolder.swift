import Foundation

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
