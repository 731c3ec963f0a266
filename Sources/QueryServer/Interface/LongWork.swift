import Foundation
import Synchronization

/// Threads for work that takes long: rankings, pages, exports. The threads that answer short questions, and the clock of
/// ``TimeLimit``, are others, so that neither waits until a ranking ends.
final class LongWork: TaskExecutor {
  /// Two at least, for one client must not wait until another one has its whole table.
  static let shared: LongWork = {
    let work = LongWork()
    for _ in 0..<max(2, ProcessInfo.processInfo.activeProcessorCount) { Thread.detachNewThread { work.run() } }
    return work
  }()

  private let jobs = Mutex<[UnownedJob]>([])
  private let count = DispatchSemaphore(value: 0)

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
    count.signal()
  }

  private func run() {
    while true {
      count.wait()
      guard let job = jobs.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else { continue }
      job.runSynchronously(on: asUnownedTaskExecutor())
    }
  }
}
