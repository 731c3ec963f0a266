import Dispatch
import HTTPTypes

/// Ends work that takes too long: it is cancelled, and the loops of rankings look for that.
struct TimeLimit: Sendable {
  let milliseconds: Int

  /// Throws a ``Problem`` where the time was up first. The clock has a thread of its own, so that it also rings where all
  /// threads of tasks are at work.
  func run<Found: Sendable>(_ work: @escaping @Sendable () async throws -> Found) async throws -> Found {
    let task = Task(operation: work)
    let alarm = DispatchWorkItem { task.cancel() }
    DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(milliseconds), execute: alarm)
    defer { alarm.cancel() }
    return try await withTaskCancellationHandler {
      do { return try await task.value } catch is CancellationError where !Task.isCancelled {
        throw Problem(
          .serviceUnavailable, "server.query_time", "the answer takes more than \(milliseconds) ms",
          hint: "ask for less, or raise query-milliseconds", retryAfterSeconds: 1)
      }
    } onCancel: {
      task.cancel()
    }
  }
}
