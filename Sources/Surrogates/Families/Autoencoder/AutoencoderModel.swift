import Nets
import Records

/// An auto-encoder that has learnt, as sizes and weights.
struct AutoencoderModel: Sendable {
  let encodings: [EncodingChoice]
  let shape: AutoencoderShape
  /// ``AutoencoderShape/weightCount`` numbers, tensor by tensor.
  let weights: [Float]

  static let widest = 1_024

  /// Memory for `capacity` sequences. Throws ``SurrogatesError/numerics(_:)`` on machines without AVX2.
  static func network(_ shape: AutoencoderShape, capacity: Int) throws -> SequenceAutoencoder {
    SequenceAutoencoder(shape, capacity: capacity, instructionSet: try .forPredictors)
  }

  /// The sequences of `features`. Throws ``SurrogatesError`` for other blocks and other lengths than those learnt from.
  func sequences(_ features: FeatureMatrix) throws -> TokenTable {
    let own = try features.selecting(encodings)
    guard own.width == shape.positions else {
      throw SurrogatesError.shape("the model reads \(shape.positions) tokens, not \(own.width)")
    }
    return try TokenTable(own).known(to: shape.tokens)
  }

  /// Rows that go through a network together, and rows that one processor takes.
  private static let (tile, portion) = (64, 512)

  /// `read` of the network for each row of `table` after it was encoded without dropout.
  func encoded<T: Sendable>(
    _ table: TokenTable, _ read: @Sendable (SequenceAutoencoder, _ row: Int) -> T
  ) throws -> [T] {
    try portions(table.count) { network, rows in
      stride(from: rows.lowerBound, to: rows.upperBound, by: Self.tile).flatMap { start in
        let count = min(Self.tile, rows.upperBound - start)
        network.encode(count) { table[start + $0, $1] }
        return (0..<count).map { read(network, $0) }
      }
    }
  }

  /// The standard deviation of the value of each row of `table` over `samples` draws of dropout, the same draws for every
  /// row (Gal and Ghahramani, 2016).
  func deviations(_ table: TokenTable, samples: Int) throws -> [Double] {
    guard samples > 1, shape.dropout > 0 else { return Array(repeating: 0, count: table.count) }
    return try portions(table.count) { network, rows in
      rows.map { row in
        var values: [Double] = []
        for start in stride(from: 0, to: samples, by: Self.tile) {
          // Each copy of the row lies in a lane of its own, which has a mask of its own.
          let count = min(Self.tile, samples - start)
          network.encode(count, dropoutKey: UInt64(start + 1)) { table[row, $1] }
          values += (0..<count).map { Double(network.value(row: $0)) }
        }
        let mean = values.reduce(0, +) / Double(samples)
        return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(samples - 1)).squareRoot()
      }
    }
  }

  private func portions<T: Sendable>(
    _ count: Int, _ body: @Sendable (SequenceAutoencoder, Range<Int>) throws -> [T]
  ) throws -> [T] {
    try stride(from: 0, to: count, by: Self.portion).map { $0..<min($0 + Self.portion, count) }.concurrentMap { rows in
      let network = try Self.network(shape, capacity: min(Self.tile, max(rows.count, 16)))
      network.weights = weights
      return try body(network, rows)
    }.flatMap { $0 }
  }

  // MARK: Model file

  struct Header: Codable {
    var encodings: [String]
    var tokens: Int
    var positions: Int
    var width: Int
    var valueWidth: Int?
    var dropout: Float
  }

  var header: Header {
    Header(
      encodings: encodings.map(\.description), tokens: shape.tokens, positions: shape.positions, width: shape.width,
      valueWidth: shape.valueWidth, dropout: shape.dropout)
  }

  init(encodings: [EncodingChoice], shape: AutoencoderShape, weights: [Float]) {
    self.encodings = encodings
    self.shape = shape
    self.weights = weights
  }

  /// Reads `weights` of `archive`. Throws ``DamagedArchive`` for sizes out of range.
  init(_ header: Header, from archive: ArrayArchive) throws {
    guard (1...TokenTable.mostTokens).contains(header.tokens),
      (1...TokenTable.mostPositions).contains(header.positions), (1...Self.widest).contains(header.width),
      (1...Self.widest).contains(header.valueWidth ?? 1), header.dropout >= 0, header.dropout < 1,
      !header.encodings.isEmpty
    else { throw DamagedArchive("the sizes of \(archive.kind) are out of range") }
    shape = AutoencoderShape(
      tokens: header.tokens, positions: header.positions, width: header.width, valueWidth: header.valueWidth,
      dropout: header.dropout)
    encodings = header.encodings.map { EncodingChoice($0) }
    weights = try archive.floats("weights", count: shape.weightCount)
    guard weights.allSatisfy(\.isFinite) else {
      throw DamagedArchive("weights of \(archive.kind) are not finite")
    }
  }
}
