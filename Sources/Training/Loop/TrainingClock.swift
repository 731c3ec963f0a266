public import Foundation

/// The times that a trainer reads: a parameter, so that tests decide them.
public struct TrainingClock: Sendable {
  /// Seconds of a steady clock.
  public var wallSeconds: @Sendable () -> Double
  /// Seconds that the calling thread spent on a processor.
  public var threadCPUSeconds: @Sendable () -> Double
  /// The time of day.
  public var now: @Sendable () -> Date

  public init(
    wallSeconds: @escaping @Sendable () -> Double, threadCPUSeconds: @escaping @Sendable () -> Double,
    now: @escaping @Sendable () -> Date
  ) {
    self.wallSeconds = wallSeconds
    self.threadCPUSeconds = threadCPUSeconds
    self.now = now
  }

  /// The machine's clocks.
  public static let system = TrainingClock(
    wallSeconds: { read(CLOCK_MONOTONIC) }, threadCPUSeconds: { read(CLOCK_THREAD_CPUTIME_ID) }, now: { Date() })

  private static func read(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

/// UTC, ISO 8601, whole seconds.
func timestamp(_ date: Date) -> String {
  date.formatted(.iso8601)
}
