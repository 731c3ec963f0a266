extension GridDefinition {
  /// The parameters as choices.
  var choices: SpaceChoices {
    SpaceChoices(
      parameters.map { parameter in
        parameter.range.map { SpaceChoices.Choice(parameter.name, in: $0) }
          ?? SpaceChoices.Choice(parameter.name, parameter.values, isOrdered: parameter.kind == .ordinal)
      },
      template: parameters.map { "\($0.name)={\($0.name)}" }.joined(separator: ","))
  }
}

extension GridSpace {
  /// The parameters.
  public var choices: SpaceChoices? { definition.choices }
}
