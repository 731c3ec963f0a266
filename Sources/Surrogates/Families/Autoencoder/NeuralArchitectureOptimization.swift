import Nets
import Records

/// The predictor of NAO (Luo et al., NeurIPS 2018), and of SemiNAS (Luo et al., NeurIPS 2020) where architectures without
/// values are used: an auto-encoder of token sequences whose embedding also predicts the value, as NASLib trains it.
///
/// Values are standardized. Dropout on while predicting gives the epistemic deviation (Gal and Ghahramani, 2016), the
/// residuals of training the aleatoric one; both are what they are, not calibrated.
public struct NeuralArchitectureOptimization: PredictorMethod {
  public let name: String
  public var encodings: [EncodingChoice] = [.sequence]
  public var settings = AutoencoderSettings(width: 64)
  /// Hidden width of the perceptron on the embedding.
  public var valueWidth = 16
  /// The squared error's share of the loss; the reconstruction has the rest.
  public var errorShare: Float = 0.8
  /// SemiNAS: architectures without values for each one with, which a first training names values for; 0 for NAO.
  public var unlabelledFactor: Int
  /// SemiNAS: how often each architecture with a value stands in the second training.
  public var upSampling = 10
  /// Draws of dropout for the epistemic deviation; 0 leaves it out.
  public var dropoutSamples = 16

  private init(name: String, unlabelledFactor: Int) {
    self.name = name
    self.unlabelledFactor = unlabelledFactor
  }

  /// NAO: 50 epochs on the architectures with values.
  public static let nao = NeuralArchitectureOptimization(name: "nao", unlabelledFactor: 0)
  /// SemiNAS: as many architectures without values as with, and 50 more epochs.
  public static let semiNAS = NeuralArchitectureOptimization(name: "seminas", unlabelledFactor: 1)

  public func unlabelledCount(for count: Int) -> Int { unlabelledFactor * count }

  public func fit(_ training: TrainingSet, seed: UInt64) throws -> any Predictor {
    try validate()
    guard training.count >= 2 else {
      throw SurrogatesError.tooFew(predictor: name, count: training.count, needed: 2)
    }
    let training = try training.selecting(encodings)
    let labelled = try TokenTable(training.features)
    let extra = try training.unlabelled.map(TokenTable.init)
    let used = min(unlabelledCount(for: labelled.count), extra?.count ?? 0)
    let table = extra.map { labelled.appending($0, first: used) } ?? labelled
    let shape = AutoencoderShape(
      tokens: table.vocabulary, positions: table.positions, width: settings.width, valueWidth: valueWidth,
      dropout: settings.dropout)
    let values = StandardizedValues(training.values)
    let trainer = try AutoencoderTrainer(shape, settings, SeededGenerator(seed: seed))
    let loss = AutoencoderTrainer.Loss(reconstruction: 1 - errorShare, error: errorShare)
    let own = Array(0..<labelled.count)
    trainer.train(table, targets: values.images, rows: own, loss: loss)
    if used > 0 {
      let teacher = AutoencoderModel(encodings: encodings, shape: shape, weights: trainer.weights)
      let named = try teacher.encoded(table) { $0.value(row: $1) }
      let rows = (0..<upSampling).flatMap { _ in own } + (labelled.count..<table.count)
      trainer.train(table, targets: values.images + named[labelled.count...], rows: rows, loss: loss)
    }
    let model = AutoencoderModel(encodings: encodings, shape: shape, weights: trainer.weights)
    guard model.weights.allSatisfy(\.isFinite) else {
      throw SurrogatesError.numerics("\(name) diverged; choose a smaller learning rate")
    }
    var predictor = NeuralArchitecturePredictor(
      model: model, mean: values.mean, scale: values.scale, residual: 0, dropoutSamples: dropoutSamples)
    let said = try model.encoded(labelled) { Double($0.value(row: $1)) }
    let squares = zip(said, training.values).map { (predictor.mean + predictor.scale * $0 - $1).squared }
    predictor.residual = (squares.reduce(0, +) / Double(squares.count)).squareRoot()
    return predictor
  }

  private func validate() throws {
    try settings.validate(for: name)
    func check(_ setting: String, _ value: Int, _ allowed: ClosedRange<Int>) throws {
      if allowed.contains(value) { return }
      throw SurrogatesError.badSetting(
        predictor: name, setting: setting, found: "\(value)", allowed: "\(allowed.lowerBound) to \(allowed.upperBound)")
    }
    try check("valueWidth", valueWidth, 1...AutoencoderModel.widest)
    try check("unlabelledFactor", unlabelledFactor, 0...1_000)
    try check("upSampling", upSampling, 1...1_000)
    try check("dropoutSamples", dropoutSamples, 0...1_000)
    guard (0...1).contains(errorShare) else {
      throw SurrogatesError.badSetting(
        predictor: name, setting: "errorShare", found: "\(errorShare)", allowed: "0 to 1")
    }
    guard encodings.count == 1 else {
      throw SurrogatesError.badSetting(
        predictor: name, setting: "encodings", found: "\(encodings.count)", allowed: "one sequence")
    }
  }
}

/// Values of mean 0 and variance 1; scale 0 where all are equal, so that what is predicted is their mean.
struct StandardizedValues {
  let mean: Double
  let scale: Double
  let images: [Float]

  init(_ values: [Double]) {
    let mean = values.reduce(0, +) / Double(values.count)
    let scale = (values.reduce(0) { $0 + ($1 - mean).squared } / Double(values.count)).squareRoot()
    self.mean = mean
    self.scale = scale > 1e-12 * abs(mean) ? scale : 0
    let divisor = self.scale > 0 ? scale : .infinity
    images = values.map { Float(($0 - mean) / divisor) }
  }
}

extension Double {
  var squared: Double { self * self }
}
