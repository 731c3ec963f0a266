/// A covariance function over named blocks of features, as a tree.
///
/// Every hyperparameter is positive and learnt: the length scales of the distances and the variances of `scaled`.
public indirect enum KernelExpression: Hashable, Sendable, Codable {
  /// κ(r), r² the sum over all distances: 1 for equal inputs.
  case stationary(KernelShape, over: [KernelDistance])
  /// A variance times a kernel.
  case scaled(KernelExpression)
  case sum([KernelExpression])
  case product([KernelExpression])

  /// The blocks that it reads, each once, in the order in which they first occur.
  public var encodings: [EncodingChoice] {
    var found: [EncodingChoice] = []
    for distance in distances where !found.contains(distance.encoding) { found.append(distance.encoding) }
    return found
  }

  private var distances: [KernelDistance] {
    switch self {
    case .stationary(_, let distances): distances
    case .scaled(let inner): inner.distances
    case .sum(let parts), .product(let parts): parts.flatMap(\.distances)
    }
  }

  /// Whether every sum and product has parts, every stationary kernel a distance, and the tree at most 64 nodes.
  var isWellFormed: Bool {
    func size(_ node: KernelExpression) -> Int? {
      switch node {
      case .stationary(_, let distances): return distances.isEmpty ? nil : 1
      case .scaled(let inner): return size(inner).map { $0 + 1 }
      case .sum(let parts), .product(let parts):
        if parts.isEmpty { return nil }
        return parts.reduce(1 as Int?) { sum, part in sum.flatMap { sum in size(part).map { sum + $0 } } }
      }
    }
    return size(self).map { $0 <= 64 } ?? false
  }
}

/// How covariance falls with distance r.
public enum KernelShape: String, Hashable, Sendable, Codable, CaseIterable {
  /// (1 + √5·r + 5r²/3)·exp(-√5·r): Matérn's with ν = 5/2.
  case matern52 = "matern-5/2"
  /// (1 + √3·r)·exp(-√3·r): Matérn's with ν = 3/2.
  case matern32 = "matern-3/2"
  /// exp(-r²/2).
  case squaredExponential = "squared-exponential"
}

/// How far apart two architectures are by one block: Σ dₖ/ℓₖ² over its columns.
public struct KernelDistance: Hashable, Sendable, Codable {
  public enum LengthScales: String, Hashable, Sendable, Codable {
    /// One for the block.
    case one
    /// One a column: automatic relevance determination.
    case each
  }

  public enum Metric: String, Hashable, Sendable, Codable {
    /// (x - x′)², columns brought to mean 0 and variance 1 on the training set.
    case squared
    /// 1 where x ≠ x′, else 0. With `squaredExponential` this is the Hamming kernel of SMAC.
    case mismatch
  }

  /// Which columns of the block.
  public enum Columns: String, Hashable, Sendable, Codable {
    case all
    /// Those with whole numbers only in training, three different ones at most.
    case categorical
    /// All others.
    case numeric
  }

  /// The block's name.
  public var block: String
  public var lengthScales: LengthScales
  public var metric: Metric
  public var columns: Columns

  public init(
    _ encoding: EncodingChoice, lengthScales: LengthScales = .each, metric: Metric = .squared, columns: Columns = .all
  ) {
    block = encoding.description
    self.lengthScales = lengthScales
    self.metric = metric
    self.columns = columns
  }

  /// The block as a choice.
  public var encoding: EncodingChoice { EncodingChoice(block) }
}
