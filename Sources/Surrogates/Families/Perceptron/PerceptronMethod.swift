import Nets
import Records

/// One perceptron, or several whose disagreement is the epistemic uncertainty.
///
/// NASLib's `mlp` (White et al., 2021) and BANANAS (White et al., AAAI 2021). Values that all lie within -1...1 are
/// fractions and learnt as percentages: the penalty on the output layer is meant for those.
public struct PerceptronMethod: PredictorMethod {
  public let name: String
  public var encodings: [EncodingChoice]
  public var settings = PerceptronSettings()
  /// Networks, each with a beginning and an order of its own.
  public var members: Int

  public init(name: String, encodings: [EncodingChoice], members: Int) {
    self.name = name
    self.encodings = encodings
    self.members = members
  }

  /// One perceptron on the space's 0/1 slots.
  public static let mlp = PerceptronMethod(name: "mlp", encodings: [.slots], members: 1)
  /// Three perceptrons on which paths there are.
  public static let bananas = PerceptronMethod(name: "bananas", encodings: [.presentPaths], members: 3)

  public func fit(_ training: TrainingSet, seed: UInt64) throws -> any Predictor {
    try settings.validate(for: name)
    guard (1...1_000).contains(members) else {
      throw SurrogatesError.badSetting(
        predictor: name, setting: "members", found: "\(members)", allowed: "1 to 1000")
    }
    let training = try training.selecting(encodings)
    guard training.count > 0 else { throw SurrogatesError.tooFew(predictor: name, count: 0, needed: 1) }
    let table = training.features.values.map(Float.init)
    guard table.allSatisfy(\.isFinite) else {
      throw SurrogatesError.numerics("\(name) learns from finite features only, and one is not")
    }
    let scale = training.values.allSatisfy { abs($0) <= 1 } ? 100.0 : 1
    let targets = training.values.map { Float($0 * scale) }
    let shape = PerceptronShape(
      inputs: training.features.width, hiddenLayers: settings.hiddenLayers, width: settings.width)
    let generator = SeededGenerator(seed: seed)
    let networks = try NetworkEnsemble(shape, members: members, of: name) { member in
      let network = try shape.network(rows: settings.batchSize)
      let stream = generator.stream("member \(member)")
      network.initialise(from: stream.stream("weights"))
      network.train(table, targets, settings, order: stream.stream("order"))
      return network.parameters.snapshot
    }
    var predictor = PerceptronPredictor(networks: networks, encodings: encodings, scale: scale, residual: 0)
    let errors = zip(try predictor.predict(training.features), training.values).map { ($0.mean - $1) * ($0.mean - $1) }
    predictor.residual = (errors.reduce(0, +) / Double(errors.count)).squareRoot()
    return predictor
  }
}
