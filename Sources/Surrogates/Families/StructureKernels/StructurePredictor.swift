package import Records

/// A Gaussian process over structures, conditioned on a training set.
package struct StructurePredictor<Kernel: StructureKernel>: Predictor {
  package static var kind: String { Kernel.kind }

  private struct Settings: Codable {
    let kernel: Kernel
    let encoding: String
    let variance: Double
    let noiseVariance: Double
    let mean: Double
    let scale: Double
  }

  private let settings: Settings
  /// N×D: the structures as encodings hold them.
  private let rows: [Double]
  private let width: Int
  private let structures: [Kernel.Structure]
  /// k(x, x) of the training rows.
  private let norms: [Double]
  private let process: ConditionedProcess

  /// `features` has one block, that of `encoding`; `matrix` is the kernel's normalised matrix of its rows.
  init(
    _ kernel: Kernel, _ choice: GramLikelihood.Choice, _ features: FeatureMatrix, _ values: StandardisedValues,
    matrix: SymmetricMatrix, encoding: EncodingChoice
  ) throws {
    settings = Settings(
      kernel: kernel, encoding: encoding.description, variance: choice.variance, noiseVariance: choice.noiseVariance,
      mean: values.mean, scale: values.scale)
    rows = features.values
    width = features.width
    structures = (0..<features.count).map { Kernel.structure(features.row($0)) }
    norms = structures.map { kernel.similarity($0, $0) }
    var covariance = matrix
    for place in covariance.values.indices { covariance.values[place] *= choice.variance }
    process = try ConditionedProcess(covariance, noiseVariance: choice.noiseVariance, values: values.standardised)
  }

  package var encodings: [EncodingChoice] { [EncodingChoice(settings.encoding)] }

  package func predict(_ features: FeatureMatrix) throws -> [Prediction] {
    let chosen = try features.selecting(encodings)
    guard chosen.width == width else {
      throw SurrogatesError.shape("the model knows \(width) columns of \(settings.encoding), not \(chosen.width)")
    }
    return try stride(from: 0, to: chosen.count, by: 8).map { $0..<min($0 + 8, chosen.count) }
      .concurrentMap { predictions($0.map { Kernel.structure(chosen.row($0)) }) }
      .flatMap { $0 }
  }

  private func predictions(_ unseen: [Kernel.Structure]) -> [Prediction] {
    let kernel = settings.kernel
    let cross = unseen.flatMap { structure in
      let own = kernel.similarity(structure, structure)
      return structures.indices.map {
        settings.variance * kernel.similarity(structure, structures[$0]) / (own * norms[$0]).squareRoot()
      }
    }
    let found = process.predict(cross, variances: .init(repeating: settings.variance, count: unseen.count))
    return found.map(prediction)
  }

  private func prediction(_ mean: Double, _ variance: Double) -> Prediction {
    Prediction(
      mean: settings.mean + settings.scale * mean, aleatoric: settings.scale * settings.noiseVariance.squareRoot(),
      epistemic: settings.scale * variance.squareRoot())
  }

  /// What would be said of each training value had it not been seen.
  func leaveOneOut() throws -> [Prediction] {
    try process.leaveOneOut().map { prediction($0.mean, max(0, $0.variance - settings.noiseVariance)) }
  }

  package func write(to archive: inout ArrayArchive) throws {
    try archive.setSettings(settings)
    archive.set("rows", rows)
    archive.set("weights", process.weights)
    archive.set("factor", process.packedFactor)
  }

  package init(from archive: ArrayArchive) throws {
    let settings = try archive.settings(Settings.self)
    let weights = try archive.doubles("weights")
    let rows = try archive.doubles("rows")
    let numbers = [settings.variance, settings.noiseVariance, settings.scale]
    guard settings.kernel.isValid, numbers.allSatisfy({ $0.isFinite && $0 > 0 }), settings.mean.isFinite,
      (1...46_000).contains(weights.count), !rows.isEmpty, rows.count % weights.count == 0
    else { throw DamagedArchive("the settings of \(Self.kind) contradict each other") }
    let width = rows.count / weights.count
    self.settings = settings
    self.rows = rows
    self.width = width
    structures = weights.indices.map { Kernel.structure(rows[$0 * width..<($0 + 1) * width]) }
    norms = structures.map { settings.kernel.similarity($0, $0) }
    process = try ConditionedProcess(packed: try archive.doubles("factor"), weights: weights)
  }
}
