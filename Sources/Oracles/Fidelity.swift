/// How much of a run an optimizer looks at: up to a position on the axis of its protocol, nearly always an epoch.
public enum Fidelity: Hashable, Sendable, Codable {
  /// All that the oracle's question asks for, for example the best or the last epoch.
  case full
  /// Up to a position, counted from 1.
  case position(Int)
}

extension Fidelity: Comparable {
  /// `full` comes last.
  public static func < (left: Fidelity, right: Fidelity) -> Bool {
    switch (left, right) {
    case (.position(let left), .position(let right)): left < right
    case (.position, .full): true
    case (.full, _): false
    }
  }
}
