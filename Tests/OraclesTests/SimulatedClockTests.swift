import Oracles
import Records
import Testing

@Suite struct SimulatedClockTests {
  private typealias Clock = SimulatedClock<Int>

  /// Submits a run of `seconds` to each idle worker until `count` have ended, as an asynchronous search does.
  private func ends(workers: Int, _ seconds: [Double], count: Int, decisionSeconds: Double = 0) throws -> [Clock.End] {
    var clock = try Clock(workerCount: workers)
    var (next, ends) = (0, [Clock.End]())
    while ends.count < count {
      while clock.idleWorkerCount > 0, next < seconds.count {
        try clock.submit(next, secondsUpToEnd: seconds[next], decisionSeconds: decisionSeconds)
        next += 1
      }
      let end = clock.next()
      ends.append(try #require(end))
    }
    return ends
  }

  /// The order in which OptunaHub's `async_opt_simulator` reports: two workers, no overhead, six trials.
  @Test func sixTrialsOnTwoWorkersEndAsInOptunaHub() throws {
    let found = try ends(workers: 2, [5, 3, 3, 4, 1, 2, 6], count: 6)
    #expect(found.map(\.run) == [1, 0, 2, 4, 3, 5])
    #expect(found.map(\.endSeconds) == [3, 5, 6, 7, 9, 9])
    #expect(found.map(\.worker) == [1, 0, 1, 1, 0, 1])
    #expect(found.map(\.submission) == found.map(\.run))
  }

  @Test func equalTimesComeByWorkerThenBySubmission() throws {
    var clock = try Clock(workerCount: 3)
    for run in 0..<3 { try clock.submit(run, secondsUpToEnd: 4) }
    // All three wait behind the first three, and end with them.
    for run in 3..<6 { try clock.submit(run, secondsUpToEnd: 0) }
    var order: [[Int]] = []
    while let end = clock.next() { order.append([end.worker, end.run]) }
    #expect(order == [[0, 0], [0, 3], [0, 4], [0, 5], [1, 1], [2, 2]])
    #expect(clock.nowSeconds == 4 && clock.pendingCount == 0 && clock.nextEndSeconds == nil)
  }

  /// Workers that are idle are equal, however long they have been.
  @Test func theLowestIdleWorkerIsTaken() throws {
    var clock = try Clock(workerCount: 3)
    for (run, seconds) in [3.0, 1, 2].enumerated() { try clock.submit(run, secondsUpToEnd: seconds) }
    for _ in 0..<3 { _ = clock.next() }
    #expect(clock.idleWorkerCount == 3)
    #expect(try clock.submit(3, secondsUpToEnd: 1).worker == 0)
    #expect(try clock.submit(4, secondsUpToEnd: 1).worker == 1)
    #expect(clock.idleWorkerCount == 1)
  }

  /// A generation of five on two workers: those that wait start in the order of submission.
  @Test func aBatchIsWorkedOffInItsOrder() throws {
    var clock = try Clock(workerCount: 2)
    for (run, seconds) in [4.0, 1, 1, 5, 1].enumerated() { try clock.submit(run, secondsUpToEnd: seconds) }
    var found: [Clock.End] = []
    while let end = clock.next() { found.append(end) }
    #expect(found.map(\.run) == [1, 2, 0, 4, 3])
    #expect(found.map(\.startSeconds) == [0, 1, 0, 4, 2])
    #expect(found.map(\.endSeconds) == [1, 2, 4, 5, 7])
  }

  /// Totals of 10, 30 and 90 seconds at three rungs: each part takes the difference.
  @Test func aContinuedRunTakesTheDifference() throws {
    var clock = try Clock(workerCount: 1)
    var busy: [Double] = []
    for seconds in [10.0, 30, 90] {
      #expect(clock.trainedSeconds(of: 7) == (busy.reduce(0, +)))
      try clock.submit(7, secondsUpToEnd: seconds)
      let end = clock.next()
      busy.append(try #require(end).busySeconds)
    }
    #expect(busy == [10, 20, 60])
    #expect(clock.nowSeconds == 90)
    // A rung that was reached before.
    #expect(try clock.submit(7, secondsUpToEnd: 30).busySeconds == 0)
    #expect(clock.trainedSeconds(of: 7) == 90)
  }

  @Test func aPausedRunGoesOnBehindOthersAndOnAnyWorker() throws {
    var clock = try Clock(workerCount: 2)
    try clock.submit(0, secondsUpToEnd: 2)
    try clock.submit(1, secondsUpToEnd: 10)
    #expect(clock.next()?.run == 0)
    try clock.submit(2, secondsUpToEnd: 3)
    let continued = try clock.submit(0, secondsUpToEnd: 6)
    #expect(continued.startSeconds == 5 && continued.endSeconds == 9 && continued.worker == 0)
  }

  /// The state of a run is available at its end, also for a part that is submitted before.
  @Test func aRunWaitsForItsOwnState() throws {
    var clock = try Clock(workerCount: 2)
    try clock.submit(0, secondsUpToEnd: 5)
    let continued = try clock.submit(0, secondsUpToEnd: 8)
    #expect(continued.startSeconds == 5 && continued.endSeconds == 8 && continued.worker == 0)
    #expect(clock.idleWorkerCount == 1)
    #expect(clock.next()?.endSeconds == 5)
    #expect(clock.next()?.endSeconds == 8)
  }

  @Test(arguments: [RunStatus.failed, .diverged, .timedOut])
  func aRunThatDoesNotCompleteLosesItsLastPart(status: RunStatus) throws {
    var clock = try Clock(workerCount: 1)
    try clock.submit(0, secondsUpToEnd: 10)
    _ = clock.next()
    try clock.submit(0, secondsUpToEnd: 25, status: status)
    let end = clock.next()
    let failed = try #require(end)
    #expect(failed.status == status && failed.busySeconds == 15 && clock.nowSeconds == 25)
    #expect(clock.trainedSeconds(of: 0) == 10)
    let again = try clock.submit(0, secondsUpToEnd: 30)
    #expect(again.startSeconds == 25 && again.busySeconds == 20)
    // Other runs are not concerned.
    #expect(try clock.submit(1, secondsUpToEnd: 1).busySeconds == 1)
  }

  /// Decisions follow each other; training goes on meanwhile.
  @Test func decisionsTakeTheirTime() throws {
    let found = try ends(workers: 2, [5, 5, 5], count: 3, decisionSeconds: 1)
    #expect(found.map(\.startSeconds) == [1, 2, 7])
    #expect(found.map(\.endSeconds) == [6, 7, 12])
  }

  @Test func aCopyIsASnapshot() throws {
    var clock = try Clock(workerCount: 2)
    for run in 0..<4 { try clock.submit(run, secondsUpToEnd: Double(run % 3)) }
    var copy = clock
    #expect(copy == clock)
    _ = clock.next()
    #expect(copy != clock)
    _ = copy.next()
    #expect(copy == clock)
  }

  @Test func impossibleTimesAndWorkersAreRefused() throws {
    for count in [0, -1, 1_000_001] {
      #expect(throws: OracleError.invalidWorkerCount(count)) { try Clock(workerCount: count) }
    }
    var clock = try Clock(workerCount: 1)
    let before = clock
    for seconds in [-0.5, .infinity, 1e13] {
      #expect(throws: OracleError.invalidSeconds(seconds, run: "3")) { try clock.submit(3, secondsUpToEnd: seconds) }
      #expect(throws: OracleError.invalidSeconds(seconds, run: "3")) {
        try clock.submit(3, secondsUpToEnd: 1, decisionSeconds: seconds)
      }
    }
    #expect(throws: OracleError.self) { try clock.submit(3, secondsUpToEnd: .nan) }
    #expect(clock == before)
    #expect(clock.next() == nil)
  }

  /// Against a twin that looks at every worker at every step: any submissions, any number of ends between them.
  @Test func anyHistoryAgreesWithItsNaiveTwin() throws {
    var generator = SeededGenerator(seed: 8)
    for _ in 0..<100 {
      let workers = 1 + generator.integer(below: 4)
      var clock = try Clock(workerCount: workers)
      var free = [Double](repeating: 0, count: workers)
      var expected: [(seconds: Double, worker: Int, run: Int)] = []
      for run in 0..<60 {
        if generator.chance(0.4), let end = clock.next() {
          expected.sort { ($0.seconds, $0.worker, $0.run) < ($1.seconds, $1.worker, $1.run) }
          let first = expected.removeFirst()
          #expect(end.endSeconds == first.seconds && end.worker == first.worker && end.run == first.run)
        }
        let seconds = Double(generator.integer(below: 5))
        let starts = free.map { max($0, clock.nowSeconds) }
        let worker = try #require(starts.firstIndex(of: starts.min() ?? 0))
        free[worker] = starts[worker] + seconds
        expected.append((free[worker], worker, run))
        try clock.submit(run, secondsUpToEnd: seconds)
      }
      #expect(clock.freeSeconds == free)
      #expect(clock.pendingCount == expected.count)
    }
  }
}
