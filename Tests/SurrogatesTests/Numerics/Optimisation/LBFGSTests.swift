import Foundation
import Surrogates
import Testing

@Suite struct LBFGSTests {
  /// Σ 100(xᵢ₊₁ - xᵢ²)² + (1 - xᵢ)².
  private func rosenbrock(_ x: [Double]) -> LBFGS.Value {
    var value = 0.0
    var gradient = [Double](repeating: 0, count: x.count)
    for index in 0..<x.count - 1 {
      let bend = x[index + 1] - x[index] * x[index]
      value += 100 * bend * bend + (1 - x[index]) * (1 - x[index])
      gradient[index] += -400 * bend * x[index] - 2 * (1 - x[index])
      gradient[index + 1] += 200 * bend
    }
    return (value, gradient)
  }

  @Test(arguments: [2, 5, 20]) func theValleyIsFollowedToItsEnd(_ variables: Int) {
    var optimiser = LBFGS()
    optimiser.maximumIterations = 500
    let found = optimiser.minimise(from: (0..<variables).map { $0 % 2 == 0 ? -1.2 : 1 }, rosenbrock)
    #expect(found.converged)
    #expect(found.evaluations < 300)
    #expect(found.value < 1e-8)
    // The valley of five and more has a second, higher end at x₁ = -1; this start leads to the lower one.
    for x in found.point { #expect(abs(x - 1) < 1e-3) }
  }

  @Test func boundsHold() {
    // The lowest point of the box is (0.5, 0.25), on its edge.
    let found = LBFGS().minimise(from: [-9, 9], within: [-2...0.5, -2...2]) { point in
      #expect((-2...0.5).contains(point[0]) && (-2...2).contains(point[1]))
      return rosenbrock(point)
    }
    #expect(found.converged)
    #expect(abs(found.point[0] - 0.5) < 1e-9)
    #expect(abs(found.point[1] - 0.25) < 1e-5)
  }

  @Test func everyCornerOfABoxIsReached() {
    for target in [[3.0, -3, 0.2], [-3, 3, 9], [0.1, 0.2, -0.3]] {
      let found = LBFGS().minimise(from: [0, 0, 0], within: .init(repeating: -1...1, count: 3)) { point in
        let away = zip(point, target).map { $0 - $1 }
        return (zip(away, [1, 10, 100]).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }, zip(away, [2, 20, 200]).map(*))
      }
      for (x, wanted) in zip(found.point, target) { #expect(abs(x - min(1, max(-1, wanted))) < 1e-6) }
    }
  }

  @Test func pointsThatAreRefusedAreAvoided() {
    // ln is not defined left of 0, where the first long step leads.
    let found = LBFGS().minimise(from: [30]) { point in
      guard point[0] > 0 else { return (.nan, [.nan]) }
      return (point[0] - 2 * log(point[0]), [1 - 2 / point[0]])
    }
    #expect(abs(found.point[0] - 2) < 1e-5)
    let refused = LBFGS().minimise(from: [1]) { _ in (.infinity, [0]) }
    #expect(!refused.converged && refused.evaluations == 1 && refused.point == [1])
  }

  @Test func limitsAreKept() {
    var optimiser = LBFGS()
    optimiser.maximumEvaluations = 7
    var calls = 0
    let found = optimiser.minimise(from: [-1.2, 1]) { point in
      calls += 1
      return rosenbrock(point)
    }
    #expect(calls == found.evaluations && calls <= 7)
    #expect(!found.converged)
    #expect(found.value < rosenbrock([-1.2, 1]).value)
  }
}
