import Records

extension GridSpace {
  /// The parameters.
  public var traits: [ArchitectureTrait] { definition.parameters.map { .parameter($0.name) } }

  public func value(of trait: ArchitectureTrait, in architecture: GridArchitecture) -> ArchitectureTrait.Value? {
    guard case .parameter(let name) = trait, let place = definition.parameters.firstIndex(where: { $0.name == name })
    else { return nil }
    if let number = values(of: architecture)[place].number { return .number(number) }
    return .text(spellings[place][architecture.choices[place]])
  }

  /// The values of each parameter.
  public var slotGroups: [SlotGroup]? { zip(definition.parameters, spellings).map { SlotGroup($0.name, $1) } }
}
