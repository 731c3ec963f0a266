import Records
public import Store

/// Seconds of training, and whether the source told them so or they were computed from a total.
public struct SimulatedSeconds: Hashable, Sendable, Codable {
  public let seconds: Double
  /// True for a total divided by epochs.
  public let isDerived: Bool

  public init(seconds: Double, isDerived: Bool) {
    self.seconds = seconds
    self.isDerived = isDerived
  }
}

extension Benchmark {
  /// How long training a run up to and including `epoch` took, every epoch counted once; nil where nothing is known.
  ///
  /// Told by epochs where the source does; else the share of the total, of the run or of its architecture, that falls to
  /// these epochs, marked as derived. Throws `unknownEpoch` for an epoch that the run did not reach.
  public func simulatedTrainingSeconds(run: Int, in setting: Setting, upTo epoch: Int) throws -> SimulatedSeconds? {
    let epochs = try setting.epochTrainSeconds(ofRun: run)
    let completed = try setting.completedEpochs(ofRun: run)
    let last = max(completed, epochs?.count ?? 0)
    guard (0...last).contains(epoch) else {
      throw BenchmarkError.unknownEpoch(
        epoch: epoch, run: "seed \(try setting.seed(ofRun: run))", known: Self.listed(upTo: last))
    }
    if let epochs {
      return SimulatedSeconds(seconds: epochs.prefix(epoch).reduce(0, +), isDerived: epoch > epochs.count)
    }
    if let total = try setting.trainSeconds(ofRun: run) { return Self.share(of: total, epoch, completed) }
    let row = try setting.architecture(ofRun: run)
    if let perEpoch = try cost("train_seconds_per_epoch", row, setting) {
      return SimulatedSeconds(seconds: perEpoch * Double(epoch), isDerived: false)
    }
    return try cost("train_seconds", row, setting).map { Self.share(of: $0, epoch, completed) }
  }

  /// The epochs up to `last`, or only the ends of so many that nobody lists them: a file may say any number.
  private static func listed(upTo last: Int) -> [Int] { last <= 1 << 16 ? Array(1..<last + 1) : [1, last] }

  private static func share(of total: Double, _ epoch: Int, _ completed: Int) -> SimulatedSeconds {
    guard epoch < completed else { return SimulatedSeconds(seconds: total, isDerived: false) }
    return SimulatedSeconds(seconds: total / Double(completed) * Double(epoch), isDerived: true)
  }

  /// A cost that a source repeats for every seed, in seconds.
  private func cost(_ name: String, _ row: Int, _ setting: Setting) throws -> Double? {
    for measured in atlas.quantities
    where measured.quantity.name == name && measured.quantity.unit == "second" && measured.space == setting.space
      && measured.quantity.dataset == setting.dataset && measured.quantity.protocolDigest == setting.protocolDigest
      && measured.quantity.conditions.isEmpty && shows(measured)
    {
      if let value = try measured.value(ofArchitecture: row) { return value }
    }
    return nil
  }
}

extension Setting {
  /// The last epoch that any value of a run belongs to.
  public func completedEpochs(ofRun run: Int) throws -> Int {
    try measures.compactMap { try lastEpoch(ofRun: run, $0.metric, $0.split) }.max() ?? 0
  }
}
