/// Starts trainers, and carries what the coordinator and they say. Trainers have numbers from 0.
public protocol TrainerLauncher: AnyObject {
  /// Starts a trainer, or starts it anew where it has ended.
  func start(_ trainer: Int) throws

  /// Whether a trainer was started and its end was not yet told.
  func isRunning(_ trainer: Int) -> Bool

  /// Sends a command. Where the trainer is gone, its end is the next that is heard of it.
  func send(_ command: WorkerCommand, to trainer: Int) throws

  /// Waits for the next event; nil when none comes within `seconds`.
  func next(within seconds: Double?) throws -> TrainerEvent?

  /// Ends a trainer at once; its end is an event like any other.
  func kill(_ trainer: Int)

  /// Ends all trainers, and returns when they are gone.
  func stop()
}

/// What is heard of a trainer.
public enum TrainerEvent: Hashable, Sendable {
  case answer(Int, WorkerAnswer)
  /// A line that it wrote for people.
  case diagnostic(Int, String)
  /// It is gone, and this is why.
  case ended(Int, WorkerFailure)
}
