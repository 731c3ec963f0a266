import Nets
import Records

/// Two thousand synthetic sequences of 8 to 64 events, and an endless shuffled stream of full batches: the same data as
/// the peer's in kind and size.
final class SyntheticEvents {
  private let positions = 64
  private let count = 2_000
  private var generator = SeededGenerator(seed: 0)
  private let lengths: [Int32]
  private let times: [Float]
  private let codes: [UInt16]
  private let numeric: [Float]
  private let labels: [Int32]
  private var order: [Int] = []
  private var place = 0
  private var batchLengths: [Int32] = []
  private var batchTimes: [Float] = []
  private var batchCodes: [UInt16] = []
  private var batchNumeric: [Float] = []
  private var batchLabels: [Int32] = []

  init() {
    var generator = SeededGenerator(seed: 1)
    var lengths: [Int32] = []
    var times = [Float](repeating: 1, count: count * positions)
    var codes = [UInt16](repeating: 0, count: count * positions)
    var numeric = [Float](repeating: 0, count: count * positions)
    for row in 0..<count {
      let length = 8 + generator.integer(below: positions - 7)
      lengths.append(Int32(length))
      for position in 0..<length {
        times[row * positions + position] = Float(position + 1) / Float(length)
        codes[row * positions + position] = UInt16(generator.integer(below: 101))
        numeric[row * positions + position] = Float(generator.uniform() * 2 - 1)
      }
    }
    labels = (0..<count).map { _ in Int32(generator.integer(below: 2)) }
    (self.lengths, self.times, self.codes, self.numeric) = (lengths, times, codes, numeric)
    order = Array(0..<count)
  }

  /// Gathers the next `size` rows and hands them out.
  func withBatch<T>(of size: Int, _ body: (EventBatch, UnsafePointer<Int32>) -> T) -> T {
    if place + size > count || batchLengths.count != size {
      generator.shuffle(&order)
      place = 0
      batchLengths = [Int32](repeating: 0, count: size)
      batchTimes = [Float](repeating: 0, count: size * positions)
      batchCodes = [UInt16](repeating: 0, count: size * positions)
      batchNumeric = batchTimes
      batchLabels = batchLengths
    }
    for row in 0..<size {
      let source = order[place + row]
      batchLengths[row] = lengths[source]
      batchLabels[row] = labels[source]
      for position in 0..<positions {
        batchTimes[row * positions + position] = times[source * positions + position]
        batchCodes[row * positions + position] = codes[source * positions + position]
        batchNumeric[row * positions + position] = numeric[source * positions + position]
      }
    }
    place += size
    return batchLengths.withUnsafeBufferPointer { lengths in
      batchTimes.withUnsafeBufferPointer { times in
        batchCodes.withUnsafeBufferPointer { codes in
          batchNumeric.withUnsafeBufferPointer { numeric in
            batchLabels.withUnsafeBufferPointer { labels in
              body(
                EventBatch(
                  count: size, lengths: lengths.baseAddress!, times: times.baseAddress!,
                  categorical: codes.baseAddress!, numeric: numeric.baseAddress!),
                labels.baseAddress!)
            }
          }
        }
      }
    }
  }
}
