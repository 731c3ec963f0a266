import Foundation

/// The place that a path names for writing, found by following links, and the rule that decides whether a command may
/// write there.
package struct OutputTarget: Sendable {
  package enum State: Hashable, Sendable {
    case missing
    /// A file with `bytes` bytes.
    case regular(bytes: Int)
    /// A device, a pipe or a socket: opened and streamed to.
    case stream
    /// A descriptor of this process, such as /dev/stdout: streamed to.
    case descriptor(Int32)
  }

  /// The path as the user gave it.
  package let path: String
  /// The path with every link followed: where a file is created or replaced.
  package let resolved: String
  package let state: State
  private let identity: FileIdentity?

  /// Follows `path`. Throws ``OutputError/cannotCreate(path:reason:)`` where no file can be.
  package init(_ path: String) throws(OutputError) {
    func refuse(_ reason: String) -> OutputError { .cannotCreate(path: path, reason: reason) }
    // A NUL would end the path early for the system and name another file.
    guard !path.isEmpty, !path.utf8.contains(0) else { throw refuse("the path is empty or has a NUL") }
    self.path = path
    var place = path
    for _ in 0..<40 {
      let name = PathText.name(of: place)
      guard !place.hasSuffix("/"), name != ".", name != ".." else { throw refuse("it is a folder") }
      let folder = PathText.folder(of: place)
      guard let parent = Self.realPath(folder.isEmpty ? "." : folder) else {
        throw refuse("the folder \(folder) cannot be used: \(OutputError.systemReason)")
      }
      place = parent == "/" ? "/" + name : parent + "/" + name
      if parent == "/proc/\(getpid())/fd", let descriptor = Int32(name) {
        (resolved, state, identity) = (place, .descriptor(descriptor), nil)
        return
      }
      var status = stat()
      guard lstat(place, &status) == 0 else {
        guard errno == ENOENT else { throw refuse(OutputError.systemReason) }
        (resolved, state, identity) = (place, .missing, FileIdentity(path: place))
        return
      }
      switch status.st_mode & S_IFMT {
      case S_IFLNK:
        guard let target = PathText.target(ofLink: place) else { throw refuse(OutputError.systemReason) }
        guard let next = String(validating: target, as: UTF8.self) else {
          throw refuse("it is a link to a name that is not UTF-8")
        }
        place = next.hasPrefix("/") ? next : parent + "/" + next
      case S_IFDIR: throw refuse("it is a folder")
      case S_IFREG:
        (resolved, state, identity) = (place, .regular(bytes: Int(status.st_size)), FileIdentity(path: place))
        return
      default:
        (resolved, state, identity) = (place, .stream, nil)
        return
      }
    }
    throw refuse("too many symbolic links")
  }

  package var isRegular: Bool {
    switch state {
    case .missing, .regular: true
    case .stream, .descriptor: false
    }
  }

  /// Whether the path itself is a link to the place.
  package var isLink: Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  /// Whether what is written there comes out on standard output.
  package var isStandardOutput: Bool { state == .descriptor(STDOUT_FILENO) }

  /// Whether `other` names the same file: the same device and inode, or the same name of a file that is missing.
  package func isSameFile(as other: String) -> Bool {
    guard let identity else { return false }
    return FileIdentity(path: other) == identity
  }

  /// What the file contains; nil where there is nothing yet, and for what is not a regular file.
  package var kind: OutputKind? {
    guard case .regular(let bytes) = state, bytes > 0 else { return nil }
    guard let file = try? SystemFile(resolved, .read),
      let head = try? file.read(at: 0, count: min(bytes, OutputKind.headBytes))
    else { return .other }
    return OutputKind(ofHead: head, isWhole: head.count == bytes, name: PathText.name(of: resolved))
  }

  /// The rule for every output of every command: throws unless content of kind `wanted` may be written here.
  ///
  /// A file that is missing or empty, a device and a pipe may be written. An existing file is refused when it is one of
  /// `inputs`, when it contains something else, or when it is of a protected kind and `force` is false.
  package func check(as wanted: OutputKind, inputs: [String] = [], force: Bool = false) throws(OutputError) {
    guard isRegular else { return }
    if let input = inputs.first(where: { isSameFile(as: $0) }) { throw .isInput(path: path, input: input) }
    guard case .regular = state else { return }
    if let found = kind {
      guard found == wanted else { throw .otherKind(path: path, found: found, wanted: wanted) }
      guard force || !wanted.isProtected else { throw .exists(path: path, kind: wanted) }
    }
    guard access(resolved, W_OK) == 0 else { throw .cannotCreate(path: path, reason: OutputError.systemReason) }
  }

  /// Gives the open file `descriptor` the owner and mode of the file at `path`, as far as this user may.
  package static func copyOwner(of path: String, to descriptor: Int32) {
    var old = stat()
    guard stat(path, &old) == 0 else { return }
    var new = stat()
    if fstat(descriptor, &new) == 0, new.st_uid != old.st_uid || new.st_gid != old.st_gid {
      // Who may not give a file away may still give it to a group of theirs.
      if fchown(descriptor, old.st_uid, old.st_gid) != 0 { _ = fchown(descriptor, uid_t.max, old.st_gid) }
    }
    fchmod(descriptor, old.st_mode & 0o7777)
  }

  /// The path with every link followed; the path itself where that is not UTF-8 and so cannot be a text.
  private static func realPath(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(validatingCString: real) ?? path
  }
}

/// What tells one file from another: device and inode; of a missing file its folder's, and its name.
private struct FileIdentity: Hashable {
  let device: UInt64
  let inode: UInt64
  var name: String?

  init?(path: String) {
    var status = stat()
    if stat(path, &status) != 0 {
      let folder = PathText.folder(of: path)
      guard errno == ENOENT, stat(folder.isEmpty ? "." : folder, &status) == 0 else { return nil }
      name = PathText.name(of: path)
    }
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
  }
}
