import Foundation
import Records

/// Threads for work that takes long. Short answers and the clock of ``TimeLimit`` have other threads.
///
/// Each kind of work has threads of its own: what one client posts must not delay what another one asks. The operating
/// system shares the cores between the threads, so a short piece of work ends soon beside long ones.
final class LongWork: TaskExecutor {
  /// Rankings and pages. At least two threads, so that one client does not wait until another one has its whole table.
  static let rankings = LongWork(threads: max(2, cores))
  /// Values and lists of architectures: short, but for texts that no architecture has.
  static let batches = LongWork(threads: max(4, 2 * cores))
  /// Evaluations, predictions and exports, which a client makes as long as the limits allow. Other work goes first.
  static let evaluations = LongWork(threads: max(4, 2 * cores), niceness: 5)
  /// Ledgers, whose entries wait for the disk.
  static let ledgers = LongWork(threads: max(4, cores))
  /// Health and metrics, which answer whatever the server does.
  static let health = LongWork(threads: 1)

  private static let cores = ProcessInfo.processInfo.activeProcessorCount

  private let jobs = Guarded<[UnownedJob]>([])
  private let count = DispatchSemaphore(value: 0)

  /// `niceness` is that of `nice`: 0 to 19, and the higher, the more these threads let others go first.
  init(threads: Int, niceness: Int32 = 0) {
    for _ in 0..<threads { Thread.detachNewThread { self.run(niceness) } }
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
    count.signal()
  }

  private func run(_ niceness: Int32) {
    // On Linux this is a matter of the calling thread; a system that refuses it only shares less well.
    if niceness > 0 { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness) }
    while true {
      count.wait()
      guard let job = jobs.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else { continue }
      job.runSynchronously(on: asUnownedTaskExecutor())
    }
  }
}
