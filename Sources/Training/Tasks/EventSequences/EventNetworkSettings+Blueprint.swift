import Datasets
import Nets
import Spaces

extension EventNetworkSettings {
  /// Sizes of the networks of these settings on a data set. Throws `EventSequenceError` for sizes that no network can have.
  func dimensions(for dataset: EventDataset) throws -> EventSequenceDimensions {
    try EventSequenceDimensions(
      categoricalCardinalities: dataset.categoricalCardinalities, categoricalEmbedding: categoricalEmbedding,
      numericEmbedding: numericEmbedding, numericCount: dataset.numericCount,
      sequenceLength: dataset.sequenceLength, classCount: dataset.classCount, hidden: hidden)
  }

  /// The pruned network of an architecture.
  func blueprint(
    _ architecture: EventSequenceArchitecture, _ dimensions: EventSequenceDimensions
  ) -> NetworkBlueprint {
    let stem = architecture.stem
    return NetworkBlueprint(
      stem: .init(
        tableRows: dimensions.categoricalCardinalities.map { $0 + 1 }, tableWidths: dimensions.categoricalWidths,
        numericCount: dimensions.numericCount, numericWidth: dimensions.numericCount > 0 ? dimensions.numericWidth : 0,
        kernelSize: stem?.kernel.size(sequenceLength: dimensions.sequenceLength) ?? 1,
        dropout: stem?.dropout == true ? stemDropout : 0, timeEncoding: architecture.timeEncoding),
      encoder: architecture.encoder.map { layer in
        layer.operations.operations.map { operation in
          switch operation {
          case .attention: .attention(heads: layer.attentionHeads ?? 1)
          case .gru: .recurrent
          case .convolution: .convolution
          }
        }
      },
      decoder: architecture.decoder.map { .init(selfHeads: $0.selfHeads, crossHeads: $0.crossHeads) },
      queries: dimensions.queryLength, dropout: dropout,
      spatialDropout: architecture.head.spatialDropout ? spatialDropout : 0,
      pooling: {
        switch architecture.head.pooling {
        case .average: .average
        case .maximum: .maximum
        case .mixed: .mixed
        }
      }(), positions: dimensions.sequenceLength, hidden: dimensions.hidden, classes: dimensions.classCount)
  }
}
