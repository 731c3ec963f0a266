/// The mean of a value over the runs of one architecture, in the order of a setting: sorted by seed, published means last.
///
/// A published mean only counts where no single run has a value. Every mean over runs is taken here, so that all of them
/// have the same bits.
@frozen
public struct RunMean {
  // The sum of nothing: adding it changes no number, not even −0.
  @usableFromInline var sum = -0.0
  @usableFromInline var count = 0
  @usableFromInline var hasSingle = false

  @inlinable
  public init() {}

  /// Adds the value of the next run that has one.
  @inlinable @inline(__always)
  public mutating func add(_ value: Double, isPublishedMean: Bool = false) {
    if !isPublishedMean { hasSingle = true } else if hasSingle { return }
    sum += value
    count += 1
  }

  /// The mean, and of how many runs; nil where none has a value.
  @inlinable
  public var result: (value: Double, count: Int)? { count == 0 ? nil : (sum / Double(count), count) }
}

extension Setting {
  /// The mean of what `value` gives for runs of one architecture, and of how many; nil where none has a value.
  public func mean(
    of runs: some Sequence<Int>, _ value: (Int) throws -> Double?
  ) throws -> (value: Double, count: Int)? {
    let isMixed = try hasMeansBesideRuns()
    var mean = RunMean()
    for run in runs {
      guard let value = try value(run) else { continue }
      mean.add(value, isPublishedMean: isMixed ? try isMeanBesideRuns(run) : false)
    }
    return mean.result
  }

  /// `found` without published means, where a single run is among them.
  public func leavingOutMeans<Found>(_ found: [Found], run: (Found) -> Int) throws -> [Found] {
    guard try hasMeansBesideRuns() else { return found }
    let singles = try found.filter { try !isMeanBesideRuns(run($0)) }
    return singles.isEmpty ? found : singles
  }
}
