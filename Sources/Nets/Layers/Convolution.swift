/// A convolution over time with three taps and zero padding, m to m of the d channels.
package final class Convolution {
  static let taps = 3
  private let context: LayerContext
  private let firstChannel: Int
  private let width: Int
  private let channels: Int
  /// Three matrices m×m, one a tap.
  private let weight: Int
  private let bias: Int
  private let sums: GradientSums
  private var leading: Int { padded(width) }
  private let guarded: ScratchPool.Handle
  private let rows: ScratchPool.Handle
  /// Zeros on either side of a row, so that a shifted read stays inside.
  private let margin = 16

  package init(_ context: LayerContext, _ name: String, firstChannel: Int, width: Int, channels: Int) {
    self.context = context
    self.firstChannel = firstChannel
    self.width = width
    self.channels = channels
    let leading = padded(width)
    weight = context.parameters.reserve(Self.taps * width * leading)
    context.parameters.place(
      "\(name).weight", [width, width, Self.taps], at: weight, rows: Self.taps * width, columns: width,
      stride: leading, taps: Self.taps, fanIn: width * Self.taps)
    bias = context.parameters.vector("\(name).bias", width, fanIn: width * Self.taps)
    sums = [(bias, width)]
    guarded = context.scratch.reserve("convolution.guarded", width * (context.stride + 32))
    rows = context.scratch.reserve("convolution.rows", (context.positions + 2) * leading + 16)
    context.reservePartials(width)
  }

  private var guardedStride: Int { context.stride + 2 * margin }

  /// Copies the part's real positions between margins of zeros.
  private func guardRows(_ part: Floats, _ guarded: Floats) {
    for channel in 0..<width {
      let row = guarded + channel * guardedStride
      row.update(repeating: 0, count: guardedStride)
      (row + margin).update(from: part + channel * context.stride, count: context.positions)
    }
  }

  package func forward(_ x: Floats, into y: Floats) {
    let n = context.stride
    let guarded = context.scratch[guarded]
    for sequence in 0..<context.count {
      let part = (sequence * channels + firstChannel) * n
      guardRows(x + part, guarded)
      for tap in 0..<Self.taps {
        context.product(
          width, n, width, context.weight(weight) + tap * width * leading, leading, 1, guarded + (margin + tap - 1),
          guardedStride, into: y + part, n, accumulate: tap > 0, bias: tap == 0 ? context.weight(bias) : nil)
      }
    }
  }

  package func backward(_ x: Floats, _ dy: Floats, into dx: Floats) {
    let n = context.stride
    let positions = context.positions
    let kernels = context.kernels
    let guarded = context.scratch[guarded]
    let rows = context.scratch[rows]
    rows.update(repeating: 0, count: leading)
    (rows + (positions + 1) * leading).update(repeating: 0, count: leading)
    context.withPartials(sums) { partials in
      for sequence in 0..<context.count {
        let part = (sequence * channels + firstChannel) * n
        kernels.addRowSums(width, n, dy + part, n, partials)
        kernels.transpose(width, positions, x + part, n, rows + leading, leading)
        guardRows(dy + part, guarded)
        for tap in 0..<Self.taps {
          context.product(
            width, leading, positions, dy + part, n, 1, rows + tap * leading, leading,
            into: context.gradient(weight) + tap * width * leading, leading, accumulate: true)
        }
        for tap in 0..<Self.taps {
          context.product(
            width, n, width, context.weight(weight) + tap * width * leading, 1, leading, guarded + (margin + 1 - tap),
            guardedStride, into: dx + part, n, accumulate: tap > 0)
        }
        if positions < n {
          for channel in 0..<width {
            (dx + part + channel * n + positions).update(repeating: 0, count: n - positions)
          }
        }
      }
    }
  }
}
