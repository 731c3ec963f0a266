/// A point of a grid: for each parameter, in order, the index of its value.
public struct GridArchitecture: Hashable, Sendable {
  public let choices: [Int]

  public init(choices: [Int]) { self.choices = choices }
}
