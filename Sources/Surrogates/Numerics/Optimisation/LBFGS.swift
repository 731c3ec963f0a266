/// Minimises a smooth function within bounds: limited-memory BFGS on the variables that no bound holds, steps projected
/// into the box (Nocedal and Wright, 2006, algorithm 7.4; Bertsekas, 1982, for the projection).
///
/// Steps satisfy the weak Wolfe conditions, found by bisection (Lewis and Overton, 2013). Deterministic.
package struct LBFGS: Sendable {
  /// The lowest point met.
  package struct Minimum: Sendable {
    package let point: [Double]
    package let value: Double
    /// Calls of the function.
    package let evaluations: Int
    /// Whether a tolerance was reached before a limit.
    package let converged: Bool
  }

  /// A function's value and its gradient, as many numbers as variables.
  package typealias Value = (value: Double, gradient: [Double])

  package var maximumIterations = 100
  package var maximumEvaluations = 1000
  /// Pairs of steps and gradient changes that are remembered.
  package var memory = 10
  /// Stops where no component of the projected gradient is larger.
  package var gradientTolerance = 1e-6
  /// Stops where an iteration gains less than this share of the value (or less than this, for values below 1).
  package var valueTolerance = 1e-10

  package init() {}

  /// Minimises from `start`, put within `bounds` (none: unbounded). Values that are not finite count as too high, so the
  /// function may refuse points; the gradient is not read there.
  ///
  /// Where the function is not finite at `start` itself, that is the minimum found. Rethrows what `function` throws.
  package func minimise(
    from start: [Double], within bounds: [ClosedRange<Double>]? = nil,
    _ function: ([Double]) throws -> Value
  ) rethrows -> Minimum {
    precondition(bounds.map { $0.count == start.count } ?? true, "a bound a variable")
    func project(_ point: [Double]) -> [Double] {
      guard let bounds else { return point }
      return zip(point, bounds).map { min(max($0, $1.lowerBound), $1.upperBound) }
    }
    var point = project(start)
    var (value, gradient) = try function(point)
    var evaluations = 1
    var history = History(limit: memory)
    guard value.isFinite, gradient.allSatisfy(\.isFinite) else {
      return Minimum(point: point, value: value, evaluations: 1, converged: false)
    }
    for _ in 0..<maximumIterations {
      let free = point.indices.map { index in
        guard let bound = bounds?[index] else { return true }
        return !(point[index] <= bound.lowerBound && gradient[index] > 0)
          && !(point[index] >= bound.upperBound && gradient[index] < 0)
      }
      let slope = zip(gradient, free).map { $1 ? $0 : 0 }
      let steepest = slope.reduce(0) { max($0, abs($1)) }
      if steepest <= gradientTolerance {
        return Minimum(point: point, value: value, evaluations: evaluations, converged: true)
      }
      var direction = history.direction(slope, free)
      if Self.dot(direction, slope) >= 0 {
        history = History(limit: memory)
        direction = slope.map { -$0 }
      }
      // Without a history nothing is known of scale: a first step of length one at most.
      let first = history.isEmpty ? min(1, 1 / Self.dot(slope, slope).squareRoot()) : 1
      guard
        let step = try search(
          from: (point, value, slope), along: direction, first, maximumEvaluations - evaluations, project, function)
      else { return Minimum(point: point, value: value, evaluations: evaluations, converged: true) }
      evaluations += step.evaluations
      let gain = value - step.value
      history.append(
        step: zip(step.point, point).map { $0 - $1 }, change: zip(step.gradient, gradient).map { $0 - $1 })
      (point, value, gradient) = (step.point, step.value, step.gradient)
      if gain <= valueTolerance * max(1, abs(value)) {
        return Minimum(point: point, value: value, evaluations: evaluations, converged: true)
      }
      if evaluations >= maximumEvaluations { break }
    }
    return Minimum(point: point, value: value, evaluations: evaluations, converged: false)
  }

  private struct Step {
    var point: [Double]
    var value: Double
    var gradient: [Double]
    var evaluations: Int
  }

  /// A step along `direction` of sufficient decrease, long enough where one was found; nil where none goes down.
  private func search(
    from origin: (point: [Double], value: Double, slope: [Double]), along direction: [Double], _ first: Double,
    _ limit: Int, _ project: ([Double]) -> [Double], _ function: ([Double]) throws -> Value
  ) rethrows -> Step? {
    let descent = Self.dot(direction, origin.slope)
    var low = 0.0
    var high = Double.infinity
    var length = first
    var best: Step?
    var evaluations = 0
    while evaluations < min(limit, 40) {
      let point = project(zip(origin.point, direction).map { $0 + length * $1 })
      if point == origin.point { break }
      let (value, gradient) = try function(point)
      evaluations += 1
      // Along the projected path the decrease that counts is that of the step really taken.
      let promised = zip(point, origin.point).enumerated()
        .reduce(0.0) { $0 + ($1.element.0 - $1.element.1) * origin.slope[$1.offset] }
      if !(value <= origin.value + 1e-4 * promised) || !gradient.allSatisfy(\.isFinite) {
        high = length
      } else {
        best = Step(point: point, value: value, gradient: gradient, evaluations: 0)
        let moving = point.indices.map { abs(point[$0] - origin.point[$0] - length * direction[$0]) <= 1e-12 }
        let along = direction.indices.reduce(0.0) { moving[$1] ? $0 + direction[$1] * gradient[$1] : $0 }
        if along >= 0.9 * descent { break }
        low = length
      }
      length = high.isFinite ? (low + high) / 2 : 2 * low
      if best != nil, high.isFinite, high - low < 1e-3 * high { break }
    }
    best?.evaluations = evaluations
    return best
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in a.indices { sum += a[index] * b[index] }
    return sum
  }

  /// What the last steps tell of the curvature.
  private struct History {
    let limit: Int
    private var pairs: [(step: [Double], change: [Double], curvature: Double)] = []

    init(limit: Int) { self.limit = limit }

    var isEmpty: Bool { pairs.isEmpty }

    /// Forgets the oldest; keeps no pair along which the function is not convex.
    mutating func append(step: [Double], change: [Double]) {
      let curvature = LBFGS.dot(step, change)
      guard curvature > 1e-12 * LBFGS.dot(change, change) else { return }
      if pairs.count >= limit { pairs.removeFirst() }
      pairs.append((step, change, curvature))
    }

    /// -H·slope by the two-loop recursion, on the free variables.
    func direction(_ slope: [Double], _ free: [Bool]) -> [Double] {
      var result = slope.map { -$0 }
      var weights: [Double] = []
      for pair in pairs.reversed() {
        let weight = LBFGS.dot(pair.step, result) / pair.curvature
        weights.append(weight)
        for index in result.indices { result[index] -= weight * pair.change[index] }
      }
      if let last = pairs.last {
        let scale = last.curvature / LBFGS.dot(last.change, last.change)
        for index in result.indices { result[index] *= scale }
      }
      for (pair, weight) in zip(pairs, weights.reversed()) {
        let correction = weight - LBFGS.dot(pair.change, result) / pair.curvature
        for index in result.indices { result[index] += correction * pair.step[index] }
      }
      for index in result.indices where !free[index] { result[index] = 0 }
      return result
    }
  }
}
