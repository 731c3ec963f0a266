public import Foundation
public import Nets
public import Records

/// How runs are trained: every setting that changes a number. The digest of all but the name is part of a run's key.
///
/// In JSON each part is a section: `data`, `optimizer`, `schedule`, `network` (by space) and `distillation`. A part that is
/// not used is absent.
public struct TrainingProtocol: Hashable, Sendable {
  /// How rows are fed.
  public struct Feeding: Hashable, Sendable, Codable {
    public var batchSize: Int

    public init(batchSize: Int) { self.batchSize = batchSize }
  }

  /// How long, and at which learning rates.
  public struct Training: Hashable, Sendable, Codable {
    public var epochs: Int
    public var learningRate: Schedule

    public init(epochs: Int, learningRate: Schedule = .constant) {
      self.epochs = epochs
      self.learningRate = learningRate
    }
  }

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

  /// For people; not part of the digest.
  public var name: String
  public var data: Feeding
  public var optimizer: OptimizerSettings
  public var schedule: Training
  /// Settings of networks by space: what a task reads.
  public var network: [String: JSONValue]
  public var distillation: Distillation?

  public init(
    name: String, data: Feeding, optimizer: OptimizerSettings, schedule: Training,
    network: [String: JSONValue], distillation: Distillation? = nil
  ) {
    self.name = name
    self.data = data
    self.optimizer = optimizer
    self.schedule = schedule
    self.network = network
    self.distillation = distillation
  }

  /// The protocol of a first run: LAMB at a constant rate as the SeqNAS authors train, few epochs.
  public static func standard() throws -> TrainingProtocol {
    TrainingProtocol(
      name: "seqnas-4", data: Feeding(batchSize: 64),
      optimizer: OptimizerSettings(kind: .lamb, learningRate: 3e-3, weightDecay: 1e-3), schedule: Training(epochs: 4),
      network: try EventNetworkSettings().section(), distillation: Distillation())
  }

  /// Reads what people write. Throws ``TrainingError/unknownSetting(path:allowed:)`` for a misspelled key, and a
  /// `DecodingError` for a missing one.
  public init(json: Data) throws { self = try StrictSettings.decode(Self.self, from: json) }

  /// Throws ``TrainingError/setting`` for the first setting outside its range; the task checks the section of its networks.
  public func validate() throws(TrainingError) {
    try Self.check("epochs", schedule.epochs, 1...10_000)
    try Self.check("batch size", data.batchSize, 1...4_096)
    guard optimizer.learningRate > 0, optimizer.learningRate.isFinite else {
      throw .setting(name: "learning rate", value: "\(optimizer.learningRate)", allowed: "a positive number")
    }
    if case .cosineRestarts(let period, let multiplier, _) = schedule.learningRate {
      try Self.check("schedule period", period, 1...100_000)
      try Self.check("schedule multiplier", multiplier, 1...100)
    }
    if let distillation {
      try Self.check("teachers", distillation.teachers, 1...100)
      try Self.check("first round", distillation.firstRound, 1...1_000_000)
      try Self.check("round", distillation.round, 1...1_000_000)
      guard (0...1).contains(distillation.weight) else {
        throw .setting(name: "distillation weight", value: "\(distillation.weight)", allowed: "0 to 1")
      }
    }
  }

  static func check(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws(TrainingError) {
    guard range.contains(value) else {
      throw .setting(name: name, value: "\(value)", allowed: "\(range.lowerBound) to \(range.upperBound)")
    }
  }

  /// The card of journals and atlases.
  public func card() throws -> ProtocolCard {
    guard case .object(var settings) = try CanonicalJSON.decode(JSONValue.self, from: CanonicalJSON.encode(self)) else {
      preconditionFailure("a protocol is an object")
    }
    settings["name"] = nil
    return try ProtocolCard(name: name, settings: .object(settings))
  }
}

extension TrainingProtocol: Codable {
  private enum CodingKeys: String, CodingKey { case name, data, optimizer, schedule, network, distillation }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      name: try container.decode(String.self, forKey: .name), data: try container.decode(Feeding.self, forKey: .data),
      optimizer: try container.decode(OptimizerSettings.self, forKey: .optimizer),
      schedule: try container.decode(Training.self, forKey: .schedule),
      network: try container.decode([String: JSONValue].self, forKey: .network),
      distillation: try container.decodeIfPresent(Distillation.self, forKey: .distillation))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(data, forKey: .data)
    try container.encode(optimizer, forKey: .optimizer)
    try container.encode(schedule, forKey: .schedule)
    try container.encode(network, forKey: .network)
    try container.encodeIfPresent(distillation, forKey: .distillation)
  }
}
