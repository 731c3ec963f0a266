import Foundation
import Records
import Spaces
import Store
public import Surrogates

/// A lookup that also answers for architectures that the atlas has no value of: with predictions, marked as such.
public struct PredictingLookup: Sendable {
  public let lookup: Lookup
  public let surrogate: Surrogate
  private let encoder: ArchitectureEncoder

  /// Throws `SurrogatesError.otherSubject` for a surrogate that stands in for something else than what `lookup` asks,
  /// and `changedEncoding` for one that was made when the space encoded otherwise.
  public init(_ lookup: Lookup, _ surrogate: Surrogate) throws {
    if let difference = surrogate.subject.difference(from: lookup.surrogateSubject) {
      throw SurrogatesError.otherSubject(surrogate: surrogate.digest.short, difference: difference)
    }
    self.lookup = lookup
    self.surrogate = surrogate
    encoder = try lookup.encoder(surrogate.choices)
    try surrogate.check(encoder)
  }

  /// The value of an architecture: measured where the atlas has it, else predicted.
  ///
  /// `text` is an id that the atlas has, or any form that the lookup's space reads. Throws for a text that is no
  /// architecture. With `noise`, what is not measured is one run as it might have been, which follows from that number
  /// and the architecture alone; throws `SurrogatesError.noCurves` and `noNoise` where the surrogate does not know how
  /// runs scatter.
  public func answer(_ text: String, noise: UInt64? = nil) throws -> Answer {
    let spelling = try lookup.benchmark.spelling(of: text, space: lookup.setting.space)
    return try lookup.measuredAnswer(spelling.canonicalText) ?? predicted(spelling.canonicalText, noise)
  }

  /// The prediction for an architecture, whether the atlas has it or not, by canonical text.
  public func predictedAnswer(_ canonicalText: String) throws -> Answer { try predicted(canonicalText, nil) }

  /// Means and deviations of many architectures, by canonical texts, whether the atlas has them or not.
  public func predictions(of canonicalTexts: [String]) throws -> [Prediction] {
    // Features of no architecture have no width.
    canonicalTexts.isEmpty ? [] : try surrogate.predict(canonicalTexts, with: encoder)
  }

  private func predicted(_ canonicalText: String, _ number: UInt64?) throws -> Answer {
    let prediction = try predictions(of: [canonicalText])[0]
    let simulated = try number.map { try self.simulated(canonicalText, prediction, $0) }
    return Answer(
      architecture: Answer.Architecture(space: lookup.setting.space, canonicalText: canonicalText),
      context: lookup.context(kind: simulated == nil ? "predicted" : "simulated"), points: [], absent: [],
      value: simulated?.1 ?? prediction.mean,
      standardDeviation: simulated == nil ? prediction.standardDeviation : nil,
      prediction: PredictedValue(prediction, surrogate.summary), simulation: simulated?.0)
  }
}

extension Lookup {
  /// Where `nasatlas fit` puts the surrogate of this lookup: beside the atlas, named by what it stands in for.
  public var surrogatePath: String {
    let atlas = benchmark.atlas.path
    let stem = atlas.hasSuffix(".atlas") ? String(atlas.dropLast(6)) : atlas
    var parts = [Benchmark.datasetName(setting, among: benchmark.atlas.settings), metric.name, split.rawValue]
    let siblings = benchmark.atlas.settings.filter {
      $0.space == setting.space && $0.dataset == setting.dataset && $0.datasetDigest == setting.datasetDigest
    }
    if siblings.count > 1 { parts.insert(benchmark.protocolName(setting), at: 1) }
    if Set(benchmark.atlas.settings.map(\.space)).count > 1 { parts.insert(setting.space, at: 0) }
    let usual: EpochChoice = setting.hasScores ? .best : .last
    if epoch != usual { parts.append("epoch-\(epoch)") }
    let name = parts.joined(separator: "-").map { $0.isLetter || $0.isNumber || "-_.@".contains($0) ? $0 : "_" }
    return "\(stem).\(String(name)).surrogate"
  }

  /// With the surrogate beside the atlas, or with that at `path`. Throws `SurrogatesError.noSurrogate`, which names the
  /// command that makes it.
  public func predicting(path: String? = nil) throws -> PredictingLookup {
    try PredictingLookup(self, surrogate(at: path, fit: fitCommand))
  }

  func surrogate(at path: String?, fit: String) throws -> Surrogate {
    do {
      return try Surrogate(path: path ?? surrogatePath)
    } catch SurrogatesError.noSurrogate(let missing, _) {
      throw SurrogatesError.noSurrogate(path: missing, fit: path == nil ? fit : "\(fit) --into \(Self.word(missing))")
    }
  }

  /// What makes the surrogate of this lookup.
  var fitCommand: String {
    let settings = benchmark.atlas.settings
    var words = ["nasatlas", "fit", benchmark.atlas.path]
    if Set(settings.map(\.space)).count > 1 { words += ["--space", setting.space] }
    let own = settings.filter { $0.space == setting.space }
    if Set(own.map { Benchmark.datasetName($0, among: own) }).count > 1 {
      words += ["--dataset", Benchmark.datasetName(setting, among: own)]
    }
    if own.filter({ $0.dataset == setting.dataset && $0.datasetDigest == setting.datasetDigest }).count > 1 {
      words += ["--protocol", benchmark.protocolName(setting)]
    }
    if metric != setting.primaryMetric { words += ["--metric", metric.name] }
    if split != .validation { words += ["--split", split.rawValue] }
    if epoch != (setting.hasScores ? .best : .last) { words += ["--epoch", "\(epoch)"] }
    return words.map(Self.word).joined(separator: " ")
  }

  /// As a shell reads one word.
  private static func word(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { FilterWords.isWordPart($0) || $0 == UInt8(ascii: "@") }
    return isPlain && !text.isEmpty ? text : "'" + text.replacing("'", with: "'\\''") + "'"
  }

  /// The measured value of an architecture; nil where the atlas has nothing of it that answers the question.
  public func measuredAnswer(_ canonicalText: String) throws -> Answer? {
    try measured(canonicalText) { try answer($0) }
  }

  func measured<Found>(_ canonicalText: String, _ ask: (ArchitectureEntry) throws -> Found) throws -> Found? {
    let id = ArchitectureID(space: setting.space, canonicalText: canonicalText)
    guard let entry = try benchmark.atlas.architecture(id) else { return nil }
    do {
      return try ask(entry)
    } catch BenchmarkError.noRun, BenchmarkError.noCompletedRun {
      return nil
    }
  }
}
