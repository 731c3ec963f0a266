import Foundation

extension EventSequenceDimensions {
  /// min(600, round(1.6 · K^0.56)), ties to even as Python rounds.
  static func automaticWidth(cardinality: Int) -> Int {
    Int(min(600, (1.6 * pow(Double(cardinality), 0.56)).rounded(.toNearestOrEven)))
  }

  /// Checks each size before anything is multiplied, so that no sum below can overflow.
  func validate() throws {
    let most = Self.maximumChannels
    try check("the number of categorical features", categoricalCardinalities.count, 0...most)
    for (index, cardinality) in categoricalCardinalities.enumerated() {
      try check("the cardinality of categorical feature \(index)", cardinality, 1...(1 << 24))
    }
    try check("the number of numeric features", numericCount, 0...most)
    try check("the sequence length", sequenceLength, 1...most)
    try check("the number of classes", classCount, 2...most)
    try check("the hidden width", hidden, 1...(1 << 14))
    if case .fixed(let width) = categoricalEmbedding {
      try check("the categorical embedding", width, 1...most)
    }
    if case .fixed(let width) = numericEmbedding {
      try check("the numeric embedding", width, 1...most)
    } else if numericCount > 0, categoricalCardinalities.isEmpty {
      throw EventSequenceError.automaticNumericWidth
    }
    let found = channels
    guard found == 3 || (5...most).contains(found) else { throw EventSequenceError.channels(found: found) }
  }

  private func check(_ name: String, _ value: Int, _ allowed: ClosedRange<Int>) throws {
    guard allowed.contains(value) else {
      throw EventSequenceError.dimension(name: name, found: value, allowed: allowed)
    }
  }
}
