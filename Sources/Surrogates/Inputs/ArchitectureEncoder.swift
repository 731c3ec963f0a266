public import Spaces

/// Writes architectures of one space as the numbers that predictors ask for.
public struct ArchitectureEncoder: Sendable {
  public let choices: [EncodingChoice]
  /// The encoding of the space that each choice stands for; nil for measurements.
  public let encodings: [String?]
  private let space: any TextualSpace
  private let measured: @Sendable (_ quantity: String, _ canonicalText: String) throws -> Double?

  /// `measured` gives what an architecture was measured at; nothing by default.
  ///
  /// Throws ``SurrogatesError/noEncoding(wanted:known:)`` for a choice that `space` does not have.
  public init(
    _ space: any TextualSpace, _ choices: [EncodingChoice],
    measured: @escaping @Sendable (_ quantity: String, _ canonicalText: String) throws -> Double? = { _, _ in nil }
  ) throws {
    self.space = space
    self.choices = choices
    self.measured = measured
    encodings = try choices.map { try $0.encoding(of: space) }
  }

  /// One row an architecture, one block a choice.
  ///
  /// Throws what the space throws for texts that it cannot read, and ``SurrogatesError/shape(_:)`` where two
  /// architectures of the space have encodings of different lengths (SeqNAS with and without numeric features).
  public func features(of canonicalTexts: [String]) throws -> FeatureMatrix {
    var widths = [Int?](repeating: nil, count: choices.count)
    var values: [Double] = []
    for text in canonicalTexts {
      for (place, choice) in choices.enumerated() {
        let numbers: [Double]
        if let encoding = encodings[place] {
          numbers = try space.encode(text, as: encoding)
        } else if case .measurement(let quantity) = choice {
          numbers = [try measured(quantity, text) ?? .nan]
        } else {
          numbers = []
        }
        guard widths[place] == nil || widths[place] == numbers.count else {
          throw SurrogatesError.shape(
            "\(choice) of \(text) has \(numbers.count) numbers, of those before it \(widths[place] ?? 0)")
        }
        widths[place] = numbers.count
        values += numbers
      }
    }
    let blocks = zip(choices, widths).map { FeatureMatrix.Block(name: $0.description, width: $1 ?? 0) }
    return try FeatureMatrix(blocks: blocks, count: canonicalTexts.count, values: values)
  }
}
