import Foundation

/// Computes a kernel between rows and, on the way back, what a change of each hyperparameter does to a weighted sum.
///
/// Works on one row against others at a time, node by node, all sums in a fixed order: a row's numbers do not depend on
/// what is computed beside it. Not for use by two threads at once.
final class KernelRows {
  private typealias Numbers = UnsafeMutablePointer<Double>

  private let program: KernelProgram
  /// Variances of the `scaled` nodes, and 1 elsewhere.
  private let factors: [Double]
  /// 1/ℓ of the columns.
  private let inverse: [Double]
  private let count: Int
  /// C×N, divided by length scales where they are no mismatches.
  private let columns: UnsafeMutablePointer<Double>
  /// Runs of N: a node's value, its slope dκ/dr², its weight on the way back; and r² of each group.
  private let values: UnsafeMutablePointer<Double>
  private let slopes: UnsafeMutablePointer<Double>
  private let weights: UnsafeMutablePointer<Double>
  private let distances: UnsafeMutablePointer<Double>

  /// `inputs` is C×N, as ``KernelProgram/inputs(_:)`` gives them.
  init(_ program: KernelProgram, inputs: [Double], count: Int, parameters: [Double]) {
    self.program = program
    self.count = count
    inverse = program.inverseLengthScales(parameters)
    factors = program.nodes.map { node in
      if case .scaled(_, let parameter) = node { return exp(parameters[parameter]) }
      return 1
    }
    func run(_ lines: Int) -> Numbers {
      let numbers = Numbers.allocate(capacity: max(1, lines * count))
      numbers.initialize(repeating: 0, count: max(1, lines * count))
      return numbers
    }
    columns = run(program.columns.count)
    values = run(program.nodes.count)
    slopes = run(program.nodes.count)
    weights = run(program.nodes.count)
    distances = run(program.groups.count)
    for (place, value) in inputs.enumerated() { columns[place] = value }
    for group in program.groups where !group.isMismatch {
      for column in group.columns {
        for row in column * count..<(column + 1) * count { columns[row] *= inverse[column] }
      }
    }
  }

  deinit { for numbers in [columns, values, slopes, weights, distances] { numbers.deallocate() } }

  private var root: Int { program.nodes.count - 1 }

  /// k(xᵢ, xⱼ) of the row `index` of the inputs themselves and j in 0..<`limit`, copied to `target`.
  func compute(_ index: Int, limit: Int, to target: UnsafeMutablePointer<Double>?) {
    forward(program.columns.indices.map { columns[$0 * count + index] }, limit)
    target?.update(from: values + root * count, count: limit)
  }

  /// k(x, xⱼ) for a row as ``KernelProgram/inputs(_:)`` gives it, one number a column, and all N inputs.
  func compute(_ x: [Double], to target: UnsafeMutablePointer<Double>) {
    var scaled = x
    for group in program.groups where !group.isMismatch {
      for column in group.columns { scaled[column] *= inverse[column] }
    }
    forward(scaled, count)
    target.update(from: values + root * count, count: count)
  }

  private func forward(_ x: [Double], _ limit: Int) {
    for (place, node) in program.nodes.enumerated() {
      let out = values + place * count
      switch node {
      case .stationary(let shape, let groups, _):
        out.update(repeating: 0, count: limit)
        for group in groups {
          let own = distances + group * count
          distance(x, program.groups[group], own, limit)
          for other in 0..<limit { out[other] += own[other] }
        }
        shape.apply(out, slopes + place * count, limit)
      case .scaled(let inner, _):
        let part = values + inner * count
        let factor = factors[place]
        for other in 0..<limit { out[other] = factor * part[other] }
      case .sum(let parts):
        out.update(repeating: 0, count: limit)
        for part in parts {
          let part = values + part * count
          for other in 0..<limit { out[other] += part[other] }
        }
      case .product(let parts):
        out.update(repeating: 1, count: limit)
        for part in parts {
          let part = values + part * count
          for other in 0..<limit { out[other] *= part[other] }
        }
      }
    }
  }

  /// Σ over the columns of a group of what they add to r².
  private func distance(_ x: [Double], _ group: KernelProgram.Group, _ out: Numbers, _ limit: Int) {
    out.update(repeating: 0, count: limit)
    for column in group.columns {
      let others = columns + column * count
      let own = x[column]
      if group.isMismatch {
        let weight = inverse[column] * inverse[column]
        for other in 0..<limit { out[other] += others[other] == own ? 0 : weight }
      } else {
        for other in 0..<limit {
          let difference = others[other] - own
          out[other] += difference * difference
        }
      }
    }
  }

  /// Adds Σⱼ uⱼ·∂k(row, j)/∂θ to `gradient`, for the row computed last and `upstream` u of `limit` numbers.
  func backward(_ upstream: UnsafePointer<Double>, _ limit: Int, into gradient: inout [Double]) {
    (weights + root * count).update(from: upstream, count: limit)
    for (place, node) in program.nodes.enumerated().reversed() {
      let weight = weights + place * count
      switch node {
      case .stationary(_, let groups, _):
        let slope = slopes + place * count
        // A group's share of r² is proportional to ℓ⁻², so its derivative by ln ℓ is -2 times itself.
        for other in 0..<limit { weight[other] *= -2 * slope[other] }
        for group in groups {
          gradient[program.groups[group].parameter] += Self.dot(weight, distances + group * count, limit)
        }
      case .scaled(let inner, let parameter):
        gradient[parameter] += Self.dot(weight, values + place * count, limit)
        let part = weights + inner * count
        let factor = factors[place]
        for other in 0..<limit { part[other] = factor * weight[other] }
      case .sum(let parts): for part in parts { (weights + part * count).update(from: weight, count: limit) }
      case .product(let parts):
        for part in parts {
          let target = weights + part * count
          target.update(from: weight, count: limit)
          for factor in parts where factor != part {
            let factor = values + factor * count
            for other in 0..<limit { target[other] *= factor[other] }
          }
        }
      }
    }
  }

  /// Σ aᵢ·bᵢ, in eight lanes that are added in the end.
  static func dot(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ count: Int) -> Double {
    var lanes = SIMD8<Double>(repeating: 0)
    let whole = count & ~7
    for place in stride(from: 0, to: whole, by: 8) {
      let left = UnsafeRawPointer(a + place).loadUnaligned(as: SIMD8<Double>.self)
      lanes += left * UnsafeRawPointer(b + place).loadUnaligned(as: SIMD8<Double>.self)
    }
    var sum = lanes.sum()
    for place in whole..<count { sum += a[place] * b[place] }
    return sum
  }
}

extension KernelShape {
  /// In place: κ from r², and dκ/d(r²) beside it.
  fileprivate func apply(_ values: UnsafeMutablePointer<Double>, _ slopes: UnsafeMutablePointer<Double>, _ count: Int) {
    switch self {
    case .matern52:
      for place in 0..<count {
        let scaled = (5 * values[place]).squareRoot()
        let decay = exp(-scaled)
        slopes[place] = -5 / 6 * (1 + scaled) * decay
        values[place] = (1 + scaled + 5 / 3 * values[place]) * decay
      }
    case .matern32:
      for place in 0..<count {
        let scaled = (3 * values[place]).squareRoot()
        let decay = exp(-scaled)
        slopes[place] = -1.5 * decay
        values[place] = (1 + scaled) * decay
      }
    case .squaredExponential:
      for place in 0..<count {
        values[place] = exp(-values[place] / 2)
        slopes[place] = -values[place] / 2
      }
    }
  }
}
