import Records

/// A weighted sum of columns with the variance of its weights.
struct LinearPredictor: Predictor {
  static let kind = "linear-regression"

  private struct Settings: Codable {
    let blocks: [FeatureMatrix.Block]
    let columns: StandardisedColumns
    let mean: Double
    let scale: Double
    let noiseVariance: Double
    let otherVariance: Double
    let interceptVariance: Double
  }

  private let settings: Settings
  /// C.
  private let weights: [Double]
  /// R, and R×C.
  private let variances: [Double]
  private let vectors: [Double]

  private init(_ settings: Settings, _ fit: LinearFit, vectors: [Double]) {
    self.settings = settings
    weights = fit.weights
    variances = fit.variances
    self.vectors = vectors
  }

  /// Standardises columns and values, and lets `solve` find the weights.
  static func learn(
    _ training: TrainingSet, _ encodings: [EncodingChoice], name: String, _ solve: (LinearProblem) throws -> LinearFit
  ) throws -> HeldOutFit {
    guard training.count >= 2 else {
      throw SurrogatesError.tooFew(predictor: name, count: training.count, needed: 2)
    }
    let features = try training.features.selecting(encodings)
    let columns = StandardisedColumns(features)
    let values = StandardisedValues(training.values)
    let problem = try LinearProblem(columns.apply(features), columns: columns.count, values: values.standardised)
    let fit = try solve(problem)
    let settings = Settings(
      blocks: features.blocks, columns: columns, mean: values.mean, scale: values.scale,
      noiseVariance: fit.noiseVariance, otherVariance: fit.otherVariance, interceptVariance: fit.interceptVariance)
    let predictor = LinearPredictor(settings, fit, vectors: problem.decomposition.right)
    let fitted = zip(fit.fitted, fit.fittedVariances).map { predictor.prediction($0, $1) }
    return HeldOutFit(predictor: predictor, heldOut: fitted)
  }

  var encodings: [EncodingChoice] { settings.blocks.map { EncodingChoice($0.name) } }

  func predict(_ features: FeatureMatrix) throws -> [Prediction] {
    let chosen = try features.selecting(encodings)
    guard chosen.blocks == settings.blocks else {
      throw SurrogatesError.shape(
        "the model knows \(settings.blocks.map(\.width)) columns, not \(chosen.blocks.map(\.width))")
    }
    let width = weights.count
    return settings.columns.apply(chosen).withUnsafeBufferPointer { rows in
      (0..<chosen.count).map { row in
        let x = UnsafeBufferPointer(rebasing: rows[row * width..<(row + 1) * width])
        var variance = settings.interceptVariance
        let mean = dot(x, weights, 0)
        var rest = x.reduce(0) { $0 + $1 * $1 }
        for (place, own) in variances.enumerated() {
          let along = dot(x, vectors, place * width)
          variance += own * along * along
          rest -= along * along
        }
        // What rounding leaves of nothing must not be weighed.
        let isSpanned = variances.count == width
        return prediction(mean, variance + (isSpanned ? 0 : max(0, rest) * settings.otherVariance))
      }
    }
  }

  private func prediction(_ mean: Double, _ variance: Double) -> Prediction {
    Prediction(
      mean: settings.mean + settings.scale * mean, aleatoric: settings.scale * settings.noiseVariance.squareRoot(),
      epistemic: settings.scale * variance.squareRoot())
  }

  private func dot(_ x: UnsafeBufferPointer<Double>, _ numbers: [Double], _ start: Int) -> Double {
    var sum = 0.0
    for place in x.indices { sum += x[place] * numbers[start + place] }
    return sum
  }

  // MARK: Model file

  func write(to archive: inout ArrayArchive) throws {
    try archive.setSettings(settings)
    archive.set("weights", weights)
    archive.set("variances", variances)
    archive.set("vectors", vectors)
  }

  init(from archive: ArrayArchive) throws {
    settings = try archive.settings(Settings.self)
    let width = settings.blocks.reduce(0) { $0 + max(0, $1.width) }
    weights = try archive.doubles("weights", count: settings.columns.count)
    variances = try archive.doubles("variances")
    let isSound =
      settings.columns.isConsistent(width: width) && settings.blocks.allSatisfy { $0.width >= 0 }
      && [settings.noiseVariance, settings.otherVariance, settings.interceptVariance].allSatisfy { $0 >= 0 }
      && settings.mean.isFinite && settings.scale > 0 && variances.allSatisfy { $0 >= 0 }
      && (variances.isEmpty ? settings.columns.count == 0 : variances.count <= settings.columns.count)
    guard isSound else { throw DamagedArchive("the settings of \(Self.kind) contradict each other") }
    vectors = try archive.doubles("vectors", count: variances.count * weights.count)
  }
}
