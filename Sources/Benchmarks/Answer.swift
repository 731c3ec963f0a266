public import Records
public import Store

/// What every answer says of itself.
public struct AnswerContext: Hashable, Sendable, Codable {
  public let space: String
  public let dataset: String
  public let datasetDigest: Digest256?
  public let protocolName: String?
  public let protocolDigest: Digest256
  public let metric: Metric
  public let unit: String
  public let largerIsBetter: Bool
  public let split: Split
  /// The rule that chose the epoch: `best`, `last`, a number or `best-so-far`.
  public let epoch: String
  /// The rule that chose the runs: `mean`, `all` or a seed.
  public let seeds: String
  /// `measured`, `predicted` by a surrogate, or `simulated`: a prediction with the scatter of a run.
  public let kind: String
  public let atlasDigest: Digest256
  /// What epochs stand for where they are other positions, such as steps; absent for epochs.
  public let fidelity: FidelityAxis?
}

/// A value of one architecture.
public struct Answer: Hashable, Sendable, Codable {
  /// What one run says.
  public struct Point: Hashable, Sendable, Codable {
    public let seed: Seed
    public let status: RunStatus
    /// Counted from 1.
    public let epoch: Int
    public let value: Double
    /// The card that tells where the run comes from; nil for runs of our own.
    public let source: String?
    /// How long training up to this epoch took.
    public let trainSeconds: SimulatedSeconds?
  }

  public struct Architecture: Hashable, Sendable, Codable {
    public let space: String
    public let id: ArchitectureID
    public let canonicalText: String

    public init(_ entry: ArchitectureEntry) {
      space = entry.space
      id = entry.id
      canonicalText = entry.canonicalText
    }

    /// An architecture that an atlas need not have.
    init(space: String, canonicalText: String) {
      self.space = space
      self.canonicalText = canonicalText
      id = ArchitectureID(space: space, canonicalText: canonicalText)
    }
  }

  public let architecture: Architecture
  public let context: AnswerContext
  /// One a run, sorted by seed; none where the value is predicted.
  public let points: [Point]
  /// Runs that were asked for and have no such value.
  public let absent: [AbsentRun]
  /// The mean of the points; the value itself where there is one; absent where each run was asked for. Where there is
  /// ``prediction``, the mean of what a training is expected to give.
  public let value: Double?
  /// Sample standard deviation of the points; absent for fewer than two, and where each run was asked for. Where there is
  /// ``prediction``, the standard deviation of what a training is expected to give.
  public let standardDeviation: Double?
  /// What belongs to a predicted value; absent where the value is measured.
  public let prediction: PredictedValue?
  /// Of a run as it might have been, whose value is ``value``; absent where the value is measured or predicted.
  public let simulation: SimulatedValue?
}

/// A run that was asked for and has nothing to tell.
public struct AbsentRun: Hashable, Sendable, Codable {
  public let seed: Seed
  public let status: RunStatus
  /// What it lacks, and what it has.
  public let reason: String
}

/// The values of one architecture at all epochs.
public struct CurveAnswer: Hashable, Sendable, Codable {
  public struct Run: Hashable, Sendable, Codable {
    public let seed: Seed
    public let status: RunStatus
    public let epochs: [Int]
    public let values: [Double]
    public let source: String?
  }

  public let architecture: Answer.Architecture
  public let context: AnswerContext
  /// Sorted by seed.
  public let runs: [Run]
  /// Runs that were asked for and have no such curve.
  public let absent: [AbsentRun]
  /// The mean over runs of each epoch that all of them have; absent for one run, and where each run was asked for.
  /// Where there is ``prediction``, the mean of what a training is expected to give.
  public let mean: [EpochValue]?
  /// What belongs to a predicted curve; absent where it is measured.
  public let prediction: PredictedCurve?
  /// A run as it might have been around the predicted mean; absent where that was not asked for.
  public let simulation: SimulatedCurve?

  public struct EpochValue: Hashable, Sendable, Codable {
    public let epoch: Int
    public let value: Double
    /// Of what a training is expected to give; absent where the value is measured.
    public let standardDeviation: Double?
  }
}

extension Lookup {
  /// What the answers of this lookup say of themselves.
  public var context: AnswerContext { context(kind: "measured") }

  /// The same of answers that are not measured.
  public func context(kind: String) -> AnswerContext {
    AnswerContext(
      space: setting.space, dataset: setting.dataset, datasetDigest: setting.datasetDigest,
      protocolName: setting.protocolName, protocolDigest: setting.protocolDigest, metric: metric, unit: card.unit,
      largerIsBetter: card.largerIsBetter, split: split, epoch: "\(epoch)", seeds: "\(seeds)", kind: kind,
      atlasDigest: benchmark.atlas.digest, fidelity: setting.fidelity)
  }

  /// The value of an architecture, with all that belongs to it.
  ///
  /// Throws a ``BenchmarkError`` that lists what there is when run, seed, split or epoch is missing; of several runs,
  /// those that lack it are named in the answer.
  public func answer(_ architecture: ArchitectureEntry) throws -> Answer {
    try answer(architecture, points(architecture))
  }

  func answer(_ architecture: ArchitectureEntry, _ found: Told<Answer.Point>) -> Answer {
    let values = found.told.map(\.what.value)
    let mean = values.reduce(-0.0, +) / Double(values.count)
    var deviation: Double?
    if values.count > 1, seeds != .all {
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      deviation = (squares / Double(values.count - 1)).squareRoot()
    }
    return Answer(
      architecture: Answer.Architecture(architecture), context: context, points: found.told.map(\.what),
      absent: found.absent, value: seeds == .all && values.count > 1 ? nil : mean, standardDeviation: deviation,
      prediction: nil, simulation: nil)
  }

  /// The points of an architecture, at least one, with the runs that they are of.
  func points(_ architecture: ArchitectureEntry) throws -> Told<Answer.Point> {
    try tell(of: chosenRuns(architecture)) { try point(ofRun: $0) }
  }

  /// The curves of an architecture, one a run.
  public func curves(_ architecture: ArchitectureEntry) throws -> CurveAnswer {
    let found = try tell(of: chosenRuns(architecture)) { run in
      let curve = try curve(ofRun: run)
      return CurveAnswer.Run(
        seed: try setting.seed(ofRun: run), status: try setting.status(ofRun: run),
        epochs: curve.at ?? Array(1..<curve.values.count + 1), values: curve.values,
        source: try setting.source(ofRun: run))
    }
    let runs = found.told.map(\.what)
    var mean: [CurveAnswer.EpochValue]?
    if runs.count > 1, seeds != .all {
      let common = runs.dropFirst().reduce(into: Set(runs[0].epochs)) { $0.formIntersection($1.epochs) }
      mean = common.sorted().map { epoch in
        let values = runs.compactMap { run in run.epochs.firstIndex(of: epoch).map { run.values[$0] } }
        return CurveAnswer.EpochValue(
          epoch: epoch, value: values.reduce(-0.0, +) / Double(values.count), standardDeviation: nil)
      }
    }
    return CurveAnswer(
      architecture: Answer.Architecture(architecture), context: context, runs: runs, absent: found.absent, mean: mean,
      prediction: nil, simulation: nil)
  }

  /// What runs say, at least one of them, and which of them lack it.
  struct Told<What> {
    var told: [(run: Int, what: What)] = []
    var absent: [AbsentRun] = []
  }

  /// Throws the first lack when no run has what is asked.
  private func tell<What>(of runs: [Int], _ ask: (Int) throws -> What) throws -> Told<What> {
    var found = Told<What>()
    var lack: BenchmarkError?
    for run in runs {
      do {
        found.told.append((run, try ask(run)))
      } catch let error as BenchmarkError {
        lack = lack ?? error
        found.absent.append(
          AbsentRun(seed: try setting.seed(ofRun: run), status: try setting.status(ofRun: run), reason: error.message))
      }
    }
    if let lack, found.told.isEmpty { throw lack }
    if seeds == .mean { found.told = try setting.leavingOutMeans(found.told) { $0.run } }
    return found
  }

  /// The runs that the question is about, at least one.
  func chosenRuns(_ architecture: ArchitectureEntry) throws -> [Int] {
    let runs = try setting.runs(ofArchitecture: architecture.row)
    guard !runs.isEmpty else {
      let others = try benchmark.atlas.settings.filter {
        try $0.space == architecture.space && !$0.runs(ofArchitecture: architecture.row).isEmpty
      }
      throw BenchmarkError.noRun(
        text: architecture.canonicalText, setting: benchmark.name(setting), others: others.map(benchmark.name))
    }
    switch seeds {
    case .all: return Array(runs)
    case .mean:
      let completed = try runs.filter { try setting.status(ofRun: $0) == .completed }
      guard !completed.isEmpty else {
        throw BenchmarkError.noCompletedRun(
          text: architecture.canonicalText,
          runs: try runs.map {
            "seed \(try setting.seed(ofRun: $0)) (\(try setting.status(ofRun: $0).rawValue))"
          })
      }
      return completed
    case .one(let seed):
      let chosen = try runs.filter { try setting.seed(ofRun: $0) == seed }
      guard !chosen.isEmpty else {
        throw BenchmarkError.unknown(
          what: "seed", found: "\(seed)", known: try runs.map { "\(try setting.seed(ofRun: $0))" })
      }
      return chosen
    }
  }

  private func point(ofRun run: Int) throws -> Answer.Point {
    let status = try setting.status(ofRun: run)
    guard let (value, epoch) = try value(ofRun: run) else {
      let name = "seed \(try setting.seed(ofRun: run))"
      let curve = try curve(ofRun: run)
      let known = curve.at ?? Array(1..<curve.values.count + 1)
      switch epoch {
      case .number(let number): throw BenchmarkError.unknownEpoch(epoch: number, run: name, known: known)
      case .bestSoFar(let limit?): throw BenchmarkError.unknownEpoch(epoch: limit, run: name, known: known)
      default:
        if let best = try bestEpoch(ofRun: run) {
          throw BenchmarkError.unknownEpoch(epoch: best, run: name, known: known)
        }
        throw BenchmarkError.noEpoch(run: name, status: status.rawValue)
      }
    }
    return Answer.Point(
      seed: try setting.seed(ofRun: run), status: status, epoch: epoch, value: value,
      source: try setting.source(ofRun: run),
      trainSeconds: try benchmark.simulatedTrainingSeconds(run: run, in: setting, upTo: epoch))
  }

  /// The curve of a run; throws when it has none, listing the splits that it has.
  private func curve(ofRun run: Int) throws -> Curve {
    if let curve = try setting.curve(ofRun: run, metric, split) { return curve }
    let known = try setting.measures.filter {
      try $0.metric == metric && setting.curve(ofRun: run, metric, $0.split) != nil
    }
    if known.isEmpty {
      throw BenchmarkError.unknown(
        what: "metric", found: "\(metric) of seed \(try setting.seed(ofRun: run))",
        known: try Set(
          setting.measures.filter { try setting.curve(ofRun: run, $0.metric, $0.split) != nil }.map(\.metric.name)
        ).sorted())
    }
    throw BenchmarkError.unknown(
      what: "split", found: "\(split.rawValue) of \(metric) of seed \(try setting.seed(ofRun: run))",
      known: known.map(\.split.rawValue))
  }
}
