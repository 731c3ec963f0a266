/// The sizes that turn an architecture of the SeqNAS space into a network: those of the data and the widths of the
/// configuration.
///
/// Letters: K_c cardinality of categorical feature c, e_c its width, n numeric features, e_n width of each, T events,
/// C classes, h hidden, d = Σ e_c + n·e_n channels.
public struct EventSequenceDimensions: Codable, Hashable, Sendable {
  /// Upper bound of d, T, C and single widths.
  public static let maximumChannels = 1 << 16

  /// The width of an embedding: a number, or the authors' rule (`auto` in their configurations).
  public enum Width: Hashable, Sendable, Codable {
    case fixed(Int)
    /// Categorical: min(600, round(1.6 · K_c^0.56)). Numeric: the mean of the categorical widths, rounded down.
    case automatic

    public init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let width = try? container.decode(Int.self) {
        self = .fixed(width)
      } else if try container.decode(String.self) == "auto" {
        self = .automatic
      } else {
        throw DecodingError.dataCorruptedError(in: container, debugDescription: "a width is a number or \"auto\"")
      }
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .fixed(let width): try container.encode(width)
      case .automatic: try container.encode("auto")
      }
    }
  }

  /// K_c = largest code + 1 of each categorical feature; its table has K_c + 1 rows.
  public let categoricalCardinalities: [Int]
  public let categoricalEmbedding: Width
  /// Has no effect without numeric features.
  public let numericEmbedding: Width
  /// n.
  public let numericCount: Int
  /// T, padding included.
  public let sequenceLength: Int
  /// C.
  public let classCount: Int
  /// h: width of every attention head and of the feed-forward layers.
  public let hidden: Int

  /// Throws ``SpacesError`` when a size is out of range, when the automatic numeric width has no categorical feature to
  /// follow, or when d is not 3 and below 5: three parts of at most ⌈d/3⌉ channels would leave one empty.
  public init(
    categoricalCardinalities: [Int], categoricalEmbedding: Width, numericEmbedding: Width, numericCount: Int,
    sequenceLength: Int, classCount: Int, hidden: Int
  ) throws {
    self.categoricalCardinalities = categoricalCardinalities
    self.categoricalEmbedding = categoricalEmbedding
    self.numericEmbedding = numericEmbedding
    self.numericCount = numericCount
    self.sequenceLength = sequenceLength
    self.classCount = classCount
    self.hidden = hidden
    try validate()
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      categoricalCardinalities: container.decode([Int].self, forKey: .categoricalCardinalities),
      categoricalEmbedding: container.decode(Width.self, forKey: .categoricalEmbedding),
      numericEmbedding: container.decode(Width.self, forKey: .numericEmbedding),
      numericCount: container.decode(Int.self, forKey: .numericCount),
      sequenceLength: container.decode(Int.self, forKey: .sequenceLength),
      classCount: container.decode(Int.self, forKey: .classCount),
      hidden: container.decode(Int.self, forKey: .hidden))
  }

  private enum CodingKeys: String, CodingKey {
    case categoricalCardinalities, categoricalEmbedding, numericEmbedding, numericCount, sequenceLength, classCount
    case hidden
  }

  /// e_c of each categorical feature.
  public var categoricalWidths: [Int] {
    categoricalCardinalities.map { cardinality in
      switch categoricalEmbedding {
      case .fixed(let width): width
      case .automatic: Self.automaticWidth(cardinality: cardinality)
      }
    }
  }

  /// e_n of each numeric feature; 0 without numeric features.
  public var numericWidth: Int {
    guard numericCount > 0 else { return 0 }
    switch numericEmbedding {
    case .fixed(let width): return width
    case .automatic:
      let widths = categoricalWidths
      return widths.isEmpty ? 0 : widths.reduce(0, +) / widths.count
    }
  }

  /// d = Σ e_c + n·e_n.
  public var channels: Int { categoricalWidths.reduce(0, +) + numericCount * numericWidth }

  /// Rows of the learnable query of the decoder: the number of classes.
  public var queryLength: Int { classCount }

  public var hasNumericFeatures: Bool { numericCount > 0 }

  /// Widths of the parts of d channels among `count` operations (`torch.chunk`): ⌈d/count⌉ each, the last the rest.
  public func partWidths(count: Int) -> [Int] {
    precondition((1...3).contains(count), "a layer has one to three operations")
    let width = (channels + count - 1) / count
    return (0..<count).map { min(width, channels - $0 * width) }
  }
}
