import Spaces
import Synchronization

/// The architectures of an atlas as points, of a space in which distances say which are neighbors.
struct Points: Sendable {
  /// Canonical texts, in the order of the atlas.
  let texts: [String]
  private let rules: any TextualSpace
  private let encoding: String
  /// One row after the other, each as long as an encoded architecture.
  private let numbers: [Double]

  init(texts: [String], rules: any TextualSpace, encoding: String) throws {
    self.texts = texts
    self.rules = rules
    self.encoding = encoding
    numbers = try texts.flatMap { try rules.encode($0, as: encoding) }
  }

  /// As many as steps lead down and up.
  var neighborCount: Int { 2 * (rules.choices?.choices.count ?? 1) }

  /// The places of the points nearest to `text` by Euclidean distance, itself left out: the nearest first, equal distances
  /// in the order of the atlas. O(points).
  func nearest(to text: String, count: Int) throws -> [Int] {
    let canonical = try rules.canonicalText(of: text)
    let centre = try rules.encode(canonical, as: encoding)
    let distances = texts.indices.map { row in
      var sum = 0.0
      for (column, value) in centre.enumerated() {
        let difference = numbers[row * centre.count + column] - value
        sum += difference * difference
      }
      return sum
    }
    let others = texts.indices.filter { texts[$0] != canonical }
    return Array(others.sorted { (distances[$0], $0) < (distances[$1], $1) }.prefix(count))
  }
}

/// The points of each space, read once.
final class PointTables: Sendable {
  private let tables = Mutex<[String: Points]>([:])

  func points(of space: String, _ read: () throws -> Points) throws -> Points {
    if let known = tables.withLock({ $0[space] }) { return known }
    let made = try read()
    tables.withLock { $0[space] = made }
    return made
  }
}
