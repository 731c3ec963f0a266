public import Records

/// A grid in which some parameters are numbers from ranges: hyperparameters drawn at random, such as those of LCBench.
///
/// An architecture is a point: for each parameter a listed value, or a number. A table has a few of the points, so the
/// neighbors of one of them in a table are the nearest points (see ``distanceEncoding``); ``neighbors(of:)`` are steps,
/// for searches that train.
public struct PointSpace: TextualSpace {
  public let definition: GridDefinition
  private let spellings: [[String]]

  /// For each parameter the place of a listed value, or the number.
  private typealias Point = [Double]

  /// Throws ``SpacesError/definition(space:problem:allowed:)`` for what is no grid.
  public init(_ definition: GridDefinition) throws {
    self.definition = definition
    spellings = try definition.spellings()
  }

  public var name: String { definition.name }
  public var kind: String { "grid" }

  /// Nil where a parameter is real, and above 2⁶⁴ − 1.
  public var architectureCount: UInt64? { definition.choices.configurationCount }

  public var choices: SpaceChoices? { definition.choices }

  // MARK: Text

  /// `name=value` for each parameter in order, between commas; a number as canonical JSON has it.
  public func canonicalText(of anyForm: String) throws -> String { text(try point(anyForm)) }

  private func point(_ text: String) throws -> Point {
    // Longer spellings of numbers fit too.
    let length = zip(definition.parameters, spellings).reduce(256) { length, parameter in
      length + 2 * (parameter.0.name.utf8.count + max(32, parameter.1.map(\.utf8.count).max() ?? 0))
    }
    return try definition.fields(text, maximumLength: length, allowed: allowed) { word, place in
      let parameter = definition.parameters[place]
      if let range = parameter.range { return range.value(spelledBy: word.text)?.number }
      return parameter.place(spelledBy: word, spellings[place]).map(Double.init)
    }
  }

  private func allowed(_ place: Int) -> [String] {
    definition.parameters[place].range.map { [$0.words] } ?? spellings[place]
  }

  private func text(_ point: Point) -> String {
    point.indices.map { "\(definition.parameters[$0].name)=\(word(point, $0))" }.joined(separator: ",")
  }

  private func word(_ point: Point, _ place: Int) -> String {
    definition.parameters[place].range.map { $0.value(of: point[place]).plainText }
      ?? spellings[place][Int(point[place])]
  }

  // MARK: Moves

  /// Each listed value uniform, each number as ``ParameterRange/draw(using:)``.
  public func sample(using generator: inout SeededGenerator) throws -> String {
    text(
      definition.parameters.map { parameter in
        parameter.range?.draw(using: &generator) ?? Double(generator.integer(below: parameter.values.count))
      })
  }

  /// The points that differ in one parameter: a number by a twentieth of its range, an ordinal value by one step, a
  /// categorical one in any way. Steps of numbers are rounded, so a step back need not end where it began.
  public func neighbors(of canonicalText: String) throws -> [String] {
    let point = try point(canonicalText)
    return point.indices.flatMap { place in
      let parameter = definition.parameters[place]
      let others =
        parameter.range?.steps(from: point[place])
        ?? parameter.alternatives(to: Int(point[place])).map(Double.init)
      return others.map { text(changed(point, place, $0)) }
    }
  }

  /// Changes a uniform parameter of two values or more: a listed value to a neighbor, a number by up to a fifth of its
  /// range.
  public func mutate(_ canonicalText: String, using generator: inout SeededGenerator) throws -> String {
    let point = try point(canonicalText)
    let changeable = point.indices.filter { definition.parameters[$0].values.count != 1 }
    let place = generator.pick(changeable)
    let parameter = definition.parameters[place]
    let other =
      parameter.range?.mutated(point[place], using: &generator)
      ?? Double(generator.pick(parameter.alternatives(to: Int(point[place]))))
    return text(changed(point, place, other))
  }

  /// Takes each value from either parent with equal probability.
  public func crossOver(_ first: String, _ second: String, using generator: inout SeededGenerator) throws -> String {
    text(zip(try point(first), try point(second)).map { generator.chance(0.5) ? $0 : $1 })
  }

  private func changed(_ point: Point, _ place: Int, _ other: Double) -> Point {
    var changed = point
    changed[place] = other
    return changed
  }

  // MARK: Numbers

  /// `scaled`: numbers and ordinal values from 0 to 1, the former by their position in the range; categorical values
  /// one-hot.
  public var encodings: [String] { ["scaled"] }

  public func encode(_ canonicalText: String, as encoding: String) throws -> [Double] {
    guard encoding == "scaled" else {
      throw SpacesError.unknownEncoding(space: name, name: encoding, known: encodings)
    }
    return zip(definition.parameters, try point(canonicalText)).flatMap { parameter, value in
      parameter.range.map { [$0.position(of: value)] } ?? parameter.scaled(Int(value))
    }
  }

  public var distanceEncoding: String? { "scaled" }

  // MARK: Description

  /// No published table names its points otherwise.
  public func identifiers(of canonicalText: String) throws -> [(name: String, value: String)] {
    _ = try point(canonicalText)
    return []
  }

  /// The parameters.
  public var traits: [ArchitectureTrait] { definition.parameters.map { .parameter($0.name) } }

  public func value(of trait: ArchitectureTrait, in canonicalText: String) throws -> ArchitectureTrait.Value? {
    let point = try point(canonicalText)
    guard case .parameter(let name) = trait, let place = definition.parameters.firstIndex(where: { $0.name == name })
    else { return nil }
    let parameter = definition.parameters[place]
    if let number = parameter.range == nil ? parameter.values[Int(point[place])].number : point[place] {
      return .number(number)
    }
    return .text(word(point, place))
  }
}
