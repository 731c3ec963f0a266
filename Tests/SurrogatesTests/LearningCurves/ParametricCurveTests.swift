import Foundation
import Records
import Surrogates
import Testing

@Suite struct ParametricCurveTests {
  @Test(arguments: ParametricCurve.allCases) func gradientsAreThoseOfCentralDifferences(_ curve: ParametricCurve) {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<20 {
      let point = curve.startValues.map { ($0 == 0 ? 0.1 : $0) * (0.8 + 0.4 * generator.uniform()) }
      for epoch in [1.0, 2, 7, 40] {
        let gradient = curve.gradient(at: epoch, point)
        for place in point.indices {
          let step = 1e-6 * max(abs(point[place]), 1e-2)
          var (above, below) = (point, point)
          above[place] += step
          below[place] -= step
          let difference = (curve.value(at: epoch, above) - curve.value(at: epoch, below)) / (2 * step)
          #expect(
            abs(gradient[place] - difference) < 1e-5 * max(1, abs(difference)),
            "\(curve) \(curve.parameterNames[place]) at \(epoch)")
        }
      }
    }
  }

  @Test func valuesAreThoseOfTheFormulas() {
    #expect(abs(ParametricCurve.hill3.value(at: 4, [0.8, 0.5, 9]) - 0.8 * 2 / (3 + 2)) < 1e-15)
    #expect(abs(ParametricCurve.hill3Product.value(at: 4, [0.8, 0.5, 9]) - 0.8 * 2 / (4.5 + 2)) < 1e-15)
    #expect(abs(ParametricCurve.hill4.value(at: 4, [0.1, 0.8, 0.5, 9]) - (0.1 + 0.8 * 2 / (3 + 2))) < 1e-15)
    #expect(abs(ParametricCurve.pow4.value(at: 3, [0.9, 2, 3, 0.5]) - (0.9 - 1 / 3)) < 1e-15)
    #expect(abs(ParametricCurve.mmf.value(at: 2, [0.9, 0.1, 0.5, 3]) - 0.5) < 1e-15)
    #expect(abs(ParametricCurve.vap.value(at: 1, [-1, 0.5, 3]) - exp(-0.5)) < 1e-15)
    #expect(ParametricCurve.domhan.count == 11)
    for curve in ParametricCurve.allCases {
      #expect(curve.startValues.count == curve.parameterCount && curve.bounds.count == curve.parameterCount)
    }
  }

  @Test(arguments: ParametricCurve.domhan) func exactCurvesAreFoundAgain(_ curve: ParametricCurve) throws {
    let values = (1...60).map { curve.value(at: Double($0), curve.startValues.map { $0 * 1.1 }) }
    let fit = try #require(
      CurveFit.maximumLikelihood(curve, to: values, weights: values.map { _ in 1 }), "\(curve)")
    #expect(fit.cost < 1e-5, "\(curve): \(fit.cost)")
  }
}
