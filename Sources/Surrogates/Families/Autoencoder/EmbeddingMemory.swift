import Records

/// Embeddings of training architectures, each with the row that it was made from; a row may have many.
struct EmbeddingMemory: Sendable {
  let width: Int
  /// One training row an embedding.
  private(set) var rows: [Int32] = []
  /// width numbers an embedding.
  private(set) var numbers: [Float] = []

  init(width: Int) { self.width = width }

  /// Throws ``DamagedArchive`` for numbers that are not those of so many `rows` below `limit`.
  init(width: Int, rows: [Int32], numbers: [Float], below limit: Int) throws {
    guard !rows.isEmpty, numbers.count == rows.count * width, numbers.allSatisfy(\.isFinite),
      rows.allSatisfy({ $0 >= 0 && Int($0) < limit })
    else { throw DamagedArchive("its embeddings do not fit its values") }
    self.width = width
    self.rows = rows
    self.numbers = numbers
  }

  mutating func append(row: Int, _ number: (_ channel: Int) -> Float) {
    rows.append(Int32(row))
    for channel in 0..<width { numbers.append(number(channel)) }
  }

  /// How much each training row counts for `query`, of the k nearest embeddings (Euclidean) but those of the row
  /// `except`: 1/distance, summing to 1. Of equally near ones, the earlier.
  func weights(of query: [Float], nearest k: Int, except: Int? = nil) -> [(row: Int, weight: Double)] {
    var nearest: [(distance: Float, row: Int)] = []
    nearest.reserveCapacity(k + 1)
    numbers.withUnsafeBufferPointer { numbers in
      query.withUnsafeBufferPointer { query in
        for (index, row) in rows.enumerated() where except != Int(row) {
          var distance: Float = 0
          for channel in 0..<width {
            let difference = numbers[index * width + channel] - query[channel]
            distance += difference * difference
          }
          if nearest.count == k, distance >= nearest[k - 1].distance { continue }
          let place = nearest.lastIndex { $0.distance <= distance }.map { $0 + 1 } ?? 0
          nearest.insert((distance, Int(row)), at: place)
          if nearest.count > k { nearest.removeLast() }
        }
      }
    }
    // An embedding that is the query itself would count without bound.
    let inverses = nearest.map { 1 / max(Double($0.distance).squareRoot(), 1e-6) }
    let total = inverses.reduce(0, +)
    var shares: [Int: Double] = [:]
    for (neighbor, inverse) in zip(nearest, inverses) { shares[neighbor.row, default: 0] += inverse / total }
    return shares.sorted { $0.key < $1.key }.map { (row: $0.key, weight: $0.value) }
  }
}
