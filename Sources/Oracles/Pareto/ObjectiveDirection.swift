/// Whether less or more of an objective is better.
public enum ObjectiveDirection: String, Hashable, Sendable, Codable, CaseIterable {
  case minimise, maximise
}
