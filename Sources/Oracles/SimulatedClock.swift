public import Records

/// The time that a search would take on several workers, simulated from the training times of its runs.
///
/// You submit runs and take their ends one by one. A run goes to the worker on which it starts first; of equal workers, to
/// the one with the lowest index. Ends come in the order of their times; of equal times, the lowest worker comes first,
/// and on one worker the run that was submitted first. Equal submissions give equal ends: nothing depends on real time.
///
/// A paused run continues when you submit it again, with its training time from its start to the new end. Its worker is
/// busy for the difference only, and it starts at its last end at the earliest, when its state is available. A run that
/// did not complete loses what it did since its last completed end.
///
/// A value without a lock; a copy is a snapshot. Submitting takes O(workers + pending ends), taking an end O(1).
public struct SimulatedClock<RunIdentity: Hashable & Sendable>: Hashable, Sendable {
  /// The end of a submitted part of a run.
  public struct End: Hashable, Sendable {
    public let run: RunIdentity
    /// From 0.
    public let worker: Int
    public let startSeconds: Double
    public let endSeconds: Double
    public let status: RunStatus
    /// Counts submissions, from 0.
    public let submission: Int

    /// How long the worker was busy.
    public var busySeconds: Double { endSeconds - startSeconds }
  }

  /// What a paused run can go on from.
  private struct Pause: Hashable, Sendable {
    var trainedSeconds = 0.0
    var availableSeconds = 0.0
  }

  /// The time of the last end that was taken, 0 at first.
  public private(set) var nowSeconds = 0.0
  /// Until when each worker is busy with what was submitted.
  public private(set) var freeSeconds: [Double]
  /// When the optimizer has made its last decision.
  public private(set) var decidedSeconds = 0.0
  /// How many runs were submitted, each part for itself.
  public private(set) var submissionCount = 0
  /// What was submitted and not taken, the next end last.
  private var pending: [End] = []
  private var pauses: [RunIdentity: Pause] = [:]

  /// Throws ``OracleError`` without workers.
  public init(workerCount: Int) throws(OracleError) {
    guard SimulatedClockBounds.workers.contains(workerCount) else { throw .invalidWorkerCount(workerCount) }
    freeSeconds = [Double](repeating: 0, count: workerCount)
  }

  public var workerCount: Int { freeSeconds.count }

  /// How many ends are to come.
  public var pendingCount: Int { pending.count }

  /// When the next end comes; nil where nothing is pending.
  public var nextEndSeconds: Double? { pending.last?.endSeconds }

  /// How many workers are not busy now. An asynchronous search submits one run for each.
  public var idleWorkerCount: Int { freeSeconds.count { $0 <= nowSeconds } }

  /// The training seconds at which a run continues: those of its last completed end, submitted or taken; 0 for a new run.
  public func trainedSeconds(of run: RunIdentity) -> Double { pauses[run]?.trainedSeconds ?? 0 }

  /// Submits a run that trains for `secondsUpToEnd`, all its parts together, and then ends with `status`.
  ///
  /// `decisionSeconds` is the time that the optimizer took to choose the run: a declared constant or a recorded time.
  /// Decisions follow each other, and a run starts after its own. An end that the run had reached before takes no time.
  /// Throws ``OracleError`` for times that are negative or not finite.
  @discardableResult
  public mutating func submit(
    _ run: RunIdentity, secondsUpToEnd: Double, status: RunStatus = .completed, decisionSeconds: Double = 0
  ) throws(OracleError) -> End {
    for seconds in [secondsUpToEnd, decisionSeconds] where !SimulatedClockBounds.seconds.contains(seconds) {
      throw .invalidSeconds(seconds, run: "\(run)")
    }
    let pause = pauses[run] ?? Pause()
    decidedSeconds = max(decidedSeconds, nowSeconds) + decisionSeconds
    let earliest = max(decidedSeconds, pause.availableSeconds)
    let (worker, start) = firstStart(notBefore: earliest)
    let end = End(
      run: run, worker: worker, startSeconds: start, endSeconds: start + max(0, secondsUpToEnd - pause.trainedSeconds),
      status: status, submission: submissionCount)
    submissionCount += 1
    freeSeconds[worker] = end.endSeconds
    let trained = status == .completed ? max(pause.trainedSeconds, secondsUpToEnd) : pause.trainedSeconds
    pauses[run] = Pause(trainedSeconds: trained, availableSeconds: end.endSeconds)
    pending.insert(end, at: pending.firstIndex { $0.comes(before: end) } ?? pending.count)
    return end
  }

  /// Takes the next end, and moves the time to it; nil where nothing is pending.
  public mutating func next() -> End? {
    guard let end = pending.popLast() else { return nil }
    nowSeconds = end.endSeconds
    return end
  }

  /// The worker on which a run starts first, the lowest of equals, and when.
  private func firstStart(notBefore earliest: Double) -> (worker: Int, seconds: Double) {
    var found = (worker: 0, seconds: Double.infinity)
    for (worker, free) in freeSeconds.enumerated() where max(free, earliest) < found.seconds {
      found = (worker, max(free, earliest))
    }
    return found
  }
}

extension SimulatedClock.End {
  fileprivate func comes(before other: Self) -> Bool {
    (endSeconds, worker, submission) < (other.endSeconds, other.worker, other.submission)
  }
}

/// What a clock accepts, so that no sum of times overflows.
enum SimulatedClockBounds {
  static let workers = 1...1_000_000
  /// Of one run; 10¹² s are thirty thousand years.
  static let seconds = 0.0...1e12
}
