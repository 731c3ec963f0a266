public import Records

extension EventSequenceSpace {
  /// The architectures that differ in one choice.
  ///
  /// - a switch: flipped; stem kernel, pooling, a number of heads: any other value;
  /// - an encoder layer's operations: any other subset; heads stay where both subsets have attention, go where the new
  ///   one has none, and take each of 1, 2, 4, 8 where only the new one has it;
  /// - depth moves one step along off–1–2–4 (encoder) or off–1–2 (decoder): going down drops the last layers, going up
  ///   appends any layers.
  ///
  /// The relation is symmetric and the space connected.
  /// There are 40 to 429 neighbors (36 to 425 without a stem): most where an encoder of two
  /// layers may grow to four in 19² ways.
  public func neighbors(of architecture: Architecture) -> [Architecture] {
    architecture.genes.flatMap { architecture.neighbors(changing: $0) }
  }

  /// Picks one of the choices that have an effect, uniformly, and re-draws it among its other values: the result is one
  /// of ``neighbors(of:)``.
  ///
  /// Depth moves one step, up or down with equal probability where both are possible, and appended layers come from the
  /// sampling distribution; a subset is uniform over the other six, and heads that appear with it are uniform.
  public func mutate(_ architecture: Architecture, using generator: inout SeededGenerator) -> Architecture {
    let gene = generator.pick(architecture.genes)
    switch gene {
    case .encoderDepth:
      let depth = generator.pick(adjacentDepths(to: architecture.encoder.count, in: Architecture.encoderDepths))
      var encoder = Array(architecture.encoder.prefix(depth))
      while encoder.count < depth { encoder.append(.sample(using: &generator)) }
      return architecture.changed { $0.encoder = encoder }
    case .decoderDepth:
      let depth = generator.pick(adjacentDepths(to: architecture.decoder.count, in: Architecture.decoderDepths))
      var decoder = Array(architecture.decoder.prefix(depth))
      while decoder.count < depth { decoder.append(.sample(using: &generator)) }
      return architecture.changed { $0.decoder = decoder }
    case .operations(let index):
      let layer = architecture.encoder[index]
      let operations = generator.pick(Architecture.OperationSet.allCases.filter { $0 != layer.operations })
      var heads: Int?
      if operations.contains(.attention) { heads = layer.attentionHeads ?? generator.pick(Architecture.headCounts) }
      return architecture.changed { $0.encoder[index] = .init(trusted: operations, attentionHeads: heads) }
    default:
      return generator.pick(architecture.neighbors(changing: gene))
    }
  }

  /// Takes each choice from either parent with equal probability.
  ///
  /// Depths are choices; then each layer that exists takes its operations, its heads and its numbers of decoder heads from
  /// the parents that have them: from either where both do, else from the one. The child of equal parents is their equal.
  public func crossOver(
    _ first: Architecture, _ second: Architecture, using generator: inout SeededGenerator
  ) -> Architecture {
    precondition(contains(first) && contains(second), "parents must be of this space")
    let parents = [first, second]
    var stem: Architecture.Stem?
    let stems = parents.compactMap(\.stem)
    if !stems.isEmpty {
      let kernel = generator.pick(stems).kernel
      stem = Architecture.Stem(kernel: kernel, dropout: generator.pick(stems).dropout)
    }
    let timeEncoding = generator.pick(parents).timeEncoding
    let encoderDepth = generator.pick(parents).encoder.count
    let encoder = (0..<encoderDepth).map { index in
      let layers = parents.compactMap { index < $0.encoder.count ? $0.encoder[index] : nil }
      let operations = generator.pick(layers).operations
      let heads = operations.contains(.attention) ? generator.pick(layers.compactMap(\.attentionHeads)) : nil
      return Architecture.EncoderLayer(trusted: operations, attentionHeads: heads)
    }
    let decoderDepth = generator.pick(parents).decoder.count
    let decoder = (0..<decoderDepth).map { index in
      let layers = parents.compactMap { index < $0.decoder.count ? $0.decoder[index] : nil }
      let selfHeads = generator.pick(layers).selfHeads
      return Architecture.DecoderLayer(trustedSelfHeads: selfHeads, crossHeads: generator.pick(layers).crossHeads)
    }
    let spatialDropout = generator.pick(parents).head.spatialDropout
    let pooling = generator.pick(parents).head.pooling
    return Architecture(
      trusted: stem, timeEncoding: timeEncoding, encoder: encoder, decoder: decoder,
      head: .init(spatialDropout: spatialDropout, pooling: pooling))
  }
}
