public import Records

/// An event-sequence classification data set, split once and for all, ready to train on.
public struct EventDataset: Sendable, Hashable {
  /// Name, digest, license, citation, class balance and known defects.
  public let card: DatasetCard
  /// T: the last events kept of each sequence; shorter ones are padded at the end.
  public let sequenceLength: Int
  /// K of each of the C categorical features: the largest code plus one, where code 0 is missing, unseen or padding.
  public let categoricalCardinalities: [Int]
  /// M: numeric features of an event.
  public let numericCount: Int
  public let classCount: Int
  public let train: EventSplit
  public let validation: EventSplit
  public let test: EventSplit

  /// Joins card and splits. Every split must have the shape that `sequenceLength`, `categoricalCardinalities` and
  /// `numericCount` say.
  public init(
    card: DatasetCard, sequenceLength: Int, categoricalCardinalities: [Int], numericCount: Int, classCount: Int,
    train: EventSplit, validation: EventSplit, test: EventSplit
  ) {
    for split in [train, validation, test] {
      let rows = split.count * sequenceLength
      precondition(split.times.count == rows, "times must be N×T")
      precondition(split.categorical.count == rows * categoricalCardinalities.count, "categorical must be N×T×C")
      precondition(split.numeric.count == rows * numericCount, "numeric must be N×T×M")
    }
    self.card = card
    self.sequenceLength = sequenceLength
    self.categoricalCardinalities = categoricalCardinalities
    self.numericCount = numericCount
    self.classCount = classCount
    self.train = train
    self.validation = validation
    self.test = test
  }

  /// The rows of one of ``Split/parts``.
  public subscript(split: Split) -> EventSplit {
    switch split {
    case .train: train
    case .validation: validation
    case .test: test
    case .valtest: preconditionFailure("valtest is no part of a data set")
    }
  }
}
