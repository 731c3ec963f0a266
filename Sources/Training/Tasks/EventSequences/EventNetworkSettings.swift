public import Nets
public import Records
public import Spaces

/// Sizes and rates of the networks of the SeqNAS space that their architecture does not fix.
public struct EventNetworkSettings: Hashable, Sendable, Codable {
  /// h: width of attention heads and of the feed-forward blocks.
  public var hidden: Int
  /// Columns of each embedding table.
  public var categoricalEmbedding: EventSequenceDimensions.Width
  /// Channels of each numeric feature.
  public var numericEmbedding: EventSequenceDimensions.Width
  /// Behind the stem's convolution, where the architecture asks for it.
  public var stemDropout: Float
  /// Inside encoder and decoder.
  public var dropout: Float
  /// Before pooling, where the architecture asks for it.
  public var spatialDropout: Float
  public var decoderDepth: DecoderDepth

  public init(
    hidden: Int = 32, categoricalEmbedding: EventSequenceDimensions.Width = .fixed(32),
    numericEmbedding: EventSequenceDimensions.Width = .fixed(32), stemDropout: Float = 0.3, dropout: Float = 0.1,
    spatialDropout: Float = 0.2, decoderDepth: DecoderDepth = .faithful
  ) {
    self.hidden = hidden
    self.categoricalEmbedding = categoricalEmbedding
    self.numericEmbedding = numericEmbedding
    self.stemDropout = stemDropout
    self.dropout = dropout
    self.spatialDropout = spatialDropout
    self.decoderDepth = decoderDepth
  }

  /// The section of a protocol. Throws ``TrainingError/noNetworkSection(space:found:)``, and ``TrainingError/setting`` for
  /// what cannot be read or is outside its range.
  init(_ trainingProtocol: TrainingProtocol) throws {
    guard let section = trainingProtocol.network[EventSequenceTask.space] else {
      throw TrainingError.noNetworkSection(
        space: EventSequenceTask.space, found: trainingProtocol.network.keys.sorted())
    }
    do {
      self = try StrictSettings.decode(Self.self, from: CanonicalJSON.encode(section))
    } catch {
      throw TrainingError.networkSection(
        space: EventSequenceTask.space, reason: DecodingWords.reason(error, whole: "it"))
    }
    try validate()
  }

  /// As the section of a protocol.
  public func section() throws -> [String: JSONValue] {
    [EventSequenceTask.space: try CanonicalJSON.decode(JSONValue.self, from: CanonicalJSON.encode(self))]
  }

  /// Throws ``TrainingError/setting`` for the first setting outside its range.
  func validate() throws(TrainingError) {
    try TrainingProtocol.check("hidden width", hidden, 1...1_024)
    for (name, width) in [("categorical embedding", categoricalEmbedding), ("numeric embedding", numericEmbedding)] {
      if case .fixed(let width) = width { try TrainingProtocol.check(name, width, 1...1_024) }
    }
    for (name, value) in [("stem dropout", stemDropout), ("dropout", dropout), ("spatial dropout", spatialDropout)] {
      guard value >= 0, value < 1 else {
        throw .setting(name: name, value: "\(value)", allowed: "0 or more, below 1")
      }
    }
  }
}
