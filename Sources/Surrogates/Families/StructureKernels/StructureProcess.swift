import Records

/// Learns with each of some kernels and keeps the most likely: what graph and string kernels have in common.
struct StructureProcess<Kernel: StructureKernel> {
  let name: String
  let encoding: EncodingChoice
  let kernels: [Kernel]
  let noiseBounds: ClosedRange<Double>
  /// nil: the most likely one.
  let variance: Double?
  /// The kernel is chosen by so many rows at most.
  let hyperparameterRows: Int
  let largestTrainingSet: Int

  func fit(_ training: TrainingSet, seed: UInt64) throws -> HeldOutFit {
    guard training.count >= 2 else {
      throw SurrogatesError.tooFew(predictor: name, count: training.count, needed: 2)
    }
    let generator = SeededGenerator(seed: seed)
    let rows = GaussianProcess.draw(largestTrainingSet, of: Array(0..<training.count), generator.stream("rows"))
    let features = try training.features.selecting([encoding]).rows(rows)
    guard features.width > 0 else { throw SurrogatesError.shape("\(name) needs a column of \(encoding)") }
    let values = StandardisedValues(rows.map { training.values[$0] })
    let structures = (0..<features.count).map { Kernel.structure(features.row($0)) }
    let few = GaussianProcess.draw(
      hyperparameterRows, of: Array(rows.indices), generator.stream("hyperparameters"))
    let fewValues = few.map { values.standardised[$0] }
    let choices = try Kernel.matrices(kernels, few.map { structures[$0] }).concurrentMap { matrix in
      try GramLikelihood(matrix, fewValues).best(noise: noiseBounds, variance: variance)
    }
    var best = 0
    for place in choices.indices where choices[place].likelihood > choices[best].likelihood { best = place }
    let matrix = try Kernel.matrices([kernels[best]], structures)[0]
    let predictor = try StructurePredictor(
      kernels[best], choices[best], features, values, matrix: matrix, encoding: encoding)
    return try HeldOutFit(predictor: predictor, knowing: predictor.leaveOneOut(), of: rows, in: training)
  }

  func check(_ condition: Bool, _ setting: String, _ found: Any, _ allowed: String) throws {
    guard !condition else { return }
    throw SurrogatesError.badSetting(predictor: name, setting: setting, found: "\(found)", allowed: allowed)
  }

  /// Checks what both kinds of methods let users set.
  func checkBounds() throws {
    try check(
      noiseBounds.lowerBound > 0 && noiseBounds.upperBound.isFinite, "noiseBounds", noiseBounds, "positive numbers")
    try check(hyperparameterRows >= 2, "hyperparameterRows", hyperparameterRows, "2 and more")
    try check((2...46_000).contains(largestTrainingSet), "largestTrainingSet", largestTrainingSet, "2...46000")
  }
}
