import Foundation

/// The system's list of file locks, `/proc/locks`.
package enum LockTable {
  /// The process that holds the exclusive `flock` of the file with this inode; nil where the system does not tell.
  package static func holder(ofInode inode: UInt64) -> Int32? {
    guard let table = try? String(contentsOfFile: "/proc/locks", encoding: .utf8) else { return nil }
    return holder(ofInode: inode, in: table)
  }

  /// Reads lines such as `1: FLOCK  ADVISORY  WRITE 7253 fe:00:16220285 0 EOF`.
  package static func holder(ofInode inode: UInt64, in table: String) -> Int32? {
    for line in table.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count >= 6, words[1] == "FLOCK", words[3] == "WRITE" else { continue }
      guard words[5].split(separator: ":").last.flatMap({ UInt64($0) }) == inode else { continue }
      if let process = Int32(words[4]), process > 0 { return process }
    }
    return nil
  }
}
