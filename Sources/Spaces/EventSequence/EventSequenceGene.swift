/// One choice that an architecture of the SeqNAS space makes; `layer` counts from 0.
enum EventSequenceGene: Hashable {
  case stemKernel
  case stemDropout
  case timeEncoding
  case encoderDepth
  case operations(layer: Int)
  case attentionHeads(layer: Int)
  case decoderDepth
  case selfHeads(layer: Int)
  case crossHeads(layer: Int)
  case spatialDropout
  case pooling
}

extension EventSequenceArchitecture {
  /// The choices that have an effect: those of layers that exist, heads where there is attention.
  var genes: [EventSequenceGene] {
    var genes: [EventSequenceGene] = stem == nil ? [] : [.stemKernel, .stemDropout]
    genes += [.timeEncoding, .encoderDepth]
    for (index, layer) in encoder.enumerated() {
      genes.append(.operations(layer: index))
      if layer.attentionHeads != nil { genes.append(.attentionHeads(layer: index)) }
    }
    genes.append(.decoderDepth)
    for index in decoder.indices { genes += [.selfHeads(layer: index), .crossHeads(layer: index)] }
    return genes + [.spatialDropout, .pooling]
  }

  /// The architectures that differ in `gene` alone; see ``EventSequenceSpace/neighbors(of:)``.
  func neighbors(changing gene: EventSequenceGene) -> [Self] {
    switch gene {
    case .stemKernel:
      return others(than: stem?.kernel, in: StemKernel.allCases).map { value in changed { $0.stem?.kernel = value } }
    case .stemDropout:
      return [changed { $0.stem?.dropout.toggle() }]
    case .timeEncoding:
      return [changed { $0.timeEncoding.toggle() }]
    case .encoderDepth:
      return stacks(beside: encoder, depths: Self.encoderDepths, layers: EncoderLayer.all)
        .map { value in changed { $0.encoder = value } }
    case .operations(let layer):
      return encoder[layer].otherOperations.map { value in changed { $0.encoder[layer] = value } }
    case .attentionHeads(let layer):
      return others(than: encoder[layer].attentionHeads, in: Self.headCounts)
        .map { value in changed { $0.encoder[layer].attentionHeads = value } }
    case .decoderDepth:
      return stacks(beside: decoder, depths: Self.decoderDepths, layers: DecoderLayer.all)
        .map { value in changed { $0.decoder = value } }
    case .selfHeads(let layer):
      return others(than: decoder[layer].selfHeads, in: Self.headCounts)
        .map { value in changed { $0.decoder[layer].selfHeads = value } }
    case .crossHeads(let layer):
      return others(than: decoder[layer].crossHeads, in: Self.headCounts)
        .map { value in changed { $0.decoder[layer].crossHeads = value } }
    case .spatialDropout:
      return [changed { $0.head.spatialDropout.toggle() }]
    case .pooling:
      return others(than: head.pooling, in: Pooling.allCases).map { value in changed { $0.head.pooling = value } }
    }
  }

  func changed(_ change: (inout Self) -> Void) -> Self {
    var copy = self
    change(&copy)
    return copy
  }
}

extension EventSequenceArchitecture.EncoderLayer {
  /// Layers of another subset: heads stay where both have attention, and are any where only the other has.
  fileprivate var otherOperations: [Self] {
    Self.all.filter { other in
      guard other.operations != operations else { return false }
      guard let heads = attentionHeads, let otherHeads = other.attentionHeads else { return true }
      return heads == otherHeads
    }
  }
}

/// Depths next to `depth` on the path of `depths`.
func adjacentDepths(to depth: Int, in depths: [Int]) -> [Int] {
  [depths.last { $0 < depth }, depths.first { $0 > depth }].compactMap { $0 }
}

/// `stack` without its last layers at the depth below, and with any layers appended at the depth above.
private func stacks<Layer>(beside stack: [Layer], depths: [Int], layers: [Layer]) -> [[Layer]] {
  adjacentDepths(to: stack.count, in: depths).flatMap { depth in
    guard depth > stack.count else { return [Array(stack.prefix(depth))] }
    return (stack.count..<depth).reduce([stack]) { grown, _ in
      grown.flatMap { partial in layers.map { partial + [$0] } }
    }
  }
}

private func others<Value: Equatable>(than value: Value?, in values: [Value]) -> [Value] {
  values.filter { $0 != value }
}
