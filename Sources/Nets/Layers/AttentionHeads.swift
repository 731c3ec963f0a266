/// The parameters that self- and cross-attention share: q, k, v of all heads, a scale a head, a norm over the
/// concatenated heads and the projection back (SeqNAS's MixtureOfHeads, pruned to the chosen number of heads).
struct AttentionHeads {
  let context: LayerContext
  /// m.
  let width: Int
  /// h of each head.
  let hidden: Int
  let heads: Int
  /// 3·n·h rows of m: all q, then all k, then all v.
  let weight: Int
  let bias: Int
  let scales: [Int]
  let norm: LayerNormalisation
  let projection: Linear
  /// In the order of the backward pass: stacked bias, scales, norm, projection's bias.
  let sums: GradientSums

  var concatenated: Int { heads * hidden }
  var leading: Int { padded(width) }

  init(_ context: LayerContext, _ name: String, width: Int, hidden: Int, heads: Int, groups: Int, n: Int) {
    self.context = context
    self.width = width
    self.hidden = hidden
    self.heads = heads
    let parameters = context.parameters
    let leading = padded(width)
    weight = parameters.reserve(3 * heads * hidden * leading)
    bias = parameters.reserve(3 * heads * hidden)
    for (index, role) in ["q", "k", "v"].enumerated() {
      for head in 0..<heads {
        let row = (index * heads + head) * hidden
        let title = "\(name).head\(head).\(role)"
        parameters.place(
          "\(title).weight", [hidden, width], at: weight + row * leading, rows: hidden, columns: width,
          stride: leading, fanIn: width)
        parameters.place(
          "\(title).bias", [hidden], at: bias + row, rows: 1, columns: hidden, stride: padded(hidden), fanIn: width,
          sharesLastVector: hidden % 16 != 0)
      }
    }
    scales = (0..<heads).map { parameters.vector("\(name).head\($0).scale", 1) }
    norm = LayerNormalisation(context, "\(name).norm", channels: heads * hidden, groups: groups, n: n)
    projection = Linear(context, "\(name).project", inputs: heads * hidden, outputs: width)
    sums = [(bias, 3 * heads * hidden)] + scales.map { ($0, 1) } + norm.sums + projection.sums
    context.reservePartials(3 * heads * hidden + heads + 2 * heads * hidden + width)
  }

  /// Row of a head's block in the stacked q, k, v.
  func row(_ role: Role, _ head: Int) -> Int { (role.rawValue * heads + head) * hidden }

  enum Role: Int { case query, key, value }

  /// √(1/h), the factor of the scores.
  var scoreScale: Float { 1 / Float(hidden).squareRoot() }

  /// y = scale_j·o of each head.
  func scaled(_ n: Int, _ o: Floats, into y: Floats) {
    for head in 0..<heads {
      context.kernels.scaleAdd(
        hidden, n, o + head * hidden * n, n, context.weight(scales[head])[0], y + head * hidden * n, n, false)
    }
  }

  struct Partials {
    let bias: Floats
    let scales: Floats
    let norm: Floats
    let projection: Floats
  }

  func split(_ partials: Floats) -> Partials {
    let scales = partials + 3 * concatenated * 16
    let norm = scales + heads * 16
    return Partials(bias: partials, scales: scales, norm: norm, projection: norm + 2 * concatenated * 16)
  }

  /// From the gradient of the projection's output back to the gradient of each head's output, scales undone, in
  /// `gradient` (n·h×n). `outputs` are the heads' outputs before scaling; `scaledHeads`, `normal` and `rows` are scratch
  /// of n·h×n, n·h×n and n×(n·h).
  func backwardOutput(
    _ n: Int, terms: Int, group: Int, _ dy: Floats, _ lddy: Int, outputs: Floats, scaledHeads: Floats, normal: Floats,
    rows: Floats, into gradient: Floats, partials: Partials
  ) {
    let kernels = context.kernels
    scaled(n, outputs, into: scaledHeads)
    norm.again(n, group: group, scaledHeads, n, into: normal, n)
    kernels.transpose(concatenated, terms, normal, n, rows, padded(concatenated))
    kernels.addRowSums(width, n, dy, lddy, partials.projection)
    projection.backwardWeight(terms, dy, lddy, rows: rows)
    projection.backwardInput(n, dy, lddy, into: normal, n)
    norm.backward(
      n, group: group, scaledHeads, n, normal, n, into: gradient, n, accumulate: false, partials: partials.norm)
    for head in 0..<heads {
      let block = gradient + head * hidden * n
      kernels.addProductSum(hidden, n, block, n, outputs + head * hidden * n, n, partials.scales + head * 16)
      kernels.scaleAdd(hidden, n, block, n, context.weight(scales[head])[0], block, n, false)
    }
  }
}
