import HTTPTypes

/// Ends work that takes too long: it is cancelled, and the loops of rankings look for that. The work has threads of its
/// own, for a clock that waits for the same threads as the work goes off when the work is done.
struct TimeLimit: Sendable {
  let milliseconds: Int
  /// The threads that do the work.
  let work: LongWork

  /// Throws a ``Problem`` where the time was up first.
  func run<Found: Sendable>(_ body: @escaping @Sendable () async throws -> Found) async throws -> Found {
    try await withThrowingTaskGroup(of: Found?.self) { group in
      group.addTask(executorPreference: work) {
        // It may have waited for its turn until the time was up.
        try Task.checkCancellation()
        return try await body()
      }
      group.addTask {
        try await Task.sleep(for: .milliseconds(milliseconds))
        return nil
      }
      defer { group.cancelAll() }
      guard let ended = try await group.next(), let found = ended else {
        throw Problem(
          .serviceUnavailable, "server.query_time", "the answer took longer than \(milliseconds) ms",
          hint: "request less; the operator can raise query-milliseconds", retryAfterSeconds: 1)
      }
      return found
    }
  }
}
