import Records

extension GridSpace {
  /// `name=value` for each parameter in order, between commas.
  public func canonicalText(_ architecture: GridArchitecture) -> String {
    zip(definition.parameters, zip(spellings, architecture.choices)).map { parameter, choice in
      "\(parameter.name)=\(choice.0[choice.1])"
    }.joined(separator: ",")
  }

  /// Reads ``canonicalText(_:)``, with every parameter once, in any order and any case, with white space around it; a
  /// number may be spelled in another way that reads as the same number.
  ///
  /// Throws ``SpacesError/text(section:column:found:allowed:suggestion:)`` for all else.
  public func parse(_ text: String) throws -> GridArchitecture {
    GridArchitecture(
      choices: try definition.fields(text, maximumLength: maximumTextLength, allowed: { spellings[$0] }) {
        word, parameter in
        definition.parameters[parameter].place(spelledBy: word, spellings[parameter])
      })
  }

  /// Twice what the longest canonical text needs, so that longer spellings of numbers fit.
  private var maximumTextLength: Int {
    zip(definition.parameters, spellings).reduce(256) { length, parameter in
      length + 2 * (parameter.0.name.utf8.count + 2 + (parameter.1.map(\.utf8.count).max() ?? 0))
    }
  }
}
