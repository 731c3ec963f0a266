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
  /// these epochs, marked as derived.
  public func simulatedTrainingSeconds(run: Int, in setting: Setting, upTo epoch: Int) throws -> SimulatedSeconds? {
    if let epochs = try setting.epochTrainSeconds(ofRun: run) {
      return SimulatedSeconds(seconds: epochs.prefix(epoch).reduce(0, +), isDerived: epoch > epochs.count)
    }
    let row = try setting.architecture(ofRun: run)
    if let perEpoch = try cost("train_seconds_per_epoch", row, setting) {
      return SimulatedSeconds(seconds: perEpoch * Double(epoch), isDerived: false)
    }
    guard let total = try setting.trainSeconds(ofRun: run) ?? cost("train_seconds", row, setting) else { return nil }
    let completed = try setting.completedEpochs(ofRun: run)
    guard completed > 0, epoch < completed else { return SimulatedSeconds(seconds: total, isDerived: false) }
    return SimulatedSeconds(seconds: total / Double(completed) * Double(epoch), isDerived: true)
  }

  /// A cost that a source repeats for every seed, in seconds.
  private func cost(_ name: String, _ row: Int, _ setting: Setting) throws -> Double? {
    for measured in atlas.quantities
    where measured.quantity.name == name && measured.quantity.unit == "second" && measured.space == setting.space
      && measured.quantity.dataset == setting.dataset && measured.quantity.protocolDigest == setting.protocolDigest
      && measured.quantity.conditions.isEmpty
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
