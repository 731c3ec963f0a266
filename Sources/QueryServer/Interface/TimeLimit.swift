import HTTPTypes

/// Ends work that takes too long: it is cancelled, and the loops of rankings look for that.
struct TimeLimit: Sendable {
  let milliseconds: Int

  /// Throws a ``Problem`` where the time was up first.
  func run<Found: Sendable>(_ work: @escaping @Sendable () async throws -> Found) async throws -> Found {
    try await withThrowingTaskGroup(of: Found?.self) { group in
      group.addTask { try await work() }
      group.addTask {
        try await Task.sleep(for: .milliseconds(milliseconds))
        return nil
      }
      defer { group.cancelAll() }
      guard let ended = try await group.next(), let found = ended else {
        throw Problem(
          .serviceUnavailable, "server.query_time", "the answer takes more than \(milliseconds) ms",
          hint: "ask for less, or raise query-milliseconds", retryAfterSeconds: 1)
      }
      return found
    }
  }
}
