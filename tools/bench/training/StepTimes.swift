import Foundation
import Nets

/// One of the eight networks that training speed is measured on, on synthetic sequences.
struct BenchNetwork {
  let name: String
  let layers: Int
  let parts: [NetworkBlueprint.Part]
  let decoder: [NetworkBlueprint.DecoderLayer]

  static let all: [BenchNetwork] = [
    .init(name: "1x{gru}", layers: 1, parts: [.recurrent], decoder: []),
    .init(name: "1x{att8}", layers: 1, parts: [.attention(heads: 8)], decoder: []),
    .init(name: "1x{conv}", layers: 1, parts: [.convolution], decoder: []),
    .init(name: "2x{att4,gru}", layers: 2, parts: [.attention(heads: 4), .recurrent], decoder: []),
    .init(name: "2x{gru,conv}", layers: 2, parts: [.recurrent, .convolution], decoder: []),
    .init(name: "4x{att4,gru,conv}", layers: 4, parts: [.attention(heads: 4), .recurrent, .convolution], decoder: []),
    .init(
      name: "2x{att4,conv}+1", layers: 2, parts: [.attention(heads: 4), .convolution],
      decoder: [.init(selfHeads: 4, crossHeads: 4)]),
    .init(
      name: "4x{att8,gru,conv}+2", layers: 4, parts: [.attention(heads: 8), .recurrent, .convolution],
      decoder: Array(repeating: .init(selfHeads: 8, crossHeads: 8), count: 2)),
  ]

  struct Size {
    let name: String
    let embedding: Int
    let hidden: Int
    let batch: Int
    static let large = Size(name: "large", embedding: 32, hidden: 32, batch: 64)
    static let small = Size(name: "small", embedding: 16, hidden: 16, batch: 32)
  }

  func blueprint(_ size: Size) -> NetworkBlueprint {
    NetworkBlueprint(
      stem: .init(
        tableRows: [101], tableWidths: [size.embedding], numericCount: 1, numericWidth: size.embedding, kernelSize: 3,
        dropout: 0, timeEncoding: true),
      encoder: Array(repeating: parts, count: layers), decoder: decoder, queries: 2, dropout: 0.1, spatialDropout: 0,
      pooling: .average, positions: 64, hidden: size.hidden, classes: 2)
  }
}
