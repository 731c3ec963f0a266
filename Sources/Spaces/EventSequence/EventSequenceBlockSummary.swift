import Foundation

/// The block summary of an architecture of the SeqNAS space: what its blocks are, whatever the order of the layers
/// between the first and the last.
extension EventSequenceArchitecture {
  /// What the numbers of ``blockSummary`` are, in their order.
  public enum BlockSummaryFeature: String, CaseIterable, Hashable, Sendable {
    /// Encoder layers.
    case encoderLayers = "encoder-layers"
    /// Encoder layers with an operation, among others or alone.
    case attentionLayers = "attention-layers"
    case gruLayers = "gru-layers"
    case convolutionLayers = "convolution-layers"
    case attentionAlone = "attention-alone"
    case gruAlone = "gru-alone"
    case convolutionAlone = "convolution-alone"
    /// 1 where the first and where the last encoder layer has the operation.
    case firstAttention = "first-attention"
    case firstGRU = "first-gru"
    case firstConvolution = "first-convolution"
    case lastAttention = "last-attention"
    case lastGRU = "last-gru"
    case lastConvolution = "last-convolution"
    /// Attention heads of all encoder layers, and of the one with the most.
    case heads
    case mostHeads = "most-heads"
    case decoderLayers = "decoder-layers"
    /// Heads of all decoder layers.
    case selfHeads = "self-heads"
    case crossHeads = "cross-heads"
    /// 1 for the stem's kernel; all 0 without a stem.
    case kernel1 = "kernel-1"
    case kernel3 = "kernel-3"
    case kernel5 = "kernel-5"
    case kernelWide = "kernel-wide"
    case stemDropout = "stem-dropout"
    case timeEncoding = "time-encoding"
    case spatialDropout = "spatial-dropout"
    case averagePooling = "average-pooling"
    case maximumPooling = "maximum-pooling"
    case mixedPooling = "mixed-pooling"
    /// 1 where there is an encoder, a decoder.
    case encoder, decoder
    /// The share of channels that an operation takes, summed over the encoder layers, and their mean.
    case attentionShares = "attention-shares"
    case gruShares = "gru-shares"
    case convolutionShares = "convolution-shares"
    case attentionMeanShare = "attention-mean-share"
    case gruMeanShare = "gru-mean-share"
    case convolutionMeanShare = "convolution-mean-share"
    /// log₂ of the number of encoder layers; −1 without.
    case logEncoderLayers = "log-encoder-layers"
    /// log₂ of the most heads; 0 without.
    case logMostHeads = "log-most-heads"
    /// 1 where there is an encoder and a decoder.
    case both
    /// Operations of an encoder layer, on average.
    case operationsPerLayer = "operations-per-layer"
    /// 1 where there is neither encoder nor decoder.
    case neither
    /// 1 for the pooling of a network with a decoder, and of one without.
    case averageOfDecoder = "average-of-decoder"
    case maximumOfDecoder = "maximum-of-decoder"
    case mixedOfDecoder = "mixed-of-decoder"
    case averageOfEvents = "average-of-events"
    case maximumOfEvents = "maximum-of-events"
    case mixedOfEvents = "mixed-of-events"
    /// Events that the stem's kernel sees, 11 for the wide one; 0 without a stem.
    case kernelWidth = "kernel-width"
  }

  /// 48 numbers, with and without a stem.
  public var blockSummary: [Double] {
    BlockSummaryFeature.allCases.map { feature in
      switch feature {
      case .encoderLayers: Double(encoder.count)
      case .attentionLayers: layers(with: .attention)
      case .gruLayers: layers(with: .gru)
      case .convolutionLayers: layers(with: .convolution)
      case .attentionAlone: layers(withOnly: .attention)
      case .gruAlone: layers(withOnly: .gru)
      case .convolutionAlone: layers(withOnly: .convolution)
      case .firstAttention: has(encoder.first, .attention)
      case .firstGRU: has(encoder.first, .gru)
      case .firstConvolution: has(encoder.first, .convolution)
      case .lastAttention: has(encoder.last, .attention)
      case .lastGRU: has(encoder.last, .gru)
      case .lastConvolution: has(encoder.last, .convolution)
      case .heads: Double(encoder.reduce(0) { $0 + ($1.attentionHeads ?? 0) })
      case .mostHeads: mostHeads
      case .decoderLayers: Double(decoder.count)
      case .selfHeads: Double(decoder.reduce(0) { $0 + $1.selfHeads })
      case .crossHeads: Double(decoder.reduce(0) { $0 + $1.crossHeads })
      case .kernel1: stem?.kernel == .one ? 1 : 0
      case .kernel3: stem?.kernel == .three ? 1 : 0
      case .kernel5: stem?.kernel == .five ? 1 : 0
      case .kernelWide: stem?.kernel == .wide ? 1 : 0
      case .stemDropout: stem?.dropout == true ? 1 : 0
      case .timeEncoding: timeEncoding ? 1 : 0
      case .spatialDropout: head.spatialDropout ? 1 : 0
      case .averagePooling: head.pooling == .average ? 1 : 0
      case .maximumPooling: head.pooling == .maximum ? 1 : 0
      case .mixedPooling: head.pooling == .mixed ? 1 : 0
      case .encoder: encoder.isEmpty ? 0 : 1
      case .decoder: decoder.isEmpty ? 0 : 1
      case .both: encoder.isEmpty || decoder.isEmpty ? 0 : 1
      case .neither: encoder.isEmpty && decoder.isEmpty ? 1 : 0
      case .attentionShares: shares(of: .attention)
      case .gruShares: shares(of: .gru)
      case .convolutionShares: shares(of: .convolution)
      case .attentionMeanShare: shares(of: .attention) / max(1, Double(encoder.count))
      case .gruMeanShare: shares(of: .gru) / max(1, Double(encoder.count))
      case .convolutionMeanShare: shares(of: .convolution) / max(1, Double(encoder.count))
      case .logEncoderLayers: encoder.isEmpty ? -1 : log2(Double(encoder.count))
      case .logMostHeads: log2(max(1, mostHeads))
      case .operationsPerLayer:
        Double(encoder.reduce(0) { $0 + $1.operations.operations.count }) / max(1, Double(encoder.count))
      case .averageOfDecoder: !decoder.isEmpty && head.pooling == .average ? 1 : 0
      case .maximumOfDecoder: !decoder.isEmpty && head.pooling == .maximum ? 1 : 0
      case .mixedOfDecoder: !decoder.isEmpty && head.pooling == .mixed ? 1 : 0
      case .averageOfEvents: decoder.isEmpty && head.pooling == .average ? 1 : 0
      case .maximumOfEvents: decoder.isEmpty && head.pooling == .maximum ? 1 : 0
      case .mixedOfEvents: decoder.isEmpty && head.pooling == .mixed ? 1 : 0
      case .kernelWidth: Double(stem?.kernel.size(sequenceLength: 20) ?? 0)
      }
    }
  }

  private var mostHeads: Double { Double(encoder.map { $0.attentionHeads ?? 0 }.max() ?? 0) }

  private func layers(with operation: Operation) -> Double {
    Double(encoder.count { $0.operations.contains(operation) })
  }

  private func layers(withOnly operation: Operation) -> Double {
    Double(encoder.count { $0.operations.operations == [operation] })
  }

  private func has(_ layer: EncoderLayer?, _ operation: Operation) -> Double {
    layer?.operations.contains(operation) == true ? 1 : 0
  }

  private func shares(of operation: Operation) -> Double {
    encoder.reduce(0) { sum, layer in
      sum + (layer.operations.contains(operation) ? 1 / Double(layer.operations.operations.count) : 0)
    }
  }
}
