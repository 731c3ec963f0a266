/// One split of an event-sequence data set as contiguous row-major arrays: N sequences, T events each, C categorical
/// and M numeric features an event.
///
/// Events stand at the front in order of time: event t of sequence i is at row i·T + t. Positions t ≥ `lengths[i]` are
/// padding: time 1, every code 0, every number 0. A mask is therefore `t < lengths[i]`; none is stored.
public struct EventSplit: Sendable, Hashable {
  /// N, the number of sequences.
  public let count: Int
  /// N: real events of each sequence, 1...T.
  public let lengths: [Int32]
  /// N×T: times scaled to [0, 1] by the least and greatest over the kept events of the train split, clipped; padding
  /// is 1.
  public let times: [Float]
  /// N×T×C: codes. 0 is missing, unseen in the train split, or padding; the categories seen there count from 1.
  public let categorical: [UInt16]
  /// N×T×M: values in the units of the source. Missing values and padding are 0; never NaN or infinite.
  public let numeric: [Float]
  /// N: classes, 0..<classCount.
  public let labels: [Int32]

  /// Joins the arrays of a split.
  ///
  /// The sizes must agree: `times.count` is N·T, `categorical.count` N·T·C, `numeric.count` N·T·M.
  public init(
    lengths: [Int32], times: [Float], categorical: [UInt16], numeric: [Float], labels: [Int32]
  ) {
    let count = lengths.count
    precondition(labels.count == count, "one label a sequence")
    precondition(
      count == 0
        ? times.isEmpty && categorical.isEmpty && numeric.isEmpty
        : times.count % count == 0 && !times.isEmpty
          && categorical.count % times.count == 0 && numeric.count % times.count == 0,
      "array sizes must be N×T, N×T×C and N×T×M")
    self.count = count
    self.lengths = lengths
    self.times = times
    self.categorical = categorical
    self.numeric = numeric
    self.labels = labels
  }
}
