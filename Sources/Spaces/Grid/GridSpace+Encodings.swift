extension GridSpace {
  /// One slot for each value of each parameter.
  public var encodingLength: Int { spellings.reduce(0) { $0 + $1.count } }

  /// One-hot, parameter by parameter.
  public func encode(_ architecture: GridArchitecture) -> [UInt8] {
    zip(architecture.choices, spellings).flatMap { choice, values in values.indices.map { $0 == choice ? 1 : 0 } }
  }

  /// Reads ``encode(_:)``. Throws ``SpacesError/encoding(space:encoding:problem:)``.
  public func decode(_ slots: [UInt8]) throws -> GridArchitecture {
    guard slots.count == encodingLength else {
      throw failure("\(slots.count) slots instead of \(encodingLength)")
    }
    var first = 0
    let choices = try zip(definition.parameters, spellings).map { parameter, values in
      let group = slots[first..<(first + values.count)]
      first += values.count
      guard let choice = group.firstIndex(of: 1), group.count(where: { $0 == 0 }) == values.count - 1 else {
        throw failure("the slots of \(parameter.name) are not one 1 among 0")
      }
      return choice - group.startIndex
    }
    return GridArchitecture(choices: choices)
  }

  /// Ordinal parameters as one number, the index of the value divided by that of the last, 0…1 (0 for a single value);
  /// categorical ones one-hot.
  public func scaledEncoding(of architecture: GridArchitecture) -> [Double] {
    zip(definition.parameters, architecture.choices).flatMap { $0.scaled($1) }
  }

  /// The place of each parameter's value, from 0.
  public func ordinalEncoding(of architecture: GridArchitecture) -> [Double] { architecture.choices.map(Double.init) }

  private func failure(_ problem: String) -> SpacesError {
    .encoding(space: name, encoding: "one-hot", problem: problem)
  }
}
