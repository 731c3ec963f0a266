package import Foundation

/// A file that a command writes: the one way to write one.
///
/// A regular file appears whole or not at all: its bytes go to a temporary file in the same folder, are synced, and get
/// the file's name in one step, with the owner and mode of what they replace. Links stay links. What is not a regular
/// file is opened and streamed to.
package struct OutputFile: Sendable {
  package let target: OutputTarget
  private let kind: OutputKind
  private let inputs: [String]
  private let force: Bool

  package var path: String { target.path }

  /// Checks, before any work, that content of `kind` may be written to `path` and that its folder takes files; see
  /// ``OutputTarget/check(as:inputs:force:)``.
  package init(_ path: String, as kind: OutputKind, inputs: [String] = [], force: Bool = false) throws(OutputError) {
    target = try OutputTarget(path)
    self.kind = kind
    self.inputs = inputs
    self.force = force
    try target.check(as: kind, inputs: inputs, force: force)
    if target.isRegular { try Temporary(for: target).remove() }
  }

  package func write(_ bytes: Data) throws(OutputError) { try write(CollectionOfOne(bytes)) }

  /// Writes the pieces one after the other.
  package func write(_ pieces: some Sequence<Data>) throws(OutputError) {
    var iterator = pieces.makeIterator()
    do { try write(pulling: { iterator.next() }) } catch let error as OutputError { throw error } catch {
      preconditionFailure("the pieces throw nothing: \(error)")
    }
  }

  /// Writes the pieces that `next` gives until it gives nil. Throws ``OutputError``, and what `next` throws: then a regular
  /// file is as it was before.
  package func write(pulling next: () throws -> Data?) throws {
    // What was checked hours ago may be another file now.
    let now = try OutputTarget(path)
    try now.check(as: kind, inputs: inputs, force: force)
    guard now.isRegular else { return try stream(next, to: now) }
    let temporary = try Temporary(for: now)
    do {
      while let piece = try next() { try temporary.write(piece) }
      try temporary.takePlace(of: now)
    } catch {
      temporary.remove()
      throw error
    }
  }

  private func stream(_ next: () throws -> Data?, to target: OutputTarget) throws {
    var descriptor: Int32
    if case .descriptor(let ours) = target.state {
      descriptor = fcntl(ours, F_DUPFD_CLOEXEC, 3)
    } else {
      repeat {
        descriptor = open(target.resolved, O_WRONLY | O_NOCTTY | O_CLOEXEC)
      } while descriptor < 0 && errno == EINTR
    }
    guard descriptor >= 0 else { throw OutputError.cannotCreate(path: path, reason: OutputError.systemReason) }
    var isOpen = true
    defer { if isOpen { close(descriptor) } }
    while let piece = try next() {
      if let failure = Descriptor.write(piece, to: descriptor) {
        throw failure == EPIPE && target.isStandardOutput ? OutputError.closedPipe(path: path) : failed(failure)
      }
    }
    isOpen = false
    if close(descriptor) != 0 { throw failed(errno) }
  }

  private func failed(_ number: Int32) -> OutputError {
    .failed(path: path, reason: String(cString: strerror(number)))
  }
}

/// A file that waits beside its place under a name that nothing else has.
private final class Temporary {
  private let path: String
  private let shown: String
  private let descriptor: Int32

  init(for target: OutputTarget) throws(OutputError) {
    let folder = PathText.folder(of: target.resolved)
    let name = PathText.name(of: target.resolved)
    guard name.utf8.count <= Int(NAME_MAX) else {
      throw .cannotCreate(path: target.path, reason: "a file name has at most \(NAME_MAX) bytes")
    }
    let unique = String(UInt64.random(in: 0...UInt64.max), radix: 36)
    path = "\(folder)/.\(name.prefix(40)).\(getpid())-\(unique).partial"
    shown = target.path
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .cannotCreate(path: target.path, reason: OutputError.systemReason) }
  }

  func write(_ bytes: Data) throws(OutputError) {
    if let failure = Descriptor.write(bytes, to: descriptor) {
      throw .failed(path: shown, reason: String(cString: strerror(failure)))
    }
  }

  /// Syncs the bytes and renames the file onto `target`.
  func takePlace(of target: OutputTarget) throws(OutputError) {
    if case .regular = target.state { OutputTarget.copyOwner(of: target.resolved, to: descriptor) }
    guard fsync(descriptor) == 0, rename(path, target.resolved) == 0 else {
      throw .failed(path: shown, reason: OutputError.systemReason)
    }
    do { try SystemFile.synchronizeFolder(of: target.resolved) } catch {
      throw .failed(path: shown, reason: error.message)
    }
  }

  func remove() { unlink(path) }

  deinit { close(descriptor) }
}
