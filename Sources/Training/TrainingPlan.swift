public import Records
public import Spaces

/// One run to be trained.
public struct PlannedRun: Hashable, Sendable, Codable {
  public var architecture: EventSequenceArchitecture
  public var origin: Origin
  public var seed: UInt64

  public init(architecture: EventSequenceArchitecture, origin: Origin, seed: UInt64) {
    self.architecture = architecture
    self.origin = origin
    self.seed = seed
  }
}

/// What a trainer does: runs in order, one data set, one protocol. The order decides the rounds of distillation.
public struct TrainingPlan: Hashable, Sendable, Codable {
  public var dataset: String
  public var datasetDigest: Digest256
  public var trainingProtocol: TrainingProtocol
  public var runs: [PlannedRun]

  private enum CodingKeys: String, CodingKey {
    case dataset
    case datasetDigest
    case trainingProtocol = "protocol"
    case runs
  }

  public init(dataset: String, datasetDigest: Digest256, trainingProtocol: TrainingProtocol, runs: [PlannedRun]) {
    self.dataset = dataset
    self.datasetDigest = datasetDigest
    self.trainingProtocol = trainingProtocol
    self.runs = runs
  }

  /// `count` different architectures drawn from the authors' distribution, each trained once with `seed`.
  public static func random(
    _ space: EventSequenceSpace, count: Int, seed: UInt64
  ) -> [PlannedRun] {
    var generator = SeededGenerator(seed: seed).stream("plan")
    var seen: Set<EventSequenceArchitecture> = []
    var runs: [PlannedRun] = []
    while runs.count < count {
      let architecture = space.sample(using: &generator)
      if seen.insert(architecture).inserted {
        runs.append(PlannedRun(architecture: architecture, origin: .random, seed: seed))
      }
    }
    return runs
  }

  public func digest() throws -> Digest256 { try CanonicalJSON.digest(self) }

  /// The key that the run at `index` is recorded under.
  public func key(_ index: Int) throws -> RunKey {
    RunKey(
      space: "seqnas", architecture: runs[index].architecture.canonicalText, dataset: dataset,
      datasetDigest: datasetDigest, protocolDigest: try trainingProtocol.card().digest,
      seed: .recorded(runs[index].seed))
  }

  /// Ranges of runs that share their teachers: the first round, then equal rounds; one round without distillation.
  public var rounds: [Range<Int>] {
    guard let distillation = trainingProtocol.distillation, runs.count > distillation.firstRound else {
      return runs.isEmpty ? [] : [0..<runs.count]
    }
    var rounds = [0..<distillation.firstRound]
    var start = distillation.firstRound
    while start < runs.count {
      let end = min(start + distillation.round, runs.count)
      rounds.append(start..<end)
      start = end
    }
    return rounds
  }

  /// The teachers of the round that starts at `start`: the best completed runs of earlier rounds, best first. Equal
  /// scores go by plan order.
  public func teachers(forRoundAt start: Int, records: [RunKey: RunRecord]) throws -> [RunRecord] {
    guard let distillation = trainingProtocol.distillation, start >= distillation.firstRound else { return [] }
    let earlier = try (0..<start).compactMap { index -> (RunRecord, Score)? in
      guard let record = records[try key(index)], record.status == .completed, let score = record.score else {
        return nil
      }
      return (record, score)
    }
    let ranked = earlier.enumerated().sorted { left, right in
      let (a, b) = (left.element.1, right.element.1)
      if a.validation != b.validation { return a.metric.isBetter(a.validation, than: b.validation) }
      return left.offset < right.offset
    }
    return ranked.prefix(distillation.teachers).map(\.element.0)
  }
}
