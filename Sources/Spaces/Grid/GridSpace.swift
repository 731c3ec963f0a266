public import Records

/// All combinations of the listed values of named parameters: the space of tables such as FCNet (62,208) and HPOBench
/// (30,000). A grid with a range is a ``PointSpace``.
public struct GridSpace: Space {
  public typealias Architecture = GridArchitecture

  public let definition: GridDefinition
  public let architectureCount: UInt64
  /// For each parameter how its values are written.
  public let spellings: [[String]]

  /// Throws ``SpacesError/definition(space:problem:allowed:)`` for what is no grid.
  public init(_ definition: GridDefinition) throws {
    if let parameter = definition.parameters.first(where: { $0.range != nil }) {
      throw SpacesError.definition(
        space: definition.name, problem: "\(parameter.name.debugDescription) is a range", allowed: "listed values")
    }
    self.definition = definition
    spellings = try definition.spellings()
    var count: UInt64 = 1
    for values in spellings {
      let (product, overflow) = count.multipliedReportingOverflow(by: UInt64(values.count))
      guard !overflow else {
        throw SpacesError.definition(
          space: definition.name, problem: "it has more architectures than can be counted",
          allowed: "\(UInt64.max) architectures")
      }
      count = product
    }
    architectureCount = count
  }

  public var name: String { definition.name }

  public func contains(_ architecture: GridArchitecture) -> Bool {
    architecture.choices.count == spellings.count
      && zip(architecture.choices, spellings).allSatisfy { $1.indices.contains($0) }
  }

  /// The architecture at `index` below ``architectureCount``: the last parameter changes fastest.
  public func architecture(at index: UInt64) -> GridArchitecture {
    precondition(index < architectureCount, "the index must be below the number of architectures")
    var rest = index
    let reversed = spellings.reversed().map { values in
      defer { rest /= UInt64(values.count) }
      return Int(rest % UInt64(values.count))
    }
    return GridArchitecture(choices: reversed.reversed())
  }

  /// The value of each parameter, in order.
  public func values(of architecture: GridArchitecture) -> [JSONValue] {
    zip(definition.parameters, architecture.choices).map { $0.values[$1] }
  }

  /// Each value uniform.
  public func sample(using generator: inout SeededGenerator) -> GridArchitecture {
    GridArchitecture(choices: spellings.map { generator.integer(below: $0.count) })
  }

  /// The points that differ in one parameter: an ordinal one by one step, a categorical one in any way.
  public func neighbors(of architecture: GridArchitecture) -> [GridArchitecture] {
    spellings.indices.flatMap { parameter in
      alternatives(to: architecture, in: parameter).map { changed(architecture, parameter, $0) }
    }
  }

  /// One of ``neighbors(of:)``: a uniform parameter of two values or more, then a uniform change of it.
  public func mutate(
    _ architecture: GridArchitecture, using generator: inout SeededGenerator
  ) -> GridArchitecture {
    let parameter = generator.pick(spellings.indices.filter { spellings[$0].count > 1 })
    return changed(architecture, parameter, generator.pick(alternatives(to: architecture, in: parameter)))
  }

  /// Takes each value from either parent with equal probability.
  public func crossOver(
    _ first: GridArchitecture, _ second: GridArchitecture, using generator: inout SeededGenerator
  ) -> GridArchitecture {
    precondition(contains(first) && contains(second), "parents must be of this space")
    return GridArchitecture(choices: zip(first.choices, second.choices).map { generator.chance(0.5) ? $0 : $1 })
  }

  private func alternatives(to architecture: GridArchitecture, in parameter: Int) -> [Int] {
    definition.parameters[parameter].alternatives(to: architecture.choices[parameter])
  }

  private func changed(_ architecture: GridArchitecture, _ parameter: Int, _ choice: Int) -> GridArchitecture {
    var choices = architecture.choices
    choices[parameter] = choice
    return GridArchitecture(choices: choices)
  }
}
