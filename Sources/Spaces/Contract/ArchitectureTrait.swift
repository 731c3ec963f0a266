/// What every architecture of a space is, apart from how it was trained: what filters may ask of it.
public enum ArchitectureTrait: Hashable, Sendable {
  /// A named choice, such as a parameter of a grid or the channels of a stage.
  case parameter(String)
  /// How many times an operation occurs, dead ones included.
  case count(of: String)
  /// The most operations on a way from the input to the output. `skip` and `none` do not count; 0 where no way is left.
  case depth

  public enum Value: Hashable, Sendable {
    case number(Double)
    case text(String)
  }
}
