import Foundation

/// A vector of m channels for each of V tokens; out: T × m×n.
package final class TokenEmbedding {
  private let context: LayerContext
  private let tokens: Int
  private let width: Int
  private let table: Int
  private let rows: ScratchPool.Handle
  private var leading: Int { padded(width) }

  /// The parameter is `NAME.weight`, V×m.
  package init(_ context: LayerContext, _ name: String, tokens: Int, width: Int) {
    self.context = context
    self.tokens = tokens
    self.width = width
    table = context.parameters.matrix("\(name).weight", tokens, width, fanIn: 1)
    rows = context.scratch.reserve("steps.rows", padded(context.capacity) * padded(width))
  }

  /// `codes`: T×n tokens below V, anything below V in padding lanes.
  package func forward(_ codes: UnsafePointer<Int32>, into y: Floats) {
    let n = padded(context.count)
    let rows = context.scratch[rows]
    let table = context.weight(table)
    for time in 0..<context.positions {
      for lane in 0..<n {
        memcpy(rows + lane * leading, table + Int(codes[time * n + lane]) * leading, leading * 4)
      }
      context.kernels.transpose(n, width, rows, leading, y + time * width * n, n)
    }
  }

  package func backward(_ codes: UnsafePointer<Int32>, _ dy: Floats) {
    let n = padded(context.count)
    let rows = context.scratch[rows]
    let gradient = context.gradient(table)
    for time in 0..<context.positions {
      context.kernels.transpose(width, n, dy + time * width * n, n, rows, leading)
      for lane in 0..<context.count {
        context.kernels.scaleAdd(
          1, leading, rows + lane * leading, 0, 1, gradient + Int(codes[time * n + lane]) * leading, 0, true)
      }
    }
  }
}
