/// How predictors are compared: the protocol of White et al. (2021, "How powerful are performance predictors in neural
/// architecture search?"), with the trials and sizes of EmProx (2022).
public struct PredictorProtocol: Hashable, Sendable, Codable {
  /// What a trial tests on.
  public enum TestSet: Hashable, Sendable, LosslessStringConvertible, Codable {
    /// So many architectures, drawn once a trial and the same for all train sizes.
    case count(Int)
    /// All that are not learnt from.
    case rest

    /// A number or `rest`; nil for anything else.
    public init?(_ text: String) {
      if text == "rest" {
        self = .rest
      } else if let count = Int(text) {
        self = .count(count)
      } else {
        return nil
      }
    }

    public var description: String {
      switch self {
      case .count(let count): "\(count)"
      case .rest: "rest"
      }
    }

    public init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      guard let found = Self(try container.decode(String.self)) else {
        throw DecodingError.dataCorruptedError(in: container, debugDescription: "neither a number nor rest")
      }
      self = found
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      try container.encode(description)
    }
  }

  public var trials = 20
  public var seed: UInt64 = 1_000
  public var trainSizes = [5, 8, 14, 24, 42, 71, 121, 205]
  public var test = TestSet.count(100)
  /// Tests on mutants of the best of a few, as a search meets them, in place of a uniform sample.
  public var mutated = false
  /// No architecture is tested whose network, by the space's isomorphism, is learnt from too.
  public var excludesIsomorphs = false
  /// How many epochs of a curve are seen by predictors of learning curves.
  public var fidelities: [Int] = []
  /// Data sets whose runs are learnt from, in place of those tested on, by what learns across data sets.
  public var otherDatasets: [String] = []

  public init() {}

  /// What candidates are compared at beside the train size: fidelities, or nil alone where none is asked for.
  public var comparedFidelities: [Int?] { fidelities.isEmpty ? [nil] : fidelities }

  /// Pool, survivors and most changes of the mutated test set (NASLib's `load_mutated_test`).
  static let mutation = (pool: 10, survivors: 5, changes: 3)

  /// Throws ``EvaluationError/setting(name:found:allowed:)``.
  func check() throws {
    guard (1...10_000).contains(trials) else {
      throw EvaluationError.setting(name: "the number of trials", found: "\(trials)", allowed: "1 to 10000")
    }
    guard let smallest = trainSizes.min(), smallest >= 1, Set(trainSizes).count == trainSizes.count else {
      throw EvaluationError.setting(
        name: "the list of train sizes", found: "\(trainSizes)", allowed: "different numbers from 1")
    }
    if case .count(let count) = test, count < 2 {
      throw EvaluationError.setting(name: "the size of the test set", found: "\(count)", allowed: "2 or more, or rest")
    }
    if let least = fidelities.min(), least < 1 || Set(fidelities).count != fidelities.count {
      throw EvaluationError.setting(
        name: "the list of epochs seen", found: "\(fidelities)", allowed: "different numbers from 1")
    }
    if mutated, test == .rest {
      throw EvaluationError.setting(name: "the size of a mutated test set", found: "rest", allowed: "a number")
    }
  }
}
