/// y = LN(x); parts(y) on chunks of the channels; y1 = dropout(parts) + x; out = FF(LN(y1)) + y1.
package final class EncoderLayer {
  private enum Part {
    case attention(SequenceAttention)
    case recurrent(GatedRecurrentUnit)
    case convolution(Convolution)
  }

  private let context: LayerContext
  private let channels: Int
  private let normIn: LayerNormalisation
  private let normOut: LayerNormalisation
  private let parts: [Part]
  private let dropout: DropoutSite
  private let feedForward: FeedForward
  private let sums: GradientSums
  /// B × d×T each: the input, and the sum behind the parts.
  private let input: Floats
  private let middle: Floats
  private let normal: ScratchPool.Handle
  private let joined: ScratchPool.Handle
  private let inner: ScratchPool.Handle

  package init(
    _ context: LayerContext, _ name: String, parts: [NetworkBlueprint.Part], channels: Int, hidden: Int,
    dropout: Float
  ) {
    self.context = context
    self.channels = channels
    let n = context.stride
    let capacity = context.capacity
    normIn = LayerNormalisation(context, "\(name).norm1", channels: channels, groups: capacity, n: n)
    var first = 0
    var built: [Part] = []
    for (part, width) in zip(parts, NetworkBlueprint.chunks(channels, parts.count)) {
      switch part {
      case .attention(let heads):
        built.append(
          .attention(
            SequenceAttention(
              context, "\(name).attention", firstChannel: first, width: width, channels: channels, hidden: hidden,
              heads: heads)))
      case .recurrent:
        built.append(
          .recurrent(
            GatedRecurrentUnit(context, "\(name).gru", firstChannel: first, width: width, channels: channels)))
      case .convolution:
        built.append(
          .convolution(
            Convolution(context, "\(name).convolution", firstChannel: first, width: width, channels: channels)))
      }
      first += width
    }
    self.parts = built
    self.dropout = context.dropoutSite(dropout)
    normOut = LayerNormalisation(context, "\(name).norm2", channels: channels, groups: capacity, n: n)
    feedForward = FeedForward(
      context, "\(name).feedforward", channels: channels, hidden: hidden, groups: capacity, n: n, dropout: dropout)
    sums = normOut.sums + feedForward.sums
    input = context.arena.floats(capacity * channels * n)
    middle = context.arena.floats(capacity * channels * n)
    normal = context.scratch.reserve("encoder.normal", capacity * channels * n)
    joined = context.scratch.reserve("encoder.joined", capacity * channels * n)
    inner = context.scratch.reserve("encoder.inner", channels * n)
    context.reservePartials(sums.reduce(0) { $0 + $1.count })
  }

  /// x becomes the output, in place; x: batch of d×T.
  package func forward(_ x: Floats) {
    let n = context.stride
    let size = channels * n
    let normal = context.scratch[normal]
    let joined = context.scratch[joined]
    let inner = context.scratch[inner]
    input.update(from: x, count: context.count * size)
    for sequence in 0..<context.count {
      normIn.forward(n, group: sequence, x + sequence * size, n, into: normal + sequence * size, n)
    }
    for part in parts {
      switch part {
      case .attention(let layer): layer.forward(normal, into: joined)
      case .recurrent(let layer): layer.forward(normal, into: joined)
      case .convolution(let layer): layer.forward(normal, into: joined)
      }
    }
    for sequence in 0..<context.count {
      let place = sequence * size
      dropout.apply(
        channels, n, joined + place, n, residual: x + place, n, into: middle + place, n, first: place)
      normOut.forward(n, group: sequence, middle + place, n, into: inner, n)
      feedForward.forward(n, group: sequence, inner, residual: middle + place, into: x + place)
    }
  }

  /// The gradient of the output becomes the gradient of the input, in place.
  package func backward(_ gradient: Floats) {
    let n = context.stride
    let size = channels * n
    let normal = context.scratch[normal]
    let joined = context.scratch[joined]
    let inner = context.scratch[inner]
    context.withPartials(sums) { partials in
      for sequence in 0..<context.count {
        let place = sequence * size
        normOut.again(n, group: sequence, middle + place, n, into: inner, n)
        feedForward.backward(
          n, group: sequence, terms: context.positions, inner, gradient + place, into: inner,
          partials: partials + 2 * channels * 16)
        normOut.backward(
          n, group: sequence, middle + place, n, inner, n, into: gradient + place, n, accumulate: true,
          partials: partials)
        dropout.apply(channels, n, gradient + place, n, into: joined + place, n, first: place)
        normIn.again(n, group: sequence, input + place, n, into: normal + place, n)
      }
    }
    // A part reads its rows of `normal` before it writes their gradient over its rows of `joined`.
    for part in parts {
      switch part {
      case .attention(let layer): layer.backward(normal, joined, into: joined)
      case .recurrent(let layer): layer.backward(normal, joined, into: joined)
      case .convolution(let layer): layer.backward(normal, joined, into: joined)
      }
    }
    context.withPartials(normIn.sums) { partials in
      for sequence in 0..<context.count {
        let place = sequence * size
        normIn.backward(
          n, group: sequence, input + place, n, joined + place, n, into: gradient + place, n, accumulate: true,
          partials: partials)
      }
    }
  }
}
