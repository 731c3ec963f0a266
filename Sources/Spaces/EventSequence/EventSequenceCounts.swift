public import Records

/// Sizes of the network that an architecture makes of data of given dimensions.
///
/// Letters as in ``EventSequenceDimensions``; m is the width of a part, q the number of heads, k the stem's kernel size,
/// L_e and L_d the numbers of encoder and decoder layers. All functions throw
/// ``EventSequenceError/numericFeatures(architectureHasStem:dataHasNumericFeatures:)`` when only one of architecture and data
/// has numeric features.
public enum EventSequenceCounts {
  /// Trainable scalars of the real, pruned network.
  ///
  /// One subset a layer, exactly q heads and their one norm and projection, the stem's chosen kernel, the query table
  /// only where a decoder uses it, the scale of each head (1), no layer that is never used. Batch norm counts its scale
  /// and shift, not its running statistics.
  public static func parameterCount(
    _ architecture: EventSequenceArchitecture, _ dimensions: EventSequenceDimensions
  ) throws -> Int {
    let d = dimensions.channels
    let h = dimensions.hidden
    var count = try stemParameters(architecture, dimensions) + headParameters(dimensions)
    for layer in architecture.encoder {
      let operations = layer.operations.operations
      let widths = dimensions.partWidths(count: operations.count)
      count += 2 * normParameters(d) + feedForwardParameters(d, h)
      for (operation, m) in zip(operations, widths) {
        switch operation {
        case .attention: count += attentionParameters(m, h, heads: layer.attentionHeads ?? 0)
        case .gru: count += gruParameters(m)
        case .convolution: count += convolutionParameters(m)
        }
      }
    }
    for layer in architecture.decoder {
      count += 4 * normParameters(d) + feedForwardParameters(d, h)
      count += attentionParameters(d, h, heads: layer.selfHeads)
      count += attentionParameters(d, h, heads: layer.crossHeads)
    }
    if !architecture.decoder.isEmpty { count += dimensions.queryLength * d }
    return count
  }

  /// The count that the SeqNAS authors publish: every alternative of every layer at the sampled depths, and a d×d layer
  /// and a query table that are always constructed (SeqNAS release, `params` of the file names).
  public static func supernetParameterCount(
    _ architecture: EventSequenceArchitecture, _ dimensions: EventSequenceDimensions
  ) throws -> Int {
    let d = dimensions.channels
    let h = dimensions.hidden
    let neverUsed = d * d + d
    let query = dimensions.queryLength * d
    let ends = try stemParameters(architecture, dimensions) + headParameters(dimensions)
    var encoderLayer = 0
    for subset in EventSequenceArchitecture.OperationSet.allCases {
      let operations = subset.operations
      encoderLayer += 2 * normParameters(d) + feedForwardParameters(d, h)
      for (operation, m) in zip(operations, dimensions.partWidths(count: operations.count)) {
        switch operation {
        case .attention: encoderLayer += supernetAttentionParameters(m, h)
        case .gru: encoderLayer += gruParameters(m)
        case .convolution: encoderLayer += convolutionParameters(m)
        }
      }
    }
    let decoderLayer =
      4 * normParameters(d) + 2 * supernetAttentionParameters(d, h) + feedForwardParameters(d, h)
    return neverUsed + query + ends + architecture.encoder.count * encoderLayer
      + architecture.decoder.count * decoderLayer
  }

  /// 2 × multiply-adds of one forward pass of one sequence of T events, padding included.
  ///
  /// Counted: the stem's grouped convolution (n·e_n·k·T), attention projections, scores and weighted sums (softmax not),
  /// GRU gemms (6m²·T), convolutions (3m²·T), feed-forward and output layers; border taps of a convolution count as full.
  /// Not counted: table look-ups and everything element-wise or reducing — biases, norms, activations, softmax, scales,
  /// residual sums, gates, time encoding, pooling.
  public static func forwardFLOPs(
    _ architecture: EventSequenceArchitecture, _ dimensions: EventSequenceDimensions
  ) throws -> Int {
    try checkStem(architecture, dimensions)
    let d = dimensions.channels
    let h = dimensions.hidden
    let events = dimensions.sequenceLength
    let queries = dimensions.queryLength
    var multiplyAdds = d * dimensions.classCount
    if let stem = architecture.stem {
      let taps = stem.kernel.size(sequenceLength: events)
      multiplyAdds += dimensions.numericCount * dimensions.numericWidth * taps * events
    }
    for layer in architecture.encoder {
      let operations = layer.operations.operations
      multiplyAdds += 2 * d * h * events
      for (operation, m) in zip(operations, dimensions.partWidths(count: operations.count)) {
        switch operation {
        case .attention:
          multiplyAdds += attentionMultiplyAdds(m, h, heads: layer.attentionHeads ?? 0, from: events, to: events)
        case .gru: multiplyAdds += 6 * m * m * events
        case .convolution: multiplyAdds += 3 * m * m * events
        }
      }
    }
    for layer in architecture.decoder {
      multiplyAdds += 2 * d * h * queries
      multiplyAdds += attentionMultiplyAdds(d, h, heads: layer.selfHeads, from: queries, to: queries)
      multiplyAdds += attentionMultiplyAdds(d, h, heads: layer.crossHeads, from: queries, to: events)
    }
    return 2 * multiplyAdds
  }

  /// All three, as a run record keeps them.
  public static func counts(
    _ architecture: EventSequenceArchitecture, _ dimensions: EventSequenceDimensions
  ) throws -> Counts {
    try Counts(
      parameters: parameterCount(architecture, dimensions),
      supernetParameters: supernetParameterCount(architecture, dimensions),
      flops: forwardFLOPs(architecture, dimensions))
  }

  private static func checkStem(
    _ architecture: EventSequenceArchitecture, _ dimensions: EventSequenceDimensions
  ) throws {
    let hasStem = architecture.stem != nil
    guard hasStem == dimensions.hasNumericFeatures else {
      throw EventSequenceError.numericFeatures(
        architectureHasStem: hasStem, dataHasNumericFeatures: dimensions.hasNumericFeatures)
    }
  }

  /// Embedding tables, batch norm over the n numeric features, and their grouped convolution with bias.
  private static func stemParameters(
    _ architecture: EventSequenceArchitecture, _ dimensions: EventSequenceDimensions
  ) throws -> Int {
    try checkStem(architecture, dimensions)
    var count = 0
    for (cardinality, width) in zip(dimensions.categoricalCardinalities, dimensions.categoricalWidths) {
      count += (cardinality + 1) * width
    }
    if let stem = architecture.stem {
      let taps = stem.kernel.size(sequenceLength: dimensions.sequenceLength)
      count += 2 * dimensions.numericCount + dimensions.numericCount * dimensions.numericWidth * (taps + 1)
    }
    return count
  }

  private static func headParameters(_ dimensions: EventSequenceDimensions) -> Int {
    (dimensions.channels + 1) * dimensions.classCount
  }

  /// Layer norm.
  private static func normParameters(_ width: Int) -> Int { 2 * width }

  /// LN(d) → Linear(d, h) → Mish → LN(h) → Linear(h, d).
  private static func feedForwardParameters(_ d: Int, _ h: Int) -> Int {
    normParameters(d) + (d + 1) * h + normParameters(h) + (h + 1) * d
  }

  /// One head: q, k and v with bias, and a scale.
  private static func attentionHeadParameters(_ m: Int, _ h: Int) -> Int { 3 * (m + 1) * h + 1 }

  /// LN(q·h) → Linear(q·h, m).
  private static func attentionOutputParameters(_ m: Int, _ h: Int, heads: Int) -> Int {
    normParameters(heads * h) + (heads * h + 1) * m
  }

  private static func attentionParameters(_ m: Int, _ h: Int, heads: Int) -> Int {
    heads * attentionHeadParameters(m, h) + attentionOutputParameters(m, h, heads: heads)
  }

  /// Eight heads, and one output for each number of heads.
  private static func supernetAttentionParameters(_ m: Int, _ h: Int) -> Int {
    EventSequenceArchitecture.headCounts.reduce(8 * attentionHeadParameters(m, h)) {
      $0 + attentionOutputParameters(m, h, heads: $1)
    }
  }

  /// Two gemms of 3m×m, two biases of 3m.
  private static func gruParameters(_ m: Int) -> Int { 6 * m * m + 6 * m }

  /// m×m×3 and a bias.
  private static func convolutionParameters(_ m: Int) -> Int { 3 * m * m + m }

  /// Projections of `from` queries and `to` keys and values, scores, weighted sums, output projection.
  private static func attentionMultiplyAdds(_ m: Int, _ h: Int, heads: Int, from: Int, to: Int) -> Int {
    heads * (m * h * (from + 2 * to) + 2 * from * to * h) + heads * h * m * from
  }
}
