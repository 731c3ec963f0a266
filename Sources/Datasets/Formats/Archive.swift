import Foundation
import Records

/// Calls `body` with the folder that holds `set-a`: the one named, one inside it, or one unpacked for the time being
/// from a tar archive.
func withUnpacked<R>(_ path: URL, _ body: (URL) throws -> R) throws -> R {
  let files = FileManager.default
  var isFolder: ObjCBool = false
  guard files.fileExists(atPath: path.path, isDirectory: &isFolder) else {
    throw DatasetError.missingFile(path: path.path, remedy: "check the path")
  }
  if isFolder.boolValue {
    let archive = path.appendingPathComponent("physionet2012.tar.xz")
    if folderWithSets(path) == nil, files.fileExists(atPath: archive.path) { return try withUnpacked(archive, body) }
    return try body(folderWithSets(path) ?? path)
  }
  let folder = files.temporaryDirectory.appendingPathComponent("nasatlas-\(UUID().uuidString)")
  do {
    try files.createDirectory(at: folder, withIntermediateDirectories: true)
  } catch {
    throw DatasetError.cannotWrite(path: folder.path, reason: error.localizedDescription)
  }
  defer { try? files.removeItem(at: folder) }
  let tar = Process()
  tar.executableURL = URL(fileURLWithPath: "/usr/bin/tar")
  tar.arguments = ["--extract", "--no-same-owner", "--file", path.path, "--directory", folder.path]
  tar.standardOutput = FileHandle.nullDevice
  tar.standardError = FileHandle.nullDevice
  do {
    try tar.run()
  } catch {
    throw DatasetError.archiveToolFailed(path: path.path, reason: "/usr/bin/tar cannot be started")
  }
  tar.waitUntilExit()
  guard tar.terminationReason == .exit, tar.terminationStatus == 0 else {
    throw DatasetError.archiveToolFailed(path: path.path, reason: "tar ended with status \(tar.terminationStatus)")
  }
  return try body(folderWithSets(folder) ?? folder)
}

private func folderWithSets(_ folder: URL) -> URL? {
  [folder, folder.appendingPathComponent("physionet2012")].first {
    FileManager.default.fileExists(atPath: $0.appendingPathComponent("set-a").path)
  }
}
