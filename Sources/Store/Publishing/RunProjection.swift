import GRDB
import Records

/// What of a record stands in columns of `runs`, so that SQL can filter and sort by it.
struct RunProjection {
  private let record: RunRecord
  private let numerics: Digest256

  init(_ record: RunRecord, numerics: Digest256) {
    self.record = record
    self.numerics = numerics
  }

  /// The columns from `seed` to `numerics`.
  func columns(scoreMetric: Int64?) -> StatementArguments {
    let epochs = record.costs?.epochs
    let values: [(any DatabaseValueConvertible)?] = [
      Int64(bitPattern: record.key.seed), record.origin?.kind.rawValue, record.status.rawValue, record.epochs,
      scoreMetric, record.score?.epoch, record.score.map { Double($0.validation) },
      record.score?.test.map { Double($0) },
      record.counts?.parameters, record.counts?.supernetParameters, record.counts?.forwardFLOPs,
      epochs.map { $0.reduce(0) { $0 + $1.trainWallSeconds } },
      epochs.map { $0.reduce(0) { $0 + $1.evaluationWallSeconds } },
      record.costs?.latencyBatch1Milliseconds, record.costs?.latencyBatch64Milliseconds, numerics.bytes,
    ]
    return StatementArguments(values)
  }
}

extension Split {
  /// The split's id in the table `splits`.
  var number: Int64 {
    switch self {
    case .train: 1
    case .validation: 2
    case .test: 3
    }
  }

  init?(number: Int64) {
    guard let split = Split.parts.first(where: { $0.number == number }) else { return nil }
    self = split
  }
}
