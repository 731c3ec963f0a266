import Nets
import Records

/// Networks of one shape that have learnt, each in its own way: their weights, and what they say together.
struct NetworkEnsemble<Shape: NetworkShape>: Sendable {
  let shape: Shape
  /// Members × ``NetworkShape/count``.
  private let weights: [Float]

  /// Members of one ensemble at most.
  static var most: Int { 1_000 }

  /// What `learn` gives for each member, with `name` for messages. Throws ``SurrogatesError/shape(_:)``, what `learn`
  /// throws, and ``SurrogatesError/numerics(_:)`` for weights that are not finite.
  init(_ shape: Shape, members: Int, of name: String, _ learn: @Sendable (_ member: Int) throws -> [Float]) throws {
    try shape.check()
    self.shape = shape
    weights = try Array(0..<members).concurrentMap(learn).flatMap { $0 }
    guard weights.allSatisfy(\.isFinite) else {
      throw SurrogatesError.numerics("a network of \(name) diverged; choose a smaller learning rate")
    }
  }

  /// Members × rows: what `read` gives while `parameters` are those of each member.
  func votes(_ parameters: Parameters, _ read: () throws -> [Double]) rethrows -> [[Double]] {
    try stride(from: 0, to: weights.count, by: shape.count).map { start in
      parameters.snapshot = Array(weights[start..<start + shape.count])
      return try read()
    }
  }

  // MARK: Model file

  func write(to archive: inout ArrayArchive) { archive.set("weights", weights) }

  /// Reads the weights of `shape` in `archive`. Throws ``SurrogatesError/shape(_:)`` for sizes that no network has, and
  /// ``DamagedArchive`` for weights of no whole members.
  init(_ shape: Shape, from archive: ArrayArchive) throws {
    try shape.check()
    self.shape = shape
    weights = try archive.floats("weights")
    guard weights.count % shape.count == 0, (1...Self.most).contains(weights.count / shape.count),
      weights.allSatisfy(\.isFinite)
    else { throw DamagedArchive("weights of \(archive.kind) are not those of whole networks") }
  }
}

extension Prediction {
  /// One a row: the mean of what each of the `votes` (members × rows) says, and their deviation as epistemic.
  static func joining(_ votes: [[Double]], aleatoric: Double = 0) -> [Prediction] {
    (votes.first ?? []).indices.map { row in
      let column = votes.map { $0[row] }
      let mean = column.reduce(0, +) / Double(column.count)
      let squares = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let spread = column.count > 1 ? (squares / Double(column.count - 1)).squareRoot() : 0
      return Prediction(mean: mean, aleatoric: aleatoric, epistemic: spread)
    }
  }
}
