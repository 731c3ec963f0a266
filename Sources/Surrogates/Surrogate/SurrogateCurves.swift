import Records

/// The learning curves of a surrogate: what answers for every epoch, and how runs scatter where that is known.
public struct SurrogateCurves: Sendable {
  public let model: CurveModel
  public let report: CurveReport
  /// Makes the deviations of each epoch honest.
  private let calibrations: [IntervalCalibration]
  private let probes: [Probe]

  /// What the model said of an architecture when it was made, one mean an epoch.
  private struct Probe: Hashable, Sendable, Codable {
    let architecture: String
    let means: [Double]
  }

  private struct Settings: Codable {
    let report: CurveReport
    let calibrations: [IntervalCalibration]
    let probes: [Probe]
  }

  private static let kind = "surrogate-curves"
  /// Groups of repeated runs that the scatter is learnt from, at most.
  private static let mostGroups = 1000

  /// T epoch numbers, ascending.
  public var epochs: [Int] { report.epochs }
  /// The blocks of features that predicting reads.
  public var choices: [EncodingChoice] { model.encodings }

  // MARK: Fitting

  /// Learns curves and scatter, and tells by cross-validation how well it does.
  ///
  /// - Parameters:
  ///   - data: mean curves of architectures and their repeated runs.
  ///   - encoder: writes what `method` asks for.
  ///   - limits: what simulated values stay within.
  ///   - folds: parts of the cross-validation, 2 or more.
  ///
  /// Throws ``SurrogatesError`` for too few architectures and what the method throws.
  public static func fit(
    _ method: CurveModelMethod, to data: CurveData, direction: CurveSet.Direction, encoder: ArchitectureEncoder,
    limits: ClosedRange<Double>? = nil, folds: Int, seed: UInt64, progress: ((FitProgress) -> Void)? = nil
  ) throws -> SurrogateCurves {
    let needed = max(folds, 10)
    guard data.architectures.count >= needed else {
      throw SurrogatesError.tooFew(predictor: method.name, count: data.architectures.count, needed: needed)
    }
    guard folds >= 2 else {
      throw SurrogatesError.badSetting(
        predictor: method.name, setting: "folds", found: "\(folds)", allowed: "2 to \(data.architectures.count)")
    }
    let features = try encoder.features(of: data.architectures)
    let curves = try CurveSet(data.means, direction, features: features)
    var model = try method.fit(curves, seed: seed)
    progress?(FitProgress(done: 1, total: folds + 1))
    let groups = repeated(data, seed: seed)
    model.noise = try noise(of: groups, limits)
    let unseen = try unseen(method, curves, folds, seed, progress)
    let calibrations = data.epochs.indices.map { epoch in
      IntervalCalibration(unseen.map { $0[epoch] }, truth: data.means.map { $0[epoch] })
    }
    let report = CurveReport(
      data.means, unseen.map { calibrated($0, calibrations) }, epochs: data.epochs, predictor: method.name,
      components: model.components, runs: data.runs, folds: folds, repeated: model.noise == nil ? 0 : groups.count)
    let probed = Array(data.architectures.prefix(3))
    let predicted = try model.predict(encoder.features(of: probed))
    let probes = zip(probed, predicted).map { Probe(architecture: $0, means: $1.map(\.mean)) }
    return SurrogateCurves(model: model, report: report, calibrations: calibrations, probes: probes)
  }

  /// Out-of-fold predictions of all curves.
  private static func unseen(
    _ method: CurveModelMethod, _ curves: CurveSet, _ count: Int, _ seed: UInt64,
    _ progress: ((FitProgress) -> Void)?
  ) throws -> [[Prediction]] {
    guard let features = curves.features else { return [] }
    var generator = SeededGenerator(seed: seed).stream("cross-validation of curves")
    var order = Array(0..<curves.count)
    generator.shuffle(&order)
    var predictions = [[Prediction]](repeating: [], count: curves.count)
    for fold in 0..<count {
      let inside = order.indices.filter { $0 % count == fold }.map { order[$0] }
      let outside = order.indices.filter { $0 % count != fold }.map { order[$0] }.sorted()
      let model = try method.fit(curves.rows(outside), seed: SeededGenerator.derive(seed, "curve fold \(fold)"))
      for (row, curve) in zip(inside, try model.predict(features.rows(inside))) { predictions[row] = curve }
      progress?(FitProgress(done: fold + 2, total: count + 1))
    }
    return predictions
  }

  /// The repeated runs, drawn by `seed` where there are many.
  private static func repeated(_ data: CurveData, seed: UInt64) -> [[[Double]]] {
    guard data.repeated.count > mostGroups else { return data.repeated }
    var generator = SeededGenerator(seed: seed).stream("repeated runs")
    var places = Array(data.repeated.indices)
    generator.shuffle(&places)
    return places.prefix(mostGroups).sorted().map { data.repeated[$0] }
  }

  /// Nil where there are no repeated runs, or none whose scatter has a finite fit.
  private static func noise(of groups: [[[Double]]], _ limits: ClosedRange<Double>?) throws -> NoiseModel? {
    guard !groups.isEmpty else { return nil }
    do {
      return try NoiseModel.fit(groups, limits: limits)
    } catch SurrogatesError.numerics {
      return nil
    }
  }

  private static func calibrated(_ curve: [Prediction], _ calibrations: [IntervalCalibration]) -> [Prediction] {
    zip(curve, calibrations).map { $1.apply($0) }
  }

  private init(model: CurveModel, report: CurveReport, calibrations: [IntervalCalibration], probes: [Probe]) {
    self.model = model
    self.report = report
    self.calibrations = calibrations
    self.probes = probes
  }

  // MARK: Predicting

  /// Throws ``SurrogatesError/changedEncoding(architecture:)`` unless `encoder` writes architectures as they were written
  /// when the curves were learnt.
  public func check(_ encoder: ArchitectureEncoder) throws {
    let curves = try model.predict(encoder.features(of: probes.map(\.architecture)))
    for (probe, curve) in zip(probes, curves) where probe.means != curve.map(\.mean) {
      throw SurrogatesError.changedEncoding(architecture: probe.architecture)
    }
  }

  /// One curve an architecture, given by canonical texts, one prediction for each of ``epochs``; deviations are such that
  /// the 80 % intervals held 80 of 100 curves of the cross-validation.
  public func predict(_ canonicalTexts: [String], with encoder: ArchitectureEncoder) throws -> [[Prediction]] {
    try model.predict(encoder.features(of: canonicalTexts)).map { Self.calibrated($0, calibrations) }
  }

  // MARK: Model file

  func archive() throws -> ArrayArchive {
    var archive = ArrayArchive(kind: Self.kind)
    try archive.setSettings(Settings(report: report, calibrations: calibrations, probes: probes))
    try archive.set("model", model.archive())
    return archive
  }

  /// Total: throws ``DamagedArchive`` for all that ``archive()`` did not make.
  init(from archive: ArrayArchive) throws {
    guard archive.kind == Self.kind, let part = archive.parts["model"] else {
      throw DamagedArchive("its curves are a \(archive.kind)")
    }
    let settings = try archive.settings(Settings.self)
    report = settings.report
    calibrations = settings.calibrations
    probes = settings.probes
    model = try CurveModel(from: part)
    let epochs = report.epochs
    guard epochs.count == model.epochs, zip(epochs, epochs.dropFirst()).allSatisfy({ $0 < $1 }),
      epochs.first ?? 0 >= 0, probes.allSatisfy({ $0.means.count == epochs.count }),
      calibrations.count == epochs.count, calibrations.allSatisfy(\.isValid)
    else { throw DamagedArchive("its curves and their epochs do not fit together") }
  }
}
