import Foundation

/// Embeddings of the categorical features and a grouped convolution of the numeric ones, concatenated to d channels; the
/// time encoding on top. Padding is zero before the time encoding.
///
/// The batch norm of the numeric features takes its statistics over real events only and leaves padding at zero.
package final class Stem {
  private let context: LayerContext
  private let shape: NetworkBlueprint.Stem
  private let tables: [Int]
  private let norm: (gamma: Int, beta: Int)
  private let weight: Int
  private let bias: Int
  private let biasSums: GradientSums
  private let dropout: DropoutSite
  private let frequencies: Floats
  /// Batch-norm state: M each.
  package let runningMean: Floats
  package let runningVariance: Floats
  /// M × B × (T with margins): normalised values before gamma and beta, and one where an event is real.
  private let normalised: Floats
  private let real: Floats
  private let codes: UnsafeMutablePointer<Int32>
  private let lengths: UnsafeMutablePointer<Int32>
  private let rows: ScratchPool.Handle
  private let line: ScratchPool.Handle
  private let shifted: ScratchPool.Handle
  private let sums: Floats
  private let marginal: Int

  private var numericChannels: Int { shape.numericCount * shape.numericWidth }
  private var firstNumeric: Int { shape.tableWidths.reduce(0, +) }
  private var half: Int { shape.kernelSize / 2 }

  package init(_ context: LayerContext, shape: NetworkBlueprint.Stem) {
    self.context = context
    self.shape = shape
    let parameters = context.parameters
    let arena = context.arena
    tables = zip(shape.tableRows, shape.tableWidths).enumerated().map { index, size in
      parameters.matrix("stem.embedding.\(index)", size.0, size.1)
    }
    let features = shape.numericCount
    let outputs = features * shape.numericWidth
    if features > 0 {
      norm = (parameters.vector("stem.norm.weight", features), parameters.vector("stem.norm.bias", features))
      weight = parameters.matrix("stem.conv.weight", outputs, shape.kernelSize)
      bias = parameters.vector("stem.conv.bias", outputs, fanIn: shape.kernelSize)
    } else {
      (norm, weight, bias) = ((0, 0), 0, 0)
    }
    biasSums = [(bias, outputs)]
    dropout = context.dropoutSite(shape.dropout)
    let channels = shape.channels
    frequencies = arena.floats(channels)
    let width = Double(2 * (channels / 2) + 2)
    for channel in 0..<channels {
      frequencies[channel] = Float(exp(Double(2 * (channel / 2)) * (-log(10_000) / width)))
    }
    runningMean = arena.floats(max(features, 1))
    runningVariance = arena.floats(max(features, 1))
    marginal = context.stride + 32
    normalised = arena.floats(features * context.capacity * marginal)
    real = arena.floats(features > 0 ? context.capacity * marginal : 0)
    codes = arena.integers(context.capacity * context.positions * max(shape.tableRows.count, 1))
    lengths = arena.integers(context.capacity)
    rows = context.scratch.reserve(
      "stem.rows", padded(context.positions) * (shape.tableWidths.map(padded).max() ?? 16))
    line = context.scratch.reserve("stem.line", context.stride + 32)
    shifted = context.scratch.reserve("stem.shifted", context.stride)
    sums = arena.floats(2 * outputs * shape.kernelSize * 16)
    context.reservePartials(outputs)
    forgetStatistics()
  }

  /// The running mean and variance of a network that has seen no batch.
  func forgetStatistics() {
    let features = max(shape.numericCount, 1)
    runningMean.update(repeating: 0, count: features)
    runningVariance.update(repeating: 1, count: features)
  }

  /// x: batch of d×T.
  package func forward(_ batch: EventBatch, into x: Floats) {
    let n = context.stride
    let positions = context.positions
    let channels = shape.channels
    let features = shape.tableRows.count
    lengths.update(from: batch.lengths, count: batch.count)
    let rows = context.scratch[rows]
    for index in 0..<batch.count * positions * features {
      let limit = shape.tableRows[features == 1 ? 0 : index % features]
      codes[index] = min(Int32(batch.categorical[index]), Int32(limit - 1))
    }
    if shape.numericCount > 0 { normalise(batch) }
    for sequence in 0..<batch.count {
      let length = Int(lengths[sequence])
      let place = x + sequence * channels * n
      var channel = 0
      for (feature, width) in shape.tableWidths.enumerated() {
        let leading = padded(width)
        let table = context.weight(tables[feature])
        for position in 0..<length {
          let code = Int(codes[(sequence * positions + position) * features + feature])
          (rows + position * leading).update(from: table + code * leading, count: leading)
        }
        context.kernels.transpose(length, width, rows, leading, place + channel * n, n)
        clear(place + channel * n, width, from: padded(length))
        channel += width
      }
      if shape.numericCount > 0 {
        convolve(sequence, into: place + channel * n)
        dropout.apply(
          numericChannels, n, place + channel * n, n, into: place + channel * n, n,
          first: sequence * numericChannels * n)
        clear(place + channel * n, numericChannels, from: length)
      }
      if shape.timeEncoding { encodeTime(batch.times + sequence * positions, into: place) }
    }
  }

  private func clear(_ matrix: Floats, _ rows: Int, from position: Int) {
    let n = context.stride
    guard position < n else { return }
    for row in 0..<rows { (matrix + row * n + position).update(repeating: 0, count: n - position) }
  }

  private func encodeTime(_ times: UnsafePointer<Float>, into x: Floats) {
    let positions = context.positions
    let line = context.scratch[line]
    var low = times[0]
    var high = times[0]
    for position in 1..<positions {
      low = min(low, times[position])
      high = max(high, times[position])
    }
    let range = high - low
    for position in 0..<context.stride {
      line[position] = range > 0 && position < positions ? (times[position] - low) / range : 0
    }
    context.kernels.addTimeEncoding(shape.channels, context.stride, line, frequencies, x, context.stride)
  }

  /// Fills `normalised` and `real`.
  private func normalise(_ batch: EventBatch) {
    let positions = context.positions
    let features = shape.numericCount
    var events = 0
    for sequence in 0..<batch.count {
      let row = real + sequence * marginal
      row.update(repeating: 0, count: marginal)
      let length = Int(lengths[sequence])
      events += length
      (row + half).update(repeating: 1, count: length)
    }
    for feature in 0..<features {
      var mean = Double(runningMean[feature])
      var variance = Double(runningVariance[feature])
      if context.training, events > 0 {
        var total = 0.0
        forEachEvent(batch, feature) { total += Double($0) }
        mean = total / Double(events)
        var squares = 0.0
        forEachEvent(batch, feature) { squares += (Double($0) - mean) * (Double($0) - mean) }
        variance = squares / Double(events)
        let unbiased = events > 1 ? squares / Double(events - 1) : variance
        runningMean[feature] = Float(0.9 * Double(runningMean[feature]) + 0.1 * mean)
        runningVariance[feature] = Float(0.9 * Double(runningVariance[feature]) + 0.1 * unbiased)
      }
      let centre = Float(mean)
      let inverse = Float(1 / (variance + 1e-5).squareRoot())
      for sequence in 0..<batch.count {
        let row = normalised + (feature * context.capacity + sequence) * marginal
        row.update(repeating: 0, count: marginal)
        let values = batch.numeric + sequence * positions * features + feature
        for position in 0..<Int(lengths[sequence]) {
          row[half + position] = (values[position * features] - centre) * inverse
        }
      }
    }
  }

  private func forEachEvent(_ batch: EventBatch, _ feature: Int, _ visit: (Float) -> Void) {
    let features = shape.numericCount
    for sequence in 0..<batch.count {
      let values = batch.numeric + sequence * context.positions * features + feature
      for position in 0..<Int(lengths[sequence]) { visit(values[position * features]) }
    }
  }

  private func convolve(_ sequence: Int, into y: Floats) {
    let line = context.scratch[line]
    let leading = padded(shape.kernelSize)
    for feature in 0..<shape.numericCount {
      let values = normalised + (feature * context.capacity + sequence) * marginal
      let mask = real + sequence * marginal
      let gamma = context.weight(norm.gamma)[feature]
      let beta = context.weight(norm.beta)[feature]
      for position in 0..<marginal { line[position] = values[position] * gamma + mask[position] * beta }
      let first = feature * shape.numericWidth
      context.kernels.slideForward(
        shape.numericWidth, context.stride, shape.kernelSize, line, context.weight(weight) + first * leading, leading,
        context.weight(bias) + first, y + first * context.stride, context.stride)
    }
  }

  /// Adds the gradients of all parameters of the stem from dx: batch of d×T, which is used up.
  package func backward(_ dx: Floats) {
    let n = context.stride
    let channels = shape.channels
    let features = shape.tableRows.count
    let rows = context.scratch[rows]
    for sequence in 0..<context.count {
      let length = Int(lengths[sequence])
      var channel = 0
      for (feature, width) in shape.tableWidths.enumerated() {
        let leading = padded(width)
        context.kernels.transpose(width, length, dx + (sequence * channels + channel) * n, n, rows, leading)
        let gradient = context.gradient(tables[feature])
        for position in 0..<length {
          let code = Int(codes[(sequence * context.positions + position) * features + feature])
          context.kernels.scaleAdd(
            1, leading, rows + position * leading, leading, 1, gradient + code * leading, leading, true)
        }
        channel += width
      }
    }
    if shape.numericCount > 0 { backwardNumeric(dx) }
  }

  private func backwardNumeric(_ dx: Floats) {
    let n = context.stride
    let taps = shape.kernelSize
    let width = shape.numericWidth
    let maskSums = sums + numericChannels * taps * 16
    sums.update(repeating: 0, count: 2 * numericChannels * taps * 16)
    context.withPartials(biasSums) { partials in
      for sequence in 0..<context.count {
        let dy = dx + (sequence * shape.channels + firstNumeric) * n
        clear(dy, numericChannels, from: Int(lengths[sequence]))
        dropout.apply(numericChannels, n, dy, n, into: dy, n, first: sequence * numericChannels * n)
        context.kernels.addRowSums(numericChannels, n, dy, n, partials)
        for feature in 0..<shape.numericCount {
          let first = feature * width
          context.kernels.slideBackward(
            width, n, taps, normalised + (feature * context.capacity + sequence) * marginal, dy + first * n, n,
            sums + first * taps * 16)
          context.kernels.slideBackward(
            width, n, taps, real + sequence * marginal, dy + first * n, n, maskSums + first * taps * 16)
        }
      }
    }
    // With xn = gamma·x̂ + beta·real: dw = gamma·Σdy·x̂ + beta·Σdy·real, dgamma = Σ w·Σdy·x̂, dbeta = Σ w·Σdy·real.
    let leading = padded(taps)
    for output in 0..<numericChannels {
      let feature = output / width
      for tap in 0..<taps {
        var values: Float = 0
        var masks: Float = 0
        context.kernels.finishPartials(1, sums + (output * taps + tap) * 16, &values)
        context.kernels.finishPartials(1, maskSums + (output * taps + tap) * 16, &masks)
        let w = context.weight(weight)[output * leading + tap]
        context.gradient(weight)[output * leading + tap] +=
          context.weight(norm.gamma)[feature] * values + context.weight(norm.beta)[feature] * masks
        context.gradient(norm.gamma)[feature] += w * values
        context.gradient(norm.beta)[feature] += w * masks
      }
    }
  }
}
