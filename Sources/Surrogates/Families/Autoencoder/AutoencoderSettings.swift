/// How a sequence auto-encoder learns; the defaults are those of NASLib's NAO and SemiNAS.
public struct AutoencoderSettings: Hashable, Sendable, Codable {
  /// Width of embeddings and states.
  public var width: Int
  public var epochs = 50
  public var batchSize = 100
  public var learningRate: Float = 1e-3
  /// Added to the gradient, times the weight.
  public var weightDecay: Float = 1e-4
  /// What the norm of all gradients together is clipped to.
  public var gradientNorm: Float = 5
  public var dropout: Float = 0.1

  public init(width: Int) { self.width = width }

  /// Throws ``SurrogatesError/badSetting(predictor:setting:found:allowed:)``.
  func validate(for predictor: String) throws {
    func check<T: Comparable>(_ name: String, _ value: T, _ allowed: ClosedRange<T>) throws {
      if allowed.contains(value) { return }
      throw SurrogatesError.badSetting(
        predictor: predictor, setting: name, found: "\(value)",
        allowed: "\(allowed.lowerBound) to \(allowed.upperBound)")
    }
    try check("width", width, 1...AutoencoderModel.widest)
    try check("epochs", epochs, 1...1_000_000)
    try check("batchSize", batchSize, 1...65_536)
    try check("learningRate", learningRate, 1e-9...1)
    try check("weightDecay", weightDecay, 0...1)
    try check("gradientNorm", gradientNorm, 1e-6...1e6)
    try check("dropout", dropout, 0...0.9)
  }
}
