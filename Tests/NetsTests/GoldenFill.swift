import Foundation
import Nets

/// Tensors that follow from their names: the numbers of `tools/golden/README.md`.
enum GoldenFill {
  /// u in [0, 1) with 24 bits for element `index` of the tensor `name`.
  static func unit(_ name: String, _ index: Int) -> Float { unit(hash: hash(of: name), index) }

  /// The part of ``unit(_:_:)`` that the elements of a tensor share.
  static func hash(of name: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return hash
  }

  static func unit(hash: UInt64, _ index: Int) -> Float {
    var x = hash &+ UInt64(index + 1) &* 0x9e37_79b9_7f4a_7c15
    x = (x ^ (x >> 30)) &* 0xbf58_476d_1ce4_e5b9
    x = (x ^ (x >> 27)) &* 0x94d0_49bb_1331_11eb
    x ^= x >> 31
    return Float(x >> 40) / 16_777_216
  }

  static func values(_ name: String, count: Int, scale: Float, offset: Float = 0) -> [Float] {
    let hash = hash(of: name)
    return (0..<count).map { (unit(hash: hash, $0) - 0.5) * 2 * scale + offset }
  }

  static func scale(of tensor: Parameter) -> (scale: Float, offset: Float) {
    let name = tensor.name
    if name.hasSuffix(".scale") { return (0.2, 1) }
    if name.hasSuffix(".bias") || name.hasSuffix(".bias_ih") || name.hasSuffix(".bias_hh") { return (0.1, 0) }
    if name.contains(".norm") && name.hasSuffix(".weight") { return (0.2, 1) }
    if name.hasSuffix(".query") || name.contains(".embedding.") { return (1, 0) }
    return (1 / Float(tensor.shape.dropFirst().reduce(1, *)).squareRoot(), 0)
  }

  /// Fills every parameter of a network.
  static func fill(_ network: SequenceNetwork) {
    for tensor in network.parameters.tensors {
      let (scale, offset) = scale(of: tensor)
      let values = values(tensor.name, count: tensor.count, scale: scale, offset: offset)
      network.parameters.fill(tensor) { values[$0] }
    }
  }

  /// A golden file; its keys in snake case are properties in camel case, its dictionaries keep theirs.
  static func decode<T: Decodable>(_ type: T.Type, _ name: String) throws -> T {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(type, from: golden(name))
  }

  private static func golden(_ name: String) throws -> Data {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    return try Data(contentsOf: folder.appendingPathComponent("Golden/\(name).json"))
  }
}

/// A batch whose memory the test owns.
final class GoldenBatch {
  var lengths: [Int32]
  var times: [Float]
  var categorical: [UInt16]
  var numeric: [Float]
  var labels: [Int32]

  /// `lengths` real events of `positions`; names begin with `prefix`.
  init(prefix: String, lengths: [Int], positions: Int, rows: [Int], features: Int, classes: Int) {
    let count = lengths.count
    self.lengths = lengths.map(Int32.init)
    times = [Float](repeating: 1, count: count * positions)
    categorical = [UInt16](repeating: 0, count: count * positions * rows.count)
    numeric = [Float](repeating: 0, count: count * positions * features)
    labels = (0..<count).map { Int32(GoldenFill.unit("\(prefix)input.labels", $0) * Float(classes)) }
    let timeHash = GoldenFill.hash(of: "\(prefix)input.times")
    let numericHash = GoldenFill.hash(of: "\(prefix)input.numeric")
    let codeHashes = rows.indices.map { GoldenFill.hash(of: "\(prefix)input.categorical.\($0)") }
    for row in 0..<count {
      var total: Float = 0
      for position in 0..<lengths[row] {
        total += GoldenFill.unit(hash: timeHash, row * positions + position)
        times[row * positions + position] = total
      }
      for position in 0..<lengths[row] { times[row * positions + position] /= total }
      for position in 0..<positions {
        for (feature, limit) in rows.enumerated() {
          let unit = GoldenFill.unit(hash: codeHashes[feature], row * positions + position)
          categorical[(row * positions + position) * rows.count + feature] = UInt16(Double(unit) * Double(limit))
        }
        for feature in 0..<features {
          let index = (row * positions + position) * features + feature
          numeric[index] = (GoldenFill.unit(hash: numericHash, index) - 0.5) * 2 * 2
        }
      }
    }
  }

  func withBatch<T>(_ body: (EventBatch, UnsafePointer<Int32>) throws -> T) rethrows -> T {
    try lengths.withUnsafeBufferPointer { lengths in
      try times.withUnsafeBufferPointer { times in
        try categorical.withUnsafeBufferPointer { categorical in
          try numeric.withUnsafeBufferPointer { numeric in
            try labels.withUnsafeBufferPointer { labels in
              let empty = UnsafePointer<UInt16>(bitPattern: 8)!
              let emptyFloats = UnsafePointer<Float>(bitPattern: 8)!
              return try body(
                EventBatch(
                  count: lengths.count, lengths: lengths.baseAddress!, times: times.baseAddress!,
                  categorical: categorical.baseAddress ?? empty, numeric: numeric.baseAddress ?? emptyFloats),
                labels.baseAddress!)
            }
          }
        }
      }
    }
  }
}
