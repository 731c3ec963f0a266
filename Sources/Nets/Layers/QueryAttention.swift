/// Multi-head self-attention among the L queries of the decoder.
///
/// Tokens of the decoder lie in the lanes, query by query: lane q·B + b. A pair of queries then meets lane by lane.
package final class QueryAttention {
  let heads: AttentionHeads
  private let context: LayerContext
  private let queries: Int
  /// 3·n·h × L·B.
  private let projected: Floats
  private let outputs: Floats
  /// For each head and query: L×B, keys down the rows.
  private let probabilities: Floats
  private let wide: ScratchPool.Handle
  private let wideNormal: ScratchPool.Handle
  private let wideGradient: ScratchPool.Handle
  private let stacked: ScratchPool.Handle
  private let rows: ScratchPool.Handle
  private let scores: ScratchPool.Handle

  package init(_ context: LayerContext, _ name: String, channels: Int, hidden: Int, heads: Int, queries: Int) {
    self.context = context
    self.queries = queries
    let lanes = padded(context.capacity)
    let n = queries * lanes
    self.heads = AttentionHeads(context, name, width: channels, hidden: hidden, heads: heads, groups: 1, n: n)
    projected = context.arena.floats(3 * heads * hidden * n)
    outputs = context.arena.floats(heads * hidden * n)
    probabilities = context.arena.floats(heads * queries * queries * lanes)
    let pool = context.scratch
    wide = pool.reserve("query.wide", heads * hidden * n)
    wideNormal = pool.reserve("query.wideNormal", heads * hidden * n)
    wideGradient = pool.reserve("query.wideGradient", heads * hidden * n)
    stacked = pool.reserve("query.stacked", 3 * heads * hidden * n)
    rows = pool.reserve("query.rows", n * max(padded(heads * hidden), padded(channels)))
    scores = pool.reserve("query.scores", queries * lanes)
  }

  /// x, y: d×(L·B) with B lanes a query.
  package func forward(_ x: Floats, into y: Floats, lanes: Int) {
    let kernels = context.kernels
    let n = queries * lanes
    let hidden = heads.hidden
    let wide = context.scratch[wide]
    context.product(
      3 * heads.concatenated, n, heads.width, context.weight(heads.weight), heads.leading, 1, x, n, into: projected, n,
      bias: context.weight(heads.bias))
    for head in 0..<heads.heads {
      let query = projected + heads.row(.query, head) * n
      let key = projected + heads.row(.key, head) * n
      let value = projected + heads.row(.value, head) * n
      for q in 0..<queries {
        let scores = probabilities + (head * queries + q) * queries * lanes
        for other in 0..<queries {
          kernels.columnDots(
            hidden, lanes, query + q * lanes, n, key + other * lanes, n, scores + other * lanes, false)
        }
        kernels.softmaxColumns(queries, lanes, scores, lanes, heads.scoreScale)
        for other in 0..<queries {
          kernels.scaleColumns(
            hidden, lanes, scores + other * lanes, value + other * lanes, n,
            outputs + head * hidden * n + q * lanes, n, other > 0)
        }
      }
    }
    heads.scaled(n, outputs, into: wide)
    heads.norm.forward(n, group: 0, wide, n, into: wide, n)
    heads.projection.forward(n, wide, n, into: y, n)
  }

  package func backward(_ x: Floats, _ dy: Floats, into dx: Floats, lanes: Int) {
    let kernels = context.kernels
    let n = queries * lanes
    let hidden = heads.hidden
    let gradient = context.scratch[wideGradient]
    let stacked = context.scratch[stacked]
    let rows = context.scratch[rows]
    let scores = context.scratch[scores]
    context.withPartials(heads.sums) { memory in
      let partials = heads.split(memory)
      heads.backwardOutput(
        n, terms: n, group: 0, dy, n, outputs: outputs, scaledHeads: context.scratch[wide],
        normal: context.scratch[wideNormal], rows: rows, into: gradient, partials: partials)
      for head in 0..<heads.heads {
        let query = heads.row(.query, head) * n
        let key = heads.row(.key, head) * n
        let value = heads.row(.value, head) * n
        for q in 0..<queries {
          let p = probabilities + (head * queries + q) * queries * lanes
          let dOutput = gradient + head * hidden * n + q * lanes
          for other in 0..<queries {
            kernels.columnDots(
              hidden, lanes, dOutput, n, projected + value + other * lanes, n, scores + other * lanes, false)
            kernels.scaleColumns(
              hidden, lanes, p + other * lanes, dOutput, n, stacked + value + other * lanes, n, q > 0)
          }
          kernels.softmaxColumnsBackward(queries, lanes, p, lanes, scores, lanes, heads.scoreScale)
          for other in 0..<queries {
            kernels.scaleColumns(
              hidden, lanes, scores + other * lanes, projected + key + other * lanes, n, stacked + query + q * lanes, n,
              other > 0)
            kernels.scaleColumns(
              hidden, lanes, scores + other * lanes, projected + query + q * lanes, n, stacked + key + other * lanes, n,
              q > 0)
          }
        }
      }
      kernels.addRowSums(3 * heads.concatenated, n, stacked, n, partials.bias)
      kernels.transpose(heads.width, n, x, n, rows, heads.leading)
      context.product(
        3 * heads.concatenated, heads.leading, n, stacked, n, 1, rows, heads.leading,
        into: context.gradient(heads.weight), heads.leading, accumulate: true)
      context.product(
        heads.width, n, 3 * heads.concatenated, context.weight(heads.weight), 1, heads.leading, stacked, n, into: dx, n)
    }
  }
}
