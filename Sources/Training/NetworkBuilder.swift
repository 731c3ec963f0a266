package import Datasets
import Nets
package import Records
import Spaces

extension TrainingProtocol {
  /// Sizes of the networks of this protocol on a data set. Throws `EventSequenceError` for sizes that no network can have.
  func dimensions(for dataset: EventDataset) throws -> EventSequenceDimensions {
    try EventSequenceDimensions(
      categoricalCardinalities: dataset.categoricalCardinalities, categoricalEmbedding: network.categoricalEmbedding,
      numericEmbedding: network.numericEmbedding, numericCount: dataset.numericCount,
      sequenceLength: dataset.sequenceLength, classCount: dataset.classCount, hidden: network.hidden)
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
        dropout: stem?.dropout == true ? network.stemDropout : 0, timeEncoding: architecture.timeEncoding),
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
      queries: dimensions.queryLength, dropout: network.dropout,
      spatialDropout: architecture.head.spatialDropout ? network.spatialDropout : 0,
      pooling: {
        switch architecture.head.pooling {
        case .average: .average
        case .maximum: .maximum
        case .mixed: .mixed
        }
      }(), positions: dimensions.sequenceLength, hidden: dimensions.hidden, classes: dimensions.classCount)
  }
}

extension TrainingPlan {
  /// Counts of the run at `index`, from the space.
  package func counts(_ index: Int, _ dataset: EventDataset) throws -> Counts {
    try EventSequenceCounts.counts(runs[index].architecture, trainingProtocol.dimensions(for: dataset))
  }

  /// Trainable scalars of the network that is really built for the run at `index`.
  package func networkParameterCount(_ index: Int, _ dataset: EventDataset) throws -> Int {
    let blueprint = trainingProtocol.blueprint(
      runs[index].architecture, try trainingProtocol.dimensions(for: dataset))
    return SequenceNetwork(blueprint, batchSize: 1, instructionSet: .avx2).parameterCount
  }
}
