import ArgumentParser
import Foundation
import Records

/// The option that every command has.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Answer in JSON, one line.")
  var json = false
}

/// The two channels: results on standard output, diagnostics on standard error.
///
/// Every result is written at once, and what cannot be written fails the command. Diagnostics never do.
enum Output {
  /// The descriptors behind the channels.
  struct Channels {
    var data = STDOUT_FILENO
    var notes = STDERR_FILENO
  }

  @TaskLocal static var channels = Channels()

  /// The reader of standard output is gone: the process ends without a word, as SIGPIPE would end it.
  struct ClosedPipe: Error {}

  /// Writes a text and a line feed. Throws ``CommandError/outputFailed(reason:)`` or ``ClosedPipe``.
  static func data(_ text: String) throws { try bytes(Data((text + "\n").utf8)) }

  static func json(_ value: some Encodable) throws { try data(try CanonicalJSON.text(value)) }

  /// Writes bytes as they are, with the same errors.
  static func bytes(_ bytes: Data) throws {
    switch Descriptor.write(bytes, to: channels.data) {
    case nil: break
    case EPIPE: throw ClosedPipe()
    case EBADF: throw CommandError.outputFailed(reason: "it is closed")
    case .some(let number): throw CommandError.outputFailed(reason: String(cString: strerror(number)))
    }
  }

  static func note(_ text: String) { draw(text + "\n") }

  /// A diagnostic without a line feed, for lines that are redrawn.
  static func draw(_ text: String) { _ = Descriptor.write(text.utf8, to: channels.notes) }

  /// Closes standard output at the end of a command: a disk on the network may refuse only then.
  static func finish() throws {
    guard close(STDOUT_FILENO) != 0, errno != EBADF else { return }
    throw CommandError.outputFailed(reason: String(cString: strerror(errno)))
  }
}
