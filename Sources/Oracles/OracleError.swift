public import Records

/// Why an oracle or the simulated clock refuses.
public enum OracleError: UserFacingError, Equatable {
  case invalidWorkerCount(Int)
  /// A time that no run can take.
  case invalidSeconds(Double, run: String)

  public var code: String {
    switch self {
    case .invalidWorkerCount: "oracles.clock.invalid_worker_count"
    case .invalidSeconds: "oracles.clock.invalid_seconds"
    }
  }

  public var message: String {
    switch self {
    case .invalidWorkerCount(let count):
      "a simulated clock cannot have \(count) workers; allowed: 1 to \(SimulatedClockBounds.workers.upperBound)"
    case .invalidSeconds(let seconds, let run):
      "a run cannot take \(seconds) seconds: \(run); allowed: 0 to \(SimulatedClockBounds.seconds.upperBound)"
    }
  }

  public var remedy: String? {
    switch self {
    case .invalidWorkerCount: "choose another number of workers"
    case .invalidSeconds: "correct the training times of the benchmark, or leave the run out"
    }
  }

  public var exitStatus: ExitStatus {
    switch self {
    case .invalidWorkerCount: .usage
    case .invalidSeconds: .dataError
    }
  }
}
