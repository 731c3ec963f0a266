public import Records

/// What the coordinator asks of a trainer process, one JSON object per line.
public enum WorkerCommand: Hashable, Sendable, Codable {
  /// Train the run at `index` of the plan with the logits of these runs as teachers.
  case train(index: Int, teachers: [Digest256], concurrentTrainers: Int)
}

/// What a trainer process answers, one JSON object per line.
public enum WorkerAnswer: Hashable, Sendable, Codable {
  case ready
  /// An epoch, counted from 1, with the validation score after it.
  case epoch(index: Int, epoch: Int, validation: Float)
  /// The run is in the journal, on disk.
  case recorded(index: Int, numerics: Digest256, status: RunStatus, score: Score?)
  /// The run was not trained and nothing was recorded; without an index the trainer could not start.
  case failed(index: Int?, WorkerFailure)
}
