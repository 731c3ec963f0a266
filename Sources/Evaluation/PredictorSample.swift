import Records
public import Spaces
public import Surrogates

/// The architectures of one space with known values: what predictors are evaluated on.
public struct PredictorSample: Sendable {
  /// Canonical texts, each once.
  public let architectures: [String]
  /// One finite value an architecture, in ``unit``.
  public let values: [Double]
  /// As the metric's card says: `percent`, `fraction`, `nats`, `1`.
  public let unit: String
  public let largerIsBetter: Bool
  /// What the values are, in words, for titles of tables.
  public let title: String
  public let space: any TextualSpace
  /// What predictors of learning curves see the beginning of.
  public let curves: SampleCurves?
  /// Makes the features that predictors see.
  let encoder: @Sendable ([EncodingChoice]) throws -> ArchitectureEncoder

  /// Throws ``EvaluationError/sample(problem:)`` for values that are not finite or not one an architecture, and for an
  /// architecture that is there twice.
  public init(
    _ architectures: [String], values: [Double], unit: String, largerIsBetter: Bool, title: String,
    space: any TextualSpace, curves: SampleCurves? = nil,
    encoder: (@Sendable ([EncodingChoice]) throws -> ArchitectureEncoder)? = nil
  ) throws {
    guard architectures.count == values.count else {
      throw EvaluationError.sample(problem: "\(values.count) values for \(architectures.count) architectures")
    }
    if let place = values.firstIndex(where: { !$0.isFinite }) {
      throw EvaluationError.sample(problem: "the value of \(architectures[place]) is \(values[place])")
    }
    guard Set(architectures).count == architectures.count else {
      throw EvaluationError.sample(problem: "an architecture is repeated")
    }
    self.architectures = architectures
    self.values = values
    self.unit = unit
    self.largerIsBetter = largerIsBetter
    self.title = title
    self.space = space
    self.curves = curves
    self.encoder = encoder ?? { try ArchitectureEncoder(space, $0) }
  }

  /// Why `candidate` cannot be compared on all of the sample; nil where it can.
  public func obstacle(to candidate: PredictorCandidate) -> String? {
    do {
      _ = try encoder(candidate.encodings)
      let unseen = try unseen(by: candidate)
      guard let choice = unseen.choice else { return nil }
      return "\(choice) cannot predict \(unseen.places.count) of \(architectures.count) architectures"
    } catch let error as any UserFacingError {
      return error.message
    } catch {
      return "\(error)"
    }
  }

  /// The architectures of which every encoding that a candidate names says something: POPNAS's blocks, for one, say only
  /// cells of two blocks. The sample itself where that is all.
  public func seen(by candidates: [PredictorCandidate]) throws -> PredictorSample {
    let unseen = try candidates.reduce(into: Set<Int>()) { $0.formUnion(try self.unseen(by: $1).places) }
    guard !unseen.isEmpty else { return self }
    let places = architectures.indices.filter { !unseen.contains($0) }
    return try PredictorSample(
      places.map { architectures[$0] }, values: places.map { values[$0] }, unit: unit, largerIsBetter: largerIsBetter,
      title: title, space: space,
      curves: curves.map { own in
        SampleCurves(
          dataset: own.dataset, curves: places.map { own.curves[$0] }, direction: own.direction,
          targetEpoch: own.targetEpoch, others: own.others)
      }, encoder: encoder)
  }

  /// The places of which an encoding named by the candidate has no number, and the first such encoding. The words that
  /// stand for encodings (`slots`, `summary` ...) say something of every architecture.
  private func unseen(by candidate: PredictorCandidate) throws -> (choice: EncodingChoice?, places: Set<Int>) {
    var found: (choice: EncodingChoice?, places: Set<Int>) = (nil, [])
    for choice in candidate.encodings {
      guard case .named = choice else { continue }
      let features = try encoder([choice]).features(of: architectures)
      let places = architectures.indices.filter { features.row($0).allSatisfy(\.isNaN) }
      if !places.isEmpty { found = (found.choice ?? choice, found.places.union(places)) }
    }
    return found
  }

  /// Errors of fractions are told in percent, as in the literature.
  var scale: Double { unit == "fraction" ? 100 : 1 }

  /// The unit that errors are told in.
  public var reportUnit: String { unit == "fraction" ? "percent" : unit }
}
