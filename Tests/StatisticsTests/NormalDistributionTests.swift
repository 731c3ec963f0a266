import Foundation
import Statistics
import Testing

@Suite struct NormalDistributionTests {
  /// Values of `scipy.stats.norm`.
  @Test func agreesWithSciPy() {
    let quantiles: [(Double, Double)] = [
      (1e-300, -37.0470962993612), (1e-10, -6.361340902404056), (0.001, -3.090232306167813),
      (0.025, -1.9599639845400545),
      (0.1, -1.2815515655446004), (0.5, 0), (0.8, 0.8416212335729143), (0.9, 1.2815515655446004),
      (0.975, 1.959963984540054), (0.999999, 4.753424308817087),
    ]
    for (p, z) in quantiles {
      #expect(abs(NormalDistribution.quantile(p) - z) <= 1e-9 * max(1, abs(z)), "\(p)")
      if p > 1e-300 { #expect(abs(NormalDistribution.cumulative(z) - p) <= 1e-9 * p) }
    }
    #expect(abs(NormalDistribution.density(1) - 0.24197072451914337) < 1e-16)
  }

  @Test func theEndsAreInfinite() {
    #expect(NormalDistribution.quantile(0) == -.infinity)
    #expect(NormalDistribution.quantile(1) == .infinity)
    #expect(NormalDistribution.quantile(-0.1).isNaN)
    #expect(NormalDistribution.quantile(1.1).isNaN)
    #expect(NormalDistribution.quantile(.nan).isNaN)
  }
}
