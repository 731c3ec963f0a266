extension GaussianProcess {
  /// Spearmint's: hyperparameters sampled by slices, log-normal amplitude, horseshoe noise (Snoek, Larochelle and Adams,
  /// 2012, and its code).
  public static var spearmint: GaussianProcess {
    var method = GaussianProcess()
    method.name = "gp-spearmint"
    method.inference = .samples(10, burnIn: 10, thinning: 1)
    method.variancePrior = .logNormal(median: 1, spread: 2)
    method.noisePrior = .horseshoe(scale: 0.1)
    return method
  }

  /// The black-box facade of SMAC3: Matérn for numbers, times a Hamming kernel for choices, on the space's own slots.
  public static var hamming: GaussianProcess {
    var method = GaussianProcess()
    method.name = "gp-hamming"
    method.kernel = .scaled(
      .product([
        .stationary(.matern52, over: [KernelDistance(.slots, columns: .numeric)]),
        .stationary(.squaredExponential, over: [KernelDistance(.slots, metric: .mismatch, columns: .categorical)]),
      ]))
    method.variancePrior = .logNormal(median: 1, spread: 1)
    method.varianceBounds = 5e-5...7.4
    method.noisePrior = .horseshoe(scale: 0.1)
    return method
  }

  /// One length scale for each of `blocks`: few hyperparameters for many columns.
  public static func byBlock(_ blocks: [EncodingChoice]) -> GaussianProcess {
    var method = GaussianProcess()
    method.kernel = .scaled(.stationary(.matern52, over: blocks.map { KernelDistance($0, lengthScales: .one) }))
    return method
  }
}
