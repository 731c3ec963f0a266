import Nets

/// Networks with every kind of layer, small enough for central differences, with dropout everywhere.
enum SmallNetworks {
  static let classes = 3
  static let rows = [5, 4]
  static let features = 2
  static let positions = 18
  static let lengths = [18, 3, 11, 1, 17]

  static func blueprint(
    decodes: Bool, pooling: NetworkBlueprint.Pooling, dropout: Float = 0.2
  ) -> NetworkBlueprint {
    NetworkBlueprint(
      stem: .init(
        tableRows: rows, tableWidths: [3, 4], numericCount: features, numericWidth: 3, kernelSize: 3, dropout: dropout,
        timeEncoding: true),
      encoder: [
        [.attention(heads: 2), .recurrent, .convolution], [.recurrent, .convolution], [.attention(heads: 1)],
      ],
      decoder: decodes ? [.init(selfHeads: 2, crossHeads: 1), .init(selfHeads: 1, crossHeads: 2)] : [], queries: 3,
      dropout: dropout, spatialDropout: dropout, pooling: pooling, positions: positions, hidden: 5, classes: classes)
  }

  static func batch() -> GoldenBatch {
    GoldenBatch(
      prefix: "small.", lengths: lengths, positions: positions, rows: rows, features: features, classes: classes)
  }
}
