import Records

/// Lends block readers: as many as there are callers at one time.
final class BlockSource: Sendable {
  let pages: CheckedPages
  // A reader in the pool belongs to nobody, and who takes it out is alone with it.
  private struct Idle: @unchecked Sendable {
    var readers: [BlockReader] = []
  }
  private let idle = Guarded(Idle())

  init(_ pages: CheckedPages) { self.pages = pages }

  func withReader<R>(_ body: (BlockReader) throws -> R) throws -> R {
    let pooled = idle.withLock { state in state.readers.popLast().map { Lent(reader: $0) } }
    let reader = try pooled ?? Lent(reader: BlockReader(pages))
    defer { idle.withLock { $0.readers.append(reader.reader) } }
    return try body(reader.reader)
  }

  private struct Lent: @unchecked Sendable {
    let reader: BlockReader
  }
}
