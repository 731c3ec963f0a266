import Dispatch

extension Array where Element: Sendable {
  /// The results of `body` for every element, in order, computed on all processors. Throws the error of the first
  /// element, in order, that `body` throws for.
  package func concurrentMap<R: Sendable>(_ body: @Sendable (Element) throws -> R) throws -> [R] {
    let pieces = Swift.min(count, 16)
    guard pieces > 1 else { return try map(body) }
    let done = Guarded<[Int: Result<[R], any Error>]>([:])
    DispatchQueue.concurrentPerform(iterations: pieces) { piece in
      let part = self[(count * piece / pieces)..<(count * (piece + 1) / pieces)]
      let result = Result { try part.map(body) }
      done.withLock { $0[piece] = result }
    }
    return try done.withLock { done in
      var results: [R] = []
      results.reserveCapacity(count)
      for piece in 0..<pieces { try results.append(contentsOf: done[piece]?.get() ?? []) }
      return results
    }
  }
}
