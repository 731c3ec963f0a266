/// How far a run is looked at by one question.
public struct RunCharge<RunIdentity: Hashable & Sendable>: Hashable, Sendable {
  public var run: RunIdentity
  /// The last epoch looked at, from 1; 0 for what needs no training.
  public var epoch: Int
  /// The simulated training seconds from the start of the run to the end of `epoch`; nil where the source does not tell.
  public var secondsUpToEpoch: Double?

  public init(run: RunIdentity, epoch: Int, secondsUpToEpoch: Double?) {
    self.run = run
    self.epoch = epoch
    self.secondsUpToEpoch = secondsUpToEpoch
  }
}

extension RunCharge: Codable where RunIdentity: Codable {}
