public import Records

/// Why an oracle or the simulated clock refuses.
public enum OracleError: UserFacingError, Equatable {
  case invalidWorkerCount(Int)
  /// A time that no run can take.
  case invalidSeconds(Double, run: String)
  /// A candidate of another space, or one that the oracle cannot observe.
  case unknownCandidate(String, space: String)
  /// A position that no run has.
  case invalidPosition(Int, candidate: String, last: Int)
  /// An oracle of one fidelity; `only` says which epoch this is.
  case fullFidelityOnly(position: Int, only: String)
  /// An oracle returned nothing for a candidate.
  case noObservation(candidate: String)

  public var code: String {
    switch self {
    case .invalidWorkerCount: "oracles.clock_invalid_worker_count"
    case .invalidSeconds: "oracles.clock_invalid_seconds"
    case .unknownCandidate: "oracles.unknown_candidate"
    case .invalidPosition: "oracles.invalid_position"
    case .fullFidelityOnly: "oracles.full_fidelity_only"
    case .noObservation: "oracles.no_observation"
    }
  }

  public var message: String {
    switch self {
    case .invalidWorkerCount(let count):
      "a simulated clock cannot have \(count) workers; allowed: 1 to \(SimulatedClockBounds.workers.upperBound)"
    case .invalidSeconds(let seconds, let run):
      "a run cannot take \(seconds) seconds: \(run); allowed: 0 to \(SimulatedClockBounds.seconds.upperBound)"
    case .unknownCandidate(let text, let space): "the oracle does not know \(text); it is about the space \(space)"
    case .invalidPosition(let position, let candidate, let last):
      "\(candidate) has no position \(position); allowed: 1 to \(last)"
    case .fullFidelityOnly(let position, let only):
      "the oracle does not observe position \(position); it only observes full fidelity, which is epoch \(only)"
    case .noObservation(let candidate): "the oracle returned nothing for \(candidate)"
    }
  }

  public var remedy: String? {
    switch self {
    case .invalidWorkerCount: "choose another number of workers"
    case .invalidSeconds: "correct the training times of the benchmark, or leave the run out"
    case .unknownCandidate: "ask about a candidate of the benchmark"
    case .invalidPosition: "ask at a lower fidelity"
    case .fullFidelityOnly: "ask at full fidelity, or choose an oracle with curves"
    case .noObservation: "report this as an error of the oracle"
    }
  }

  public var exitStatus: ExitStatus {
    switch self {
    case .invalidWorkerCount, .unknownCandidate, .invalidPosition, .fullFidelityOnly: .usage
    case .invalidSeconds: .dataError
    case .noObservation: .software
    }
  }
}
