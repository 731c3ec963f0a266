import Foundation
import Surrogates
import Testing

/// Against `gaussian_process.py`.
@Suite struct GaussianProcessOracleTests {
  private struct Golden: Decodable {
    struct Case: Decodable {
      let name: String
      /// Length scales and variances, the noise's variance last.
      let hyperparameters: [Double]
      let likelihood: Double
      let mean: [Double]
      let deviation: [Double]
    }
    let training: Int
    let a: [[Double]]
    let b: [[Double]]
    let c: [[Double]]
    let values: [Double]
    let cases: [Case]

    func features() throws -> FeatureMatrix {
      try FeatureMatrix(
        blocks: [.init(name: "a", width: 3), .init(name: "b", width: 2), .init(name: "c", width: 2)],
        count: values.count, values: values.indices.flatMap { a[$0] + b[$0] + c[$0] })
    }
  }

  private static let matern = KernelExpression.stationary(.matern52, over: [KernelDistance(.named("a"))])
  private static let kernels: [String: KernelExpression] = [
    "matern-5/2 each": .scaled(matern),
    "squared-exponential one": .scaled(
      .stationary(.squaredExponential, over: [KernelDistance(.named("a"), lengthScales: .one)])),
    "groups": .scaled(
      .stationary(
        .matern52,
        over: [
          KernelDistance(.named("a"), lengthScales: .one), KernelDistance(.named("b"), lengthScales: .one),
        ])),
    "sum": .sum([
      .scaled(matern), .scaled(.stationary(.matern32, over: [KernelDistance(.named("b"), lengthScales: .one)])),
    ]),
    "product": .scaled(
      .product([matern, .stationary(.squaredExponential, over: [KernelDistance(.named("c"), metric: .mismatch)])])),
  ]

  @Test func fixedHyperparametersGiveTheOraclesNumbers() throws {
    let golden = try golden(Golden.self, "gaussian-process.json")
    #expect(golden.cases.count == Self.kernels.count)
    let features = try golden.features()
    let training = features.rows(0..<golden.training)
    let values = StandardisedValues(Array(golden.values.prefix(golden.training)))
    for wanted in golden.cases {
      let kernel = try #require(Self.kernels[wanted.name])
      let known = try training.selecting(kernel.encodings)
      let program = try KernelProgram(kernel, known)
      let parameters = wanted.hyperparameters.map { log($0) }
      try #require(program.parameterCount + 1 == parameters.count, "\(wanted.name)")
      let likelihood = MarginalLikelihood(ProgramCovariance(program, known), values.standardised)
      #expect(abs(likelihood.value(parameters) - wanted.likelihood) < 1e-9, "\(wanted.name)")
      let predictor = try GaussianProcessPredictor(
        program: program, features: known, values: values, hyperparameters: [parameters])
      let found = try predictor.predict(features.rows(golden.training..<features.count).selecting(kernel.encodings))
      for (index, prediction) in found.enumerated() {
        #expect(abs(prediction.mean - wanted.mean[index]) < 1e-9, "\(wanted.name)")
        #expect(abs(prediction.epistemic - wanted.deviation[index]) < 1e-9, "\(wanted.name)")
      }
    }
  }

  @Test func gradientsAreThoseOfCentralDifferences() throws {
    let golden = try golden(Golden.self, "gaussian-process.json")
    let training = try golden.features().rows(0..<golden.training)
    let values = StandardisedValues(Array(golden.values.prefix(golden.training))).standardised
    for wanted in golden.cases {
      let kernel = try #require(Self.kernels[wanted.name])
      let likelihood = MarginalLikelihood(ProgramCovariance(try KernelProgram(kernel, training), training), values)
      let parameters = wanted.hyperparameters.map { log($0) }
      let (value, gradient) = likelihood.valueAndGradient(parameters)
      #expect(value == likelihood.value(parameters))
      for index in parameters.indices {
        let step = 1e-5
        var above = parameters
        var below = parameters
        above[index] += step
        below[index] -= step
        let slope = (likelihood.value(above) - likelihood.value(below)) / (2 * step)
        #expect(abs(slope - gradient[index]) < 1e-6 * max(1, abs(slope)), "\(wanted.name), \(index)")
      }
    }
  }

  @Test func heldOutIsWhatASmallerSetPredicts() throws {
    let golden = try golden(Golden.self, "gaussian-process.json")
    let training = try golden.features().rows(0..<golden.training)
    let kernel = try #require(Self.kernels["sum"])
    let model = ProgramCovariance(try KernelProgram(kernel, training), training)
    let values = StandardisedValues(Array(golden.values.prefix(golden.training))).standardised
    let covariance = model.covariance([0.1, -0.3, 0.4, 0.2, 0.5, -1])
    let all = try ConditionedProcess(covariance, noiseVariance: 0.1, values: values)
    let heldOut = try all.leaveOneOut()
    for row in [0, 7, 29] {
      let others = Array(0..<row) + Array(row + 1..<training.count)
      let without = try ConditionedProcess(
        covariance.selecting(others), noiseVariance: 0.1, values: others.map { values[$0] })
      let found = without.predict(others.map { covariance[row, $0] }, variances: [covariance[row, row]])[0]
      #expect(abs(found.mean - heldOut[row].mean) < 1e-10)
      #expect(abs(found.variance + 0.1 - heldOut[row].variance) < 1e-10)
    }
  }

  @Test(arguments: [
    Hyperprior.flat, .logNormal(median: 2, spread: 0.7), .gamma(shape: 3, rate: 6), .horseshoe(scale: 0.1),
  ]) func priorsHaveTheSlopesOfTheirDensities(_ prior: Hyperprior) {
    for place in [-6.0, -2, 0.3, 2] {
      let slope = (prior.penalty(place + 1e-5).value - prior.penalty(place - 1e-5).value) / 2e-5
      #expect(abs(slope - prior.penalty(place).slope) < 1e-6 * max(1, abs(slope)))
    }
  }
}
