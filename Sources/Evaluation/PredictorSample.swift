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
  /// Makes the features that predictors see.
  let encoder: @Sendable ([EncodingChoice]) throws -> ArchitectureEncoder

  /// Throws ``EvaluationError/sample(problem:)`` for values that are not finite or not one an architecture, and for an
  /// architecture that is there twice.
  public init(
    _ architectures: [String], values: [Double], unit: String, largerIsBetter: Bool, title: String,
    space: any TextualSpace, encoder: (@Sendable ([EncodingChoice]) throws -> ArchitectureEncoder)? = nil
  ) throws {
    guard architectures.count == values.count else {
      throw EvaluationError.sample(problem: "\(values.count) values for \(architectures.count) architectures")
    }
    if let place = values.firstIndex(where: { !$0.isFinite }) {
      throw EvaluationError.sample(problem: "the value of \(architectures[place]) is \(values[place])")
    }
    guard Set(architectures).count == architectures.count else {
      throw EvaluationError.sample(problem: "an architecture is there twice")
    }
    self.architectures = architectures
    self.values = values
    self.unit = unit
    self.largerIsBetter = largerIsBetter
    self.title = title
    self.space = space
    self.encoder = encoder ?? { try ArchitectureEncoder(space, $0) }
  }

  /// Errors of fractions are told in percent, as in the literature.
  var scale: Double { unit == "fraction" ? 100 : 1 }

  /// The unit that errors are told in.
  public var reportUnit: String { unit == "fraction" ? "percent" : unit }
}
