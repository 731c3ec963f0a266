public import Nets
public import Records

/// How runs are trained: every setting that changes a number. Its digest is part of a run's key.
public struct TrainingProtocol: Hashable, Sendable, Codable {
  /// Distillation from the best earlier runs (SeqNAS): rounds keep results independent of who finishes first.
  public struct Distillation: Hashable, Sendable, Codable {
    /// Weight of the teachers' term.
    public var weight: Float
    public var teachers: Int
    /// Runs of the first round, which has no teachers.
    public var firstRound: Int
    /// Runs of each later round; its teachers come from the rounds before it.
    public var round: Int

    public init(weight: Float = 0.2, teachers: Int = 3, firstRound: Int = 30, round: Int = 15) {
      self.weight = weight
      self.teachers = teachers
      self.firstRound = firstRound
      self.round = round
    }
  }

  public var name: String
  public var epochs: Int
  public var batchSize: Int
  public var optimizer: OptimizerSettings
  public var schedule: Schedule
  /// h: width of attention heads and of the feed-forward blocks.
  public var hidden: Int
  /// Columns of each embedding table.
  public var categoricalEmbedding: Int
  /// Channels of each numeric feature.
  public var numericEmbedding: Int
  /// Behind the stem's convolution, where the architecture asks for it.
  public var stemDropout: Float
  /// Inside encoder and decoder.
  public var dropout: Float
  /// Before pooling, where the architecture asks for it.
  public var spatialDropout: Float
  public var distillation: Distillation?
  public var decoderDepth: DecoderDepth

  public init(
    name: String, epochs: Int, batchSize: Int, optimizer: OptimizerSettings, schedule: Schedule = .constant,
    hidden: Int = 32, categoricalEmbedding: Int = 32, numericEmbedding: Int = 32, stemDropout: Float = 0.3,
    dropout: Float = 0.1, spatialDropout: Float = 0.2, distillation: Distillation? = Distillation(),
    decoderDepth: DecoderDepth = .faithful
  ) {
    self.name = name
    self.epochs = epochs
    self.batchSize = batchSize
    self.optimizer = optimizer
    self.schedule = schedule
    self.hidden = hidden
    self.categoricalEmbedding = categoricalEmbedding
    self.numericEmbedding = numericEmbedding
    self.stemDropout = stemDropout
    self.dropout = dropout
    self.spatialDropout = spatialDropout
    self.distillation = distillation
    self.decoderDepth = decoderDepth
  }

  /// The protocol of a first run: LAMB at a constant rate as the SeqNAS authors train, few epochs.
  public static let standard = TrainingProtocol(
    name: "seqnas-4", epochs: 4, batchSize: 64,
    optimizer: OptimizerSettings(kind: .lamb, learningRate: 3e-3, weightDecay: 1e-3))

  /// Throws ``TrainingError/setting`` for the first setting outside its range.
  public func validate() throws(TrainingError) {
    try check("epochs", epochs, 1...10_000)
    try check("batch size", batchSize, 1...4_096)
    try check("hidden width", hidden, 1...1_024)
    try check("categorical embedding", categoricalEmbedding, 1...1_024)
    try check("numeric embedding", numericEmbedding, 1...1_024)
    for (name, value) in [("stem dropout", stemDropout), ("dropout", dropout), ("spatial dropout", spatialDropout)] {
      guard value >= 0, value < 1 else {
        throw .setting(name: name, value: "\(value)", allowed: "0 or more, below 1")
      }
    }
    guard optimizer.learningRate > 0, optimizer.learningRate.isFinite else {
      throw .setting(name: "learning rate", value: "\(optimizer.learningRate)", allowed: "a positive number")
    }
    if case .cosineRestarts(let period, let multiplier, _) = schedule {
      try check("schedule period", period, 1...100_000)
      try check("schedule multiplier", multiplier, 1...100)
    }
    if let distillation {
      try check("teachers", distillation.teachers, 1...100)
      try check("first round", distillation.firstRound, 1...1_000_000)
      try check("round", distillation.round, 1...1_000_000)
      guard (0...1).contains(distillation.weight) else {
        throw .setting(name: "distillation weight", value: "\(distillation.weight)", allowed: "0 to 1")
      }
    }
  }

  private func check(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws(TrainingError) {
    guard range.contains(value) else {
      throw .setting(name: name, value: "\(value)", allowed: "\(range.lowerBound) to \(range.upperBound)")
    }
  }

  /// The card of journals and atlases.
  public func card() throws -> ProtocolCard {
    let settings = try CanonicalJSON.decode(JSONValue.self, from: CanonicalJSON.encode(self))
    return try ProtocolCard(name: name, settings: settings)
  }
}
