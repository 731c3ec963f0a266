/// What a live-path summary counts along the paths of a cell.
///
/// The same rule for every cell space: the numbers follow from the roles of its operations. For NAS-Bench-201 they are
/// 18.
public struct LivePathSummary: Hashable, Sendable {
  /// One number of a summary.
  public enum Feature: Hashable, Sendable {
    /// Live paths.
    case paths
    /// Computing operations on the longest and on the shortest live path.
    case longest
    case shortest
    /// The largest and the smallest count on a live path, and the sum over the paths, of an operation of this name.
    case maximum(String)
    case minimum(String)
    case sum(String)
    /// The largest and the smallest number of convolutions of any size on a live path.
    case maximumConvolutions
    case minimumConvolutions
    /// 1 where some live path computes nothing.
    case barePath
    /// 1 where no path is live.
    case dead
    /// Edges or vertices on some live path that hold the operation of this name.
    case live(String)
  }

  /// In the order of the numbers.
  public let features: [Feature]
  private let operations: [CellOperation]

  /// The features that the roles of `operations` call for:
  /// - paths, longest, shortest;
  /// - each convolution: maximum and sum; each pooling and each other computing operation: maximum, minimum and sum;
  /// - where there are convolutions, the maximum and the minimum of all together;
  /// - bare path; where an operation passes nothing, dead;
  /// - each operation that passes something: how often it is live.
  public init(operations: [CellOperation]) {
    self.operations = operations
    var features: [Feature] = [.paths, .longest, .shortest]
    for operation in operations {
      switch operation.role {
      case .none, .skip: break
      case .convolution: features += [.maximum(operation.name), .sum(operation.name)]
      case .pooling, .other:
        features += [.maximum(operation.name), .minimum(operation.name), .sum(operation.name)]
      }
    }
    if operations.contains(where: \.isConvolution) { features += [.maximumConvolutions, .minimumConvolutions] }
    features.append(.barePath)
    if operations.contains(where: { $0.role == .none }) { features.append(.dead) }
    features += operations.filter { $0.role != .none }.map { .live($0.name) }
    self.features = features
  }

  /// The numbers for one cell; all that is taken over paths is 0 where none is live.
  public func values(paths: [LivePath], liveOperations: [Int]) -> [Double] {
    let lengths = paths.map(\.operations.count)
    let live = counts(liveOperations)
    let onPaths = paths.map { counts($0.operations) }
    let convolutions = operations.indices.filter { operations[$0].isConvolution }
    let convolutionsOnPaths = onPaths.map { counts in convolutions.reduce(0) { $0 + counts[$1] } }
    let places = Dictionary(uniqueKeysWithValues: operations.enumerated().map { ($1.name, $0) })
    func along(_ name: String) -> [Int] { places[name].map { place in onPaths.map { $0[place] } } ?? [] }
    return features.map { feature in
      let value =
        switch feature {
        case .paths: paths.count
        case .longest: lengths.max() ?? 0
        case .shortest: lengths.min() ?? 0
        case .maximum(let name): along(name).max() ?? 0
        case .minimum(let name): along(name).min() ?? 0
        case .sum(let name): along(name).reduce(0, +)
        case .maximumConvolutions: convolutionsOnPaths.max() ?? 0
        case .minimumConvolutions: convolutionsOnPaths.min() ?? 0
        case .barePath: lengths.contains(0) ? 1 : 0
        case .dead: paths.isEmpty ? 1 : 0
        case .live(let name): places[name].map { live[$0] } ?? 0
        }
      return Double(value)
    }
  }

  private func counts(_ held: [Int]) -> [Int] {
    var counts = [Int](repeating: 0, count: operations.count)
    for operation in held { counts[operation] += 1 }
    return counts
  }
}

extension CellSpace {
  /// What the numbers of ``livePathSummary(of:)`` are.
  public var livePathSummaryFeatures: [LivePathSummary.Feature] {
    LivePathSummary(operations: operations).features
  }

  /// The summary of the live paths of `architecture`: one number a feature.
  public func livePathSummary(of architecture: Architecture) -> [Double] {
    LivePathSummary(operations: operations)
      .values(paths: livePaths(of: architecture), liveOperations: liveOperations(of: architecture))
  }
}

extension CellOperation {
  var isConvolution: Bool {
    if case .convolution = role { true } else { false }
  }
}
