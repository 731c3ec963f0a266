/// What a multilayer perceptron is made of and how it learns; the defaults are those of NASLib's `mlp`.
public struct PerceptronSettings: Hashable, Sendable, Codable {
  public var hiddenLayers = 20
  public var width = 20
  public var epochs = 500
  public var batchSize = 32
  public var learningRate: Float = 0.001
  public var beta1: Float = 0.9
  public var beta2: Float = 0.99
  /// λ of the penalty λ·Σ|w| on the weights of the output layer.
  public var outputPenalty: Float = 0.2

  public init() {}

  /// Throws ``SurrogatesError/badSetting(predictor:setting:found:allowed:)``.
  func validate(for predictor: String) throws {
    try Self.whole(hiddenLayers, 1...200, "hiddenLayers", predictor)
    try Self.whole(width, 1...4_096, "width", predictor)
    try Self.whole(epochs, 1...1_000_000, "epochs", predictor)
    try Self.whole(batchSize, 1...65_536, "batchSize", predictor)
    func real(_ value: Float, _ name: String, _ allowed: String, _ isAllowed: Bool) throws {
      if isAllowed { return }
      throw SurrogatesError.badSetting(predictor: predictor, setting: name, found: "\(value)", allowed: allowed)
    }
    try real(learningRate, "learningRate", "more than 0 and at most 1", learningRate > 0 && learningRate <= 1)
    try real(beta1, "beta1", "at least 0 and less than 1", beta1 >= 0 && beta1 < 1)
    try real(beta2, "beta2", "at least 0 and less than 1", beta2 >= 0 && beta2 < 1)
    try real(
      outputPenalty, "outputPenalty", "0 or more, finite", outputPenalty >= 0 && outputPenalty.isFinite)
  }

  private static func whole(_ value: Int, _ allowed: ClosedRange<Int>, _ name: String, _ predictor: String) throws {
    if allowed.contains(value) { return }
    throw SurrogatesError.badSetting(
      predictor: predictor, setting: name, found: "\(value)",
      allowed: "\(allowed.lowerBound) to \(allowed.upperBound)")
  }
}
