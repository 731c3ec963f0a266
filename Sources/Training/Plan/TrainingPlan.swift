public import Records

/// One run to be trained.
public struct PlannedRun: Hashable, Sendable, Codable {
  /// Canonical text.
  public var architecture: String
  /// Why the run is there.
  public var origin: Origin
  public var seed: UInt64

  public init(architecture: String, origin: Origin, seed: UInt64) {
    self.architecture = architecture
    self.origin = origin
    self.seed = seed
  }
}

/// What is trained in a work folder: runs in order, one space, one data set, one protocol. The order decides the rounds of
/// distillation. A plan may grow at its end.
public struct TrainingPlan: Hashable, Sendable, Codable {
  public var space: String
  public var dataset: String
  public var datasetDigest: Digest256
  public var trainingProtocol: TrainingProtocol
  public var runs: [PlannedRun]

  private enum CodingKeys: String, CodingKey {
    case space, dataset
    case datasetDigest
    case trainingProtocol = "protocol"
    case runs
  }

  public init(
    space: String, dataset: String, datasetDigest: Digest256, trainingProtocol: TrainingProtocol, runs: [PlannedRun]
  ) {
    self.space = space
    self.dataset = dataset
    self.datasetDigest = datasetDigest
    self.trainingProtocol = trainingProtocol
    self.runs = runs
  }

  /// `count` different architectures as `draw` draws them, each trained once with `seed`.
  public static func random(
    count: Int, seed: UInt64, draw: (inout SeededGenerator) throws -> String
  ) rethrows -> [PlannedRun] {
    var generator = SeededGenerator(seed: seed).stream("plan")
    var seen: Set<String> = []
    var runs: [PlannedRun] = []
    while runs.count < count {
      let architecture = try draw(&generator)
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
      space: space, architecture: runs[index].architecture, dataset: dataset,
      datasetDigest: datasetDigest, protocolDigest: try trainingProtocol.card().digest,
      seed: .recorded(runs[index].seed))
  }

  /// Runs that share their teachers.
  public struct Round: Hashable, Sendable {
    /// Indices of the runs.
    public var runs: [Int]
    /// Indices of the runs before it with the same seed: its teachers are among them.
    public var earlier: [Int]
    /// True when a later round may learn from this one.
    public var teaches: Bool
  }

  /// The rounds in the order of training: for each seed a first round, then equal rounds; one round without distillation.
  ///
  /// Runs learn only from runs of their own seed, so that a folder of several seeds gives the same bits as one folder per
  /// seed, and a plan that grows keeps its rounds.
  public var rounds: [Round] {
    guard let distillation = trainingProtocol.distillation else {
      return runs.isEmpty ? [] : [Round(runs: Array(runs.indices), earlier: [], teaches: false)]
    }
    var seeds: [UInt64] = []
    var members: [UInt64: [Int]] = [:]
    for (index, run) in runs.enumerated() {
      if members[run.seed] == nil { seeds.append(run.seed) }
      members[run.seed, default: []].append(index)
    }
    return seeds.flatMap { seed in
      let indices = members[seed] ?? []
      var rounds: [Round] = []
      var start = 0
      while start < indices.count {
        let end = min(start + (start == 0 ? distillation.firstRound : distillation.round), indices.count)
        rounds.append(
          Round(runs: Array(indices[start..<end]), earlier: Array(indices[..<start]), teaches: end < indices.count))
        start = end
      }
      return rounds
    }
  }

  /// The teachers of a round: the best completed runs of earlier rounds, best first. Equal scores go by plan order.
  public func teachers(of round: Round, records: [RunKey: RunRecord]) throws -> [RunRecord] {
    guard let distillation = trainingProtocol.distillation else { return [] }
    let earlier = try round.earlier.compactMap { index -> (RunRecord, Score)? in
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

  /// The part of the plan that shard `number` of `count` trains, counted from 1. Each run is in one shard, and stays there
  /// when the plan grows. With distillation, where runs learn from others of their seed, a shard has whole seeds.
  ///
  /// Throws ``TrainingError/setting`` where a shard would be empty.
  public func shard(_ number: Int, of count: Int) throws(TrainingError) -> TrainingPlan {
    var seeds: [UInt64] = []
    var positions: [UInt64: Int] = [:]
    let places = runs.map { run in
      if positions[run.seed] == nil { seeds.append(run.seed) }
      let seed = seeds.firstIndex(of: run.seed) ?? 0
      let position = positions[run.seed, default: 0]
      positions[run.seed] = position + 1
      return trainingProtocol.distillation == nil ? seed + position : seed
    }
    let most = (places.max() ?? 0) + 1
    guard count >= 1, count <= most, (1...count).contains(number) else {
      throw .setting(
        name: "shard", value: "\(number)/\(count)",
        allowed: "1/\(min(max(count, 1), most)) to \(min(max(count, 1), most))/\(min(max(count, 1), most))"
          + (trainingProtocol.distillation == nil ? "" : "; with distillation there is a shard for each seed at most"))
    }
    var part = self
    part.runs = zip(runs, places).filter { $0.1 % count == number - 1 }.map(\.0)
    return part
  }

  /// Appends those of `more` that the plan lacks; returns how many they are.
  mutating func add(_ more: [PlannedRun]) -> Int {
    struct Identity: Hashable {
      let architecture: String
      let seed: UInt64
    }
    var known = Set(runs.map { Identity(architecture: $0.architecture, seed: $0.seed) })
    let before = runs.count
    for run in more where known.insert(Identity(architecture: run.architecture, seed: run.seed)).inserted {
      runs.append(run)
    }
    return runs.count - before
  }

  /// The first thing besides runs in which `other` differs, in words; nil when both may be in one folder.
  func difference(from other: TrainingPlan) throws -> String? {
    if space != other.space { return "its space is \(space), that of this call \(other.space)" }
    if dataset != other.dataset { return "its data set is \(dataset), that of this call \(other.dataset)" }
    if datasetDigest != other.datasetDigest {
      return "the digest of its data is \(datasetDigest.short), that of this call \(other.datasetDigest.short)"
    }
    guard trainingProtocol != other.trainingProtocol else { return nil }
    let (here, there) = (try trainingProtocol.card().settings, try other.trainingProtocol.card().settings)
    return try JSONValue.firstDifference(here, there).map { path, here, there in
      "\(path) of its protocol is \(here), that of this call \(there)"
    }
  }
}

extension JSONValue {
  /// The first member, in alphabetical order, in which two values differ: its path and both texts.
  fileprivate static func firstDifference(
    _ left: JSONValue, _ right: JSONValue, at path: String = ""
  ) throws -> (String, String, String)? {
    guard left != right else { return nil }
    guard case .object(let here) = left, case .object(let there) = right else {
      return (path, try CanonicalJSON.text(left), try CanonicalJSON.text(right))
    }
    for name in Set(here.keys).union(there.keys).sorted() {
      let found = try firstDifference(
        here[name] ?? .null, there[name] ?? .null, at: path.isEmpty ? name : "\(path).\(name)")
      if let found { return found }
    }
    return nil
  }
}
