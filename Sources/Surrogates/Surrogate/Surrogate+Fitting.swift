import Records
public import Spaces

extension Surrogate {
  /// Fits `method` to all of `architectures` and tells by cross-validation how well it does; its deviations are made
  /// honest by what the cross-validation holds out, as ``CalibratedMethod`` tells.
  ///
  /// - Parameters:
  ///   - architectures: canonical texts of one space, each once.
  ///   - values: one an architecture.
  ///   - runs: trainings behind the values.
  ///   - space: draws architectures without values for methods that learn from them.
  ///   - encoder: writes what `method` asks for.
  ///   - folds: parts of the cross-validation, 2 or more.
  ///
  /// Throws ``SurrogatesError`` for too few architectures and what the method throws.
  public static func fit(
    _ method: any PredictorMethod, to architectures: [String], values: [Double], runs: Int, subject: SurrogateSubject,
    space: any TextualSpace, encoder: ArchitectureEncoder, folds: Int, seed: UInt64,
    progress: ((FitProgress) -> Void)? = nil
  ) throws -> Surrogate {
    let needed = max(folds, 10)
    guard architectures.count >= needed else {
      throw SurrogatesError.tooFew(predictor: method.name, count: architectures.count, needed: needed)
    }
    let features = try encoder.features(of: architectures)
    var unlabelled: FeatureMatrix?
    let wanted = method.unlabelledCount(for: architectures.count)
    if wanted > 0 {
      var generator = SeededGenerator(seed: seed).stream("unlabelled")
      let known = Set(architectures)
      // A small space may have few others, so draws are limited.
      var drawn: [String] = []
      for _ in 0..<20 * wanted where drawn.count < wanted {
        let text = try space.sample(using: &generator)
        if !known.contains(text) { drawn.append(text) }
      }
      unlabelled = drawn.isEmpty ? nil : try encoder.features(of: drawn)
    }
    let training = try TrainingSet(features, values, unlabelled: unlabelled)
    let fit = try CalibratedMethod(method, folds: folds).fitHoldingOut(training, seed: seed, progress: progress)
    let predictor = fit.predictor
    let report = QualityReport(
      values: values, predictions: fit.heldOut, runs: runs, folds: folds, largerIsBetter: subject.largerIsBetter)
    let probed = Array(architectures.prefix(3))
    let probes = try zip(probed, predictor.predict(encoder.features(of: probed)))
      .map { Probe(architecture: $0, prediction: $1) }
    return try Surrogate(
      subject: subject, method: method, seed: seed, encoder: encoder, report: report,
      heldOut: HeldOutValue.sample(architectures, values, fit.heldOut), predictor: predictor, probes: probes)
  }
}
