import Foundation
import Surrogates
import TestSupport
import Testing

@Suite struct CurveSVRTests {
  @Test func theMachineAgreesWithScikitLearn() throws {
    let golden = try GoldenCurves.load()
    let rows = golden.x
    let known = 40
    func distance(_ a: Int, _ b: Int) -> Double {
      zip(rows[a], rows[b]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    let distances = (0..<known).flatMap { a in (0..<known).map { distance(a, $0) } }
    for expected in golden.regressions {
      let machine = NuSupportVectors(c: expected.c, nu: expected.nu, gamma: expected.gamma, tolerance: 1e-9)
      let solution = machine.solve(kernel: machine.kernel(distances), values: Array(golden.y.prefix(known)))
      for (place, prediction) in expected.predictions.enumerated() {
        let found = (0..<known).reduce(solution.intercept) {
          $0 + solution.coefficients[$1] * exp(-expected.gamma * distance($1, known + place))
        }
        #expect(abs(found - prediction) < 1e-6, "C \(expected.c), ν \(expected.nu)")
      }
      #expect(abs(solution.intercept - expected.intercept) < 1e-6)
      #expect(solution.coefficients.filter { $0 != 0 }.count == expected.supports)
      #expect(abs(solution.coefficients.reduce(0, +)) < 1e-9)
    }
  }

  @Test(arguments: [false, true]) func promisesAreKept(_ takesWholeCurve: Bool) throws {
    var method = CurveSVR()
    method.trials = 30
    method.takesWholeCurve = takesWholeCurve
    if takesWholeCurve { method.encodings = [.slots] }
    for direction in CurveSet.Direction.allCases {
      #expect(try checkCurvePredictor(method, on: SampleCurves.make(count: 60, direction: direction)) == [])
    }
  }

  @Test func settingsOutOfRangeAreRefused() throws {
    let sample = try SampleCurves.make(count: 20)
    var method = CurveSVR()
    method.trials = 0
    #expect(throws: SurrogatesError.self) { try method.fit(sample, seed: 0) }
    method.trials = 1
    method.folds = 1
    #expect(throws: SurrogatesError.self) { try method.fit(sample, seed: 0) }
    method.folds = 11
    #expect(throws: SurrogatesError.tooFew(predictor: "lcsvr", count: 20, needed: 22)) {
      try method.fit(sample, seed: 0)
    }
  }
}
