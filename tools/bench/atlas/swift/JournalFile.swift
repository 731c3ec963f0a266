import Foundation
import Records

/// Writes journals in large pieces and without syncing each entry: for files that are read once and thrown away.
final class JournalFile {
  private let file: SystemFile
  private var end = 0
  private var buffer: [UInt8] = []
  private static let bufferBytes = 8 << 20

  init(_ path: String) throws {
    try? FileManager.default.removeItem(atPath: path)
    file = try SystemFile(path, .createNew)
    buffer = JournalFormat.header
  }

  func append(_ entry: JournalEntry) throws {
    buffer += try Self.frame(entry)
    if buffer.count >= Self.bufferBytes { try flush() }
  }

  /// Appends the runs that `body` makes of each of `numbers`, encoded on all processors.
  func append(_ numbers: Range<Int>, _ body: @Sendable (Int) throws -> [RunRecord]) throws {
    for first in stride(from: numbers.lowerBound, to: numbers.upperBound, by: 4_096) {
      let part = Array(first..<min(first + 4_096, numbers.upperBound))
      let frames = try part.concurrentMap { number in
        try body(number).reduce(into: [UInt8]()) { $0 += try Self.frame(.run($1)) }
      }
      for frame in frames { buffer += frame }
      try flush()
    }
  }

  func flush() throws {
    try file.write(buffer, at: end)
    end += buffer.count
    buffer.removeAll(keepingCapacity: true)
  }

  private static func frame(_ entry: JournalEntry) throws -> [UInt8] {
    JournalFormat.frame(try JournalFormat.payload(entry))
  }
}
