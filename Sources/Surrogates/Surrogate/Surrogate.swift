public import Foundation
public import Records
import Spaces

/// A fitted predictor with what it stands in for and how well it does: what answers for architectures that nobody
/// trained.
public struct Surrogate: Sendable {
  public let subject: SurrogateSubject
  /// The method's name, and what values went through before they were learnt.
  public let predictorName: String
  public let transform: TargetTransform
  /// What the fit drew its random numbers from.
  public let seed: UInt64
  /// The encodings of the space that the predictor's choices stood for.
  public let encodings: [NamedEncoding]
  public let report: QualityReport
  /// Predictions of architectures that were held out, ascending by value: what the report sums up, or a sample of it.
  public let heldOut: [HeldOutValue]
  /// SHA-256 of the file.
  public let digest: Digest256
  /// Whole learning curves, where they were learnt too.
  public let curves: SurrogateCurves?
  let predictor: any Predictor
  let probes: [Probe]
  let file: Data

  /// A choice and the encoding that a space had for it; nil for measurements.
  public struct NamedEncoding: Hashable, Sendable, Codable {
    public let choice: String
    public let encoding: String?
  }

  /// What the predictor said of an architecture when it was made: a space that encodes otherwise is noticed.
  struct Probe: Hashable, Sendable, Codable {
    let architecture: String
    let prediction: Prediction
  }

  private struct Settings: Codable {
    let version: String
    let subject: SurrogateSubject
    let predictor: String
    let transform: TargetTransform
    let seed: UInt64
    let encodings: [NamedEncoding]
    let report: QualityReport
    let heldOut: [HeldOutValue]
    let probes: [Probe]
  }

  private static let kind = "surrogate"

  init(
    subject: SurrogateSubject, method: any PredictorMethod, seed: UInt64, encoder: ArchitectureEncoder,
    report: QualityReport, heldOut: [HeldOutValue], predictor: any Predictor, probes: [Probe]
  ) throws {
    var archive = ArrayArchive(kind: Self.kind)
    let encodings = zip(encoder.choices, encoder.encodings).map { NamedEncoding(choice: "\($0)", encoding: $1) }
    try archive.setSettings(
      Settings(
        version: nasAtlasVersion, subject: subject, predictor: method.name, transform: method.transform, seed: seed,
        encodings: encodings, report: report, heldOut: heldOut, probes: probes))
    try archive.set("predictor", predictor)
    try self.init(decoding: ArrayFile.model.encode(archive))
  }

  /// The same surrogate with `curves`, which makes another file.
  public func with(_ curves: SurrogateCurves) throws -> Surrogate {
    var archive = try ArrayFile.model.decode(file)
    try archive.set("curves", curves.archive())
    return try Surrogate(decoding: ArrayFile.model.encode(archive))
  }

  // MARK: Files

  /// Reads the file of a surrogate. Throws ``DamagedArchive`` for any other bytes.
  public init(decoding file: Data) throws {
    let archive = try ArrayFile.model.decode(file)
    guard archive.kind == Self.kind else {
      throw DamagedArchive("it is a \(archive.kind), not a surrogate")
    }
    let settings = try archive.settings(Settings.self)
    subject = settings.subject
    predictorName = settings.predictor
    transform = settings.transform
    seed = settings.seed
    encodings = settings.encodings
    report = settings.report
    heldOut = settings.heldOut
    probes = settings.probes
    predictor = try archive.predictor("predictor")
    curves = try archive.parts["curves"].map { try SurrogateCurves(from: $0) }
    digest = Digest256(of: file)
    self.file = file
  }

  /// Throws ``SurrogatesError/noSurrogate(path:)`` where there is no file.
  public init(path: String) throws {
    guard let file = FileManager.default.contents(atPath: path) else { throw SurrogatesError.noSurrogate(path: path) }
    do {
      try self.init(decoding: file)
    } catch let error as DamagedArchive {
      throw SurrogatesError.damagedModel("\(path): \(error.reason)")
    }
  }

  /// Puts the surrogate at `path` in one step: who reads meanwhile has the old file or the new one. A surrogate that is
  /// there already is replaced only with `force`.
  public func write(to path: String, force: Bool = false) throws {
    try write(to: OutputFile(path, as: .surrogate, force: force))
  }

  /// Writes the surrogate to a place that was checked before the fit.
  package func write(to place: OutputFile) throws { try place.write(file) }

  public var bytes: Int { file.count }

  // MARK: Predicting

  /// The choices of encodings, for the encoder that ``predict(_:with:)`` wants.
  public var choices: [EncodingChoice] { encodings.map { EncodingChoice($0.choice) } }

  /// Throws ``SurrogatesError/changedEncoding(architecture:)`` unless `encoder` writes architectures as they were written
  /// when the surrogate was made.
  public func check(_ encoder: ArchitectureEncoder) throws {
    let predictions = try predict(probes.map(\.architecture), with: encoder)
    for (probe, prediction) in zip(probes, predictions) where probe.prediction != prediction {
      throw SurrogatesError.changedEncoding(architecture: probe.architecture)
    }
  }

  /// One prediction an architecture, given by canonical texts.
  public func predict(_ canonicalTexts: [String], with encoder: ArchitectureEncoder) throws -> [Prediction] {
    try predictor.predict(encoder.features(of: canonicalTexts))
  }

  /// What stands beside every prediction.
  public var summary: SurrogateSummary {
    SurrogateSummary(
      predictor: predictorName, digest: digest, architectures: report.architectures,
      kendallTau: report.overall.kendallTau, r2: report.overall.r2, rmse: report.overall.rmse,
      coverage80: report.overall.coverage80)
  }
}
