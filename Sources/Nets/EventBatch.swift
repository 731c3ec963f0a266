/// Rows that go through a network together. Row-major; the caller owns the memory while the call lasts.
public struct EventBatch {
  /// Rows, at most the network's batch size.
  public var count: Int
  /// B: real positions of each row, 1…T; the rest is padding.
  public var lengths: UnsafePointer<Int32>
  /// B×T, in [0, 1]; 1 at padding.
  public var times: UnsafePointer<Float>
  /// B×T×C codes; 0 at padding.
  public var categorical: UnsafePointer<UInt16>
  /// B×T×M; 0 at padding.
  public var numeric: UnsafePointer<Float>

  public init(
    count: Int, lengths: UnsafePointer<Int32>, times: UnsafePointer<Float>, categorical: UnsafePointer<UInt16>,
    numeric: UnsafePointer<Float>
  ) {
    self.count = count
    self.lengths = lengths
    self.times = times
    self.categorical = categorical
    self.numeric = numeric
  }
}
