import Foundation
package import Records

/// Draws from a density by one variable at a time: a slice through the density, stepped out and shrunk
/// (Neal, 2003, figures 3 and 5). Deterministic by its generator.
package struct SliceSampler: Sendable {
  /// How wide the first bracket is.
  package var width = 1.0
  /// How often a bracket may grow on either side.
  package var steps = 8
  /// Sweeps over all variables that are thrown away.
  package var burnIn = 10
  /// Sweeps between two samples that are kept.
  package var thinning = 1

  package init() {}

  /// `count` points, each from the one before, within `bounds`. `density` gives a density's logarithm up to a constant,
  /// -∞ where it is 0 (so at NaN), and must be finite at `start`.
  package func sample(
    _ count: Int, from start: [Double], within bounds: [ClosedRange<Double>],
    using generator: inout SeededGenerator, _ density: ([Double]) -> Double
  ) -> [[Double]] {
    precondition(bounds.count == start.count, "a bound a variable")
    var point = zip(start, bounds).map { min(max($0, $1.lowerBound), $1.upperBound) }
    var height = density(point)
    var kept: [[Double]] = []
    guard height.isFinite else { return [] }
    for sweep in 0..<burnIn + count * thinning {
      for variable in point.indices {
        step(variable, &point, &height, bounds[variable], &generator, density)
      }
      if sweep >= burnIn, (sweep - burnIn) % thinning == thinning - 1 { kept.append(point) }
    }
    return kept
  }

  private func step(
    _ variable: Int, _ point: inout [Double], _ height: inout Double, _ bound: ClosedRange<Double>,
    _ generator: inout SeededGenerator, _ density: ([Double]) -> Double
  ) {
    let origin = point[variable]
    let level = height + log(1 - generator.uniform())
    func at(_ x: Double) -> Double {
      var moved = point
      moved[variable] = x
      return density(moved)
    }
    var low = origin - width * generator.uniform()
    var high = low + width
    var left = generator.integer(below: steps + 1)
    var right = steps - left
    while left > 0, low > bound.lowerBound, at(low) > level {
      low -= width
      left -= 1
    }
    while right > 0, high < bound.upperBound, at(high) > level {
      high += width
      right -= 1
    }
    low = max(low, bound.lowerBound)
    high = min(high, bound.upperBound)
    // A hundred shrinkings leave nothing of any bracket: then the point stays where it is.
    for _ in 0..<100 {
      let candidate = low + (high - low) * generator.uniform()
      let found = at(candidate)
      if found > level {
        point[variable] = candidate
        height = found
        return
      }
      if candidate < origin { low = candidate } else { high = candidate }
    }
  }
}
