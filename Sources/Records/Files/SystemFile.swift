package import Foundation

/// An open file, read and written by system calls that are repeated when a signal interrupts them or when they move
/// fewer bytes than asked for. Closed when released.
package final class SystemFile: @unchecked Sendable {
  package enum Access {
    case read
    /// Read and write; created empty when absent.
    case readWrite
    /// Read and write a file that must not exist yet.
    case createNew
  }

  package let path: String
  package let descriptor: Int32

  package init(_ path: String, _ access: Access) throws(RecordsError) {
    let flags: Int32 =
      switch access {
      case .read: O_RDONLY
      case .readWrite: O_RDWR | O_CREAT
      case .createNew: O_RDWR | O_CREAT | O_EXCL
      }
    self.path = path
    // A NUL would end the path early for the system and name another file.
    guard !path.utf8.contains(0), !path.isEmpty else { throw .notFound(path: path) }
    descriptor = Self.retrying { open(path, flags | O_CLOEXEC, 0o644) }
    guard descriptor >= 0 else {
      if errno == ENOENT && access == .read { throw .notFound(path: path) }
      throw Self.failure("open", path)
    }
  }

  deinit {
    // A child that is being started holds a copy of the descriptor for a moment, and a copy would keep the lock.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  package func size() throws(RecordsError) -> Int {
    try status().size
  }

  /// Size in bytes and inode number.
  package func status() throws(RecordsError) -> (size: Int, inode: UInt64) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.failure("fstat", path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .fileSystem(operation: "open", path: path, errorNumber: EINVAL, reason: "not a regular file")
    }
    return (Int(status.st_size), UInt64(status.st_ino))
  }

  /// Up to `count` bytes from `offset`; fewer only at the end of the file.
  package func read(at offset: Int, count: Int) throws(RecordsError) -> [UInt8] {
    var failed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let room = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled..<count])
        let moved = Self.retrying { pread(descriptor, room.baseAddress, room.count, off_t(offset + filled)) }
        if moved < 0 { failed = true }
        if moved <= 0 { return }
        filled += moved
      }
    }
    if failed { throw Self.failure("read", path) }
    return bytes
  }

  /// Fills `buffer` from `offset`; gives the number of bytes, fewer only at the end of the file, or nil after an error.
  package func fill(_ buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int? {
    var filled = 0
    while filled < buffer.count {
      let room = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let moved = Self.retrying { pread(descriptor, room.baseAddress, room.count, off_t(offset + filled)) }
      if moved < 0 { return nil }
      if moved == 0 { break }
      filled += moved
    }
    return filled
  }

  package func write(_ bytes: some Collection<UInt8>, at offset: Int) throws(RecordsError) {
    let block = ContiguousArray(bytes)
    var written = 0
    while written < block.count {
      let moved = block.withUnsafeBytes { buffer in
        let rest = UnsafeRawBufferPointer(rebasing: buffer[written...])
        return Self.retrying { pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + written)) }
      }
      guard moved > 0 else { throw Self.failure("write", path) }
      written += moved
    }
  }

  package func truncate(to length: Int) throws(RecordsError) {
    guard Self.retrying({ ftruncate(descriptor, off_t(length)) }) == 0 else { throw Self.failure("truncate", path) }
  }

  /// Returns when the file's bytes and length are on the disk.
  package func synchronize() throws(RecordsError) {
    guard Self.retrying({ fsync(descriptor) }) == 0 else { throw Self.failure("fsync", path) }
  }

  /// Takes the exclusive lock of the file without waiting; it ends with this object or its process.
  package func lock() throws(RecordsError) {
    guard Self.retrying({ flock(descriptor, LOCK_EX | LOCK_NB) }) != 0 else { return }
    guard errno == EWOULDBLOCK else { throw Self.failure("flock", path) }
    throw .locked(path: path, holder: LockTable.holder(ofInode: try status().inode))
  }

  /// Opens the lock file at `path`, creates it if it is absent, and takes its lock. The process that has the lock may
  /// remove the file. A lock of a removed file excludes nobody, so this function then opens the path again.
  package static func locked(_ path: String) throws(RecordsError) -> SystemFile {
    while true {
      let file = try SystemFile(path, .readWrite)
      try file.lock()
      var status = stat()
      if stat(path, &status) == 0, try UInt64(status.st_ino) == file.status().inode { return file }
    }
  }

  /// Makes a name that was created, renamed or removed in the folder of `path` durable.
  package static func synchronizeFolder(of path: String) throws(RecordsError) {
    let folder = PathText.folder(of: path)
    let name = folder.isEmpty ? "." : folder
    let descriptor = retrying { open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw failure("open", name) }
    defer { close(descriptor) }
    guard retrying({ fsync(descriptor) }) == 0 else { throw failure("fsync", name) }
  }

  package static func rename(_ old: String, to new: String) throws(RecordsError) {
    guard Foundation.rename(old, new) == 0 else { throw failure("rename", new) }
  }

  /// Puts a file of our own in its place in one step and on the disk: a reader finds the old content or the new one.
  /// Files that a user names go through ``OutputFile``, which does not replace what the command did not make.
  package static func replace(_ path: String, with bytes: Data) throws(RecordsError) {
    let partial = "\(path).\(getpid()).partial"
    unlink(partial)
    do throws(RecordsError) {
      let new = try SystemFile(partial, .createNew)
      try new.write(bytes, at: 0)
      try new.synchronize()
      try rename(partial, to: path)
      try synchronizeFolder(of: path)
    } catch {
      unlink(partial)
      throw error
    }
  }

  package static func failure(_ operation: String, _ path: String) -> RecordsError {
    let number = errno
    return .fileSystem(operation: operation, path: path, errorNumber: number, reason: String(cString: strerror(number)))
  }

  private static func retrying<R: SignedInteger>(_ call: () -> R) -> R {
    while true {
      let result = call()
      if result != -1 || errno != EINTR { return result }
    }
  }
}
