import Datasets
import Nets

/// Gathers rows of a split into the memory of one batch.
final class BatchLoader {
  private let dataset: EventDataset
  let capacity: Int
  private let lengths: UnsafeMutablePointer<Int32>
  private let times: UnsafeMutablePointer<Float>
  private let categorical: UnsafeMutablePointer<UInt16>
  private let numeric: UnsafeMutablePointer<Float>
  /// Labels of the gathered rows.
  let labels: UnsafeMutablePointer<Int32>

  init(_ dataset: EventDataset, capacity: Int) {
    self.dataset = dataset
    self.capacity = capacity
    let positions = capacity * dataset.sequenceLength
    lengths = .allocate(capacity: capacity)
    times = .allocate(capacity: positions)
    categorical = .allocate(capacity: max(1, positions * dataset.categoricalCardinalities.count))
    numeric = .allocate(capacity: max(1, positions * dataset.numericCount))
    labels = .allocate(capacity: capacity)
  }

  deinit {
    lengths.deallocate()
    times.deallocate()
    categorical.deallocate()
    numeric.deallocate()
    labels.deallocate()
  }

  /// The batch of rows `order[first..<first + count]` of a split; valid until the next call.
  func gather(_ split: EventSplit, _ order: [Int32], _ first: Int, _ count: Int) -> EventBatch {
    precondition(count <= capacity)
    for row in 0..<count {
      let source = Int(order[first + row])
      lengths[row] = split.lengths[source]
      labels[row] = split.labels[source]
      copy(split.times, source, row, dataset.sequenceLength, into: times)
      copy(
        split.categorical, source, row, dataset.sequenceLength * dataset.categoricalCardinalities.count,
        into: categorical)
      copy(split.numeric, source, row, dataset.sequenceLength * dataset.numericCount, into: numeric)
    }
    return EventBatch(
      count: count, lengths: UnsafePointer(lengths), times: UnsafePointer(times),
      categorical: UnsafePointer(categorical), numeric: UnsafePointer(numeric))
  }

  private func copy<T>(_ values: [T], _ source: Int, _ row: Int, _ width: Int, into target: UnsafeMutablePointer<T>) {
    guard width > 0 else { return }
    values.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      (target + row * width).update(from: base + source * width, count: width)
    }
  }
}
