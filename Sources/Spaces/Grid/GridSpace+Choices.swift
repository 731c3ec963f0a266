extension GridSpace {
  /// The parameters.
  public var choices: SpaceChoices? {
    SpaceChoices(
      definition.parameters.map { SpaceChoices.Choice($0.name, $0.values, isOrdered: $0.kind == .ordinal) },
      template: definition.parameters.map { "\($0.name)={\($0.name)}" }.joined(separator: ","))
  }
}
