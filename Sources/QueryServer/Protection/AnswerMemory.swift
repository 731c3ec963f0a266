import Records

/// How many bytes of long answers may wait for their clients at once, in all.
///
/// A client that reads slowly keeps its whole answer in memory. Files and exports are read as they are taken and do not
/// count.
final class AnswerMemory: Sendable {
  /// Answers up to this length do not count.
  static let freeBytes = 65_536

  private let limit: Int
  private let held = Guarded(0)

  init(limit: Int) { self.limit = limit }

  /// Room for one answer, until this is released.
  final class Hold: Sendable {
    private let memory: AnswerMemory
    private let bytes: Int

    fileprivate init(_ memory: AnswerMemory, _ bytes: Int) {
      self.memory = memory
      self.bytes = bytes
    }

    deinit { memory.held.withLock { $0 -= bytes } }
  }

  /// Nil where other answers leave no room; an answer that is longer than the limit has room when there is no other one.
  func hold(_ bytes: Int) -> Hold? {
    let hasRoom = held.withLock { held in
      guard held == 0 || held + bytes <= limit else { return false }
      held += bytes
      return true
    }
    return hasRoom ? Hold(self, bytes) : nil
  }
}
