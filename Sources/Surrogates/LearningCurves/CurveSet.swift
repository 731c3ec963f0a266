/// The learning curves of N runs, as far as each has been seen: one value an epoch, the first epoch first.
///
/// Curves may be of different lengths. What is known of the runs beside their curves stands in the same order.
public struct CurveSet: Hashable, Sendable {
  /// Which values of a curve are the better ones.
  public enum Direction: String, Hashable, Sendable, Codable, CaseIterable {
    case largerIsBetter = "larger-is-better"
    case smallerIsBetter = "smaller-is-better"

    /// 1 where larger is better, else -1: times this, every curve is one that should rise.
    public var sign: Double { self == .largerIsBetter ? 1 : -1 }
  }

  /// N curves of one finite value an epoch, one epoch at least.
  public let curves: [[Double]]
  public let direction: Direction
  /// The architectures, N×D, for methods that look at them.
  public let features: FeatureMatrix?
  /// The data set of each run, for methods that learn across data sets.
  public let datasets: [String]?

  /// Throws ``SurrogatesError/shape(_:)`` for a curve without epochs and where there are not as many rows or labels as
  /// curves, and ``SurrogatesError/badValue(row:value:)`` for a value that is not finite.
  public init(
    _ curves: [[Double]], _ direction: Direction = .largerIsBetter, features: FeatureMatrix? = nil,
    datasets: [String]? = nil
  ) throws {
    if let row = curves.firstIndex(where: \.isEmpty) { throw SurrogatesError.shape("curve \(row) has no epoch") }
    for (row, curve) in curves.enumerated() {
      if let odd = curve.first(where: { !$0.isFinite }) { throw SurrogatesError.badValue(row: row, value: odd) }
    }
    if let features, features.count != curves.count {
      throw SurrogatesError.shape("\(features.count) architectures for \(curves.count) curves")
    }
    if let datasets, datasets.count != curves.count {
      throw SurrogatesError.shape("\(datasets.count) data sets for \(curves.count) curves")
    }
    self.init(checked: curves, direction, features, datasets)
  }

  private init(
    checked curves: [[Double]], _ direction: Direction, _ features: FeatureMatrix?, _ datasets: [String]?
  ) {
    self.curves = curves
    self.direction = direction
    self.features = features
    self.datasets = datasets
  }

  /// N.
  public var count: Int { curves.count }
  /// Epochs of the shortest curve; 0 where there is none.
  public var shortest: Int { curves.map(\.count).min() ?? 0 }
  /// Epochs of the longest curve; 0 where there is none.
  public var longest: Int { curves.map(\.count).max() ?? 0 }

  /// Curve `index` with the sign with which larger is better.
  public func rising(_ index: Int) -> [Double] {
    direction == .largerIsBetter ? curves[index] : curves[index].map { -$0 }
  }

  /// The first `epochs` of every curve, one at least; shorter curves stay as they are.
  public func prefix(_ epochs: Int) -> CurveSet {
    CurveSet(checked: curves.map { Array($0.prefix(max(1, epochs))) }, direction, features, datasets)
  }

  /// The runs at `indices`, in their order.
  public func rows(_ indices: some Collection<Int>) -> CurveSet {
    CurveSet(
      checked: indices.map { curves[$0] }, direction, features?.rows(indices),
      datasets.map { labels in indices.map { labels[$0] } })
  }

  /// The same curves without what is known beside them.
  public var curvesAlone: CurveSet { CurveSet(checked: curves, direction, nil, nil) }
}
