import Records

/// What every architecture of a space is, apart from how it was trained: what filters may ask of it.
public enum ArchitectureTrait: Hashable, Sendable {
  /// A named choice, such as a parameter of a grid or the channels of a stage.
  case parameter(String)
  /// How many times an operation occurs, dead ones included.
  case count(of: String)
  /// The most operations on a way from the input to the output. `skip` and `none` do not count; 0 where no way is left.
  case depth

  public enum Value: Hashable, Sendable {
    case number(Double)
    case text(String)
  }
}

/// A space whose architectures have traits.
protocol TraitSpace: Space {
  /// All traits that architectures of the space have.
  var traits: [ArchitectureTrait] { get }
  func value(of trait: ArchitectureTrait, in architecture: Architecture) -> ArchitectureTrait.Value?
}

extension CellSpace {
  /// Counts of all operations, and the depth.
  var cellTraits: [ArchitectureTrait] { operations.map { .count(of: $0.name) } + [.depth] }

  func cellTrait(_ trait: ArchitectureTrait, of architecture: Architecture) -> ArchitectureTrait.Value? {
    switch trait {
    case .count(let name):
      operations.firstIndex { $0.name == name }.map { wanted in
        .number(Double(operations(of: architecture).count { $0 == wanted }))
      }
    case .depth: .number(Double(livePaths(of: architecture).map(\.operations.count).max() ?? 0))
    case .parameter: nil
    }
  }
}

extension NASBench201Space: TraitSpace {
  var traits: [ArchitectureTrait] { cellTraits }
  func value(of trait: ArchitectureTrait, in architecture: Architecture) -> ArchitectureTrait.Value? {
    cellTrait(trait, of: architecture)
  }
}

extension SpikeNASSpace: TraitSpace {
  var traits: [ArchitectureTrait] { cellTraits }
  func value(of trait: ArchitectureTrait, in architecture: Architecture) -> ArchitectureTrait.Value? {
    cellTrait(trait, of: architecture)
  }
}

extension NASBench101Space: TraitSpace {
  var traits: [ArchitectureTrait] { cellTraits }
  func value(of trait: ArchitectureTrait, in architecture: NASBench101Cell) -> ArchitectureTrait.Value? {
    cellTrait(trait, of: architecture)
  }
}

extension NASBenchGraphSpace: TraitSpace {
  var traits: [ArchitectureTrait] { cellTraits }
  func value(of trait: ArchitectureTrait, in architecture: NASBenchGraphCell) -> ArchitectureTrait.Value? {
    cellTrait(trait, of: architecture)
  }
}

extension GridSpace: TraitSpace {
  /// The parameters.
  var traits: [ArchitectureTrait] { definition.parameters.map { .parameter($0.name) } }

  func value(of trait: ArchitectureTrait, in architecture: GridArchitecture) -> ArchitectureTrait.Value? {
    guard case .parameter(let name) = trait, let place = definition.parameters.firstIndex(where: { $0.name == name })
    else { return nil }
    switch values(of: architecture)[place] {
    case .integer(let number): return .number(Double(number))
    case .number(let number): return .number(number)
    default: return .text(spellings[place][architecture.choices[place]])
    }
  }
}

extension NATSSizeSpace: TraitSpace {
  /// `channels_1` to `channels_5`, as its ``choices`` name them.
  var traits: [ArchitectureTrait] { (1...Architecture.stages).map { .parameter("channels_\($0)") } }

  func value(of trait: ArchitectureTrait, in architecture: NATSSizeArchitecture) -> ArchitectureTrait.Value? {
    traits.firstIndex(of: trait).map { .number(Double(architecture.channels[$0])) }
  }
}

extension EventSequenceSpace: TraitSpace {
  /// Counts of the operations of encoder layers, `att`, `gru` and `conv`; the numbers of encoder and decoder layers; and
  /// as the depth both together.
  var traits: [ArchitectureTrait] { Self.traits }

  static let traits: [ArchitectureTrait] =
    Architecture.OperationSet.allCases.prefix(3).map { .count(of: $0.spelling) } + [
      .parameter("encoder_layers"), .parameter("decoder_layers"), .depth,
    ]

  func value(of trait: ArchitectureTrait, in architecture: Architecture) -> ArchitectureTrait.Value? {
    let (encoder, decoder) = (architecture.encoder, architecture.decoder.count)
    switch trait {
    case .depth: return .number(Double(encoder.count + decoder))
    case .parameter("encoder_layers"): return .number(Double(encoder.count))
    case .parameter("decoder_layers"): return .number(Double(decoder))
    case .count(let name):
      let operation = Architecture.OperationSet.allCases.prefix(3).first { $0.spelling == name }?.operations.first
      return operation.map { operation in
        .number(Double(encoder.count { $0.operations.contains(operation) }))
      }
    case .parameter: return nil
    }
  }
}
