import Foundation
import Records

/// Finds or samples the hyperparameters of a Gaussian process: marginal likelihood times priors, within bounds.
package struct HyperparameterSearch: Sendable {
  /// What is believed of a hyperparameter and where it may lie; both of itself, not of its logarithm.
  package struct Belief: Sendable {
    package let prior: Hyperprior
    package let bounds: ClosedRange<Double>

    package init(_ prior: Hyperprior, within bounds: ClosedRange<Double>) {
      self.prior = prior
      self.bounds = bounds
    }

    var logBounds: ClosedRange<Double> { log(bounds.lowerBound)...log(bounds.upperBound) }
    var start: Double { log(min(max(prior.centre, bounds.lowerBound), bounds.upperBound)) }
  }

  /// One a hyperparameter of the model, and the noise's last.
  package let beliefs: [Belief]
  /// Searches: the first from the priors' centres, others from points drawn around them.
  package var starts = 1
  /// Steps of L-BFGS, each search.
  package var iterations = 60

  package init(beliefs: [Belief]) { self.beliefs = beliefs }

  /// The logarithms of the most probable hyperparameters and -ln of their density up to a constant.
  ///
  /// Throws ``SurrogatesError/numerics(_:)`` where no start has a likelihood.
  package func maximum<Model: CovarianceModel>(
    of likelihood: MarginalLikelihood<Model>, seed: UInt64
  ) throws -> LBFGS.Minimum {
    precondition(beliefs.count == likelihood.model.parameterCount + 1, "a belief a hyperparameter, and the noise's")
    var generator = SeededGenerator(seed: seed).stream("starts")
    let bounds = beliefs.map(\.logBounds)
    let points = (0..<max(1, starts)).map { start in
      beliefs.map { $0.start + (start == 0 ? 0 : 3 * (generator.uniform() - 0.5)) }
    }
    var optimiser = LBFGS()
    optimiser.maximumIterations = iterations
    optimiser.maximumEvaluations = 3 * iterations
    // A likelihood is known well enough where neither more steps nor steeper slopes change a prediction.
    optimiser.gradientTolerance = 1e-4
    optimiser.valueTolerance = 1e-7
    let found = try points.concurrentMap { [optimiser] point in
      optimiser.minimise(from: point, within: bounds) { parameters in
        let (value, gradient) = likelihood.valueAndGradient(parameters)
        var result = (value: -value, gradient: gradient.map { -$0 })
        for (index, belief) in beliefs.enumerated() {
          let penalty = belief.prior.penalty(parameters[index])
          result.value += penalty.value
          result.gradient[index] += penalty.slope
        }
        return result
      }
    }
    guard let best = found.min(by: { $0.value < $1.value }), best.value.isFinite else {
      throw SurrogatesError.numerics("no hyperparameters give the training values a likelihood")
    }
    return best
  }

  /// `count` points drawn from the hyperparameters' posterior, beginning at `start`.
  package func samples<Model: CovarianceModel>(
    _ count: Int, from start: [Double], of likelihood: MarginalLikelihood<Model>, sampler: SliceSampler, seed: UInt64
  ) -> [[Double]] {
    var generator = SeededGenerator(seed: seed).stream("slices")
    return sampler.sample(count, from: start, within: beliefs.map(\.logBounds), using: &generator) { parameters in
      zip(parameters, beliefs).reduce(likelihood.value(parameters)) { $0 - $1.1.prior.penalty($1.0).value }
    }
  }
}
