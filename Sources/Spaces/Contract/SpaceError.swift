public import Records

/// What is wrong with an architecture, its spelling, its encoding or the sizes that it is built for. ``SpacesError`` has
/// what any space may throw; a space with rules of its own has an error of its own beside them.
public protocol SpaceError: UserFacingError {}

extension SpaceError {
  public var exitStatus: ExitStatus { .dataError }
}

func quoted(_ text: String) -> String {
  text.isEmpty ? "an empty text" : text.debugDescription
}

func range(_ allowed: ClosedRange<Int>) -> String {
  allowed.count == 1 ? "\(allowed.lowerBound)" : "\(allowed.lowerBound) to \(allowed.upperBound)"
}

func list(_ values: [some Any]) -> String {
  values.map { "\($0)" }.joined(separator: ", ")
}

/// The first 20 of `values`, and how many there are.
func shortened(_ values: [String]) -> [String] {
  values.count <= 20 ? values : values.prefix(20) + ["… (\(values.count) values)"]
}

func shortList(_ values: [String]) -> String { list(shortened(values)) }
