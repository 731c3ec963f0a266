public import Records

/// What the coordinator tells a trainer process, one JSON object a line.
public enum WorkerCommand: Hashable, Sendable, Codable {
  /// Train the run at `index` of the plan with the logits of these runs as teachers.
  case train(index: Int, teachers: [Digest256], concurrentTrainers: Int)
}

/// What a trainer process answers, one JSON object a line.
public enum WorkerAnswer: Hashable, Sendable, Codable {
  case ready
  /// An epoch, counted from 1, with the validation score after it.
  case epoch(index: Int, epoch: Int, validation: Float)
  /// The run is in the journal, on disk.
  case recorded(index: Int, numerics: Digest256, status: RunStatus, score: Score?)
  /// The run could not be trained; nothing was recorded. `code` when the fault is not the architecture's, and other runs
  /// would meet it too.
  case failed(index: Int, code: String?, message: String)
}
