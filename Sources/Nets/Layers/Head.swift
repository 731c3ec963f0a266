/// Mish → spatial dropout (whole positions) → pooling over the positions → Linear(d, classes).
///
/// The input is either a batch of sequences d×T or the decoder's tokens d×(L·B).
package final class Head {
  private let context: LayerContext
  private let channels: Int
  private let classes: Int
  private let pooling: NetworkBlueprint.Pooling
  private let linear: Linear
  private let spatial: DropoutSite
  /// d×B.
  private let pooled: Floats
  private let largest: Floats
  private let places: UnsafeMutablePointer<Int32>
  private let gradient: Floats
  /// What came in, kept for the backward pass by the caller.
  private let active: ScratchPool.Handle
  private let mask: ScratchPool.Handle
  private let ones: ScratchPool.Handle
  private let rows: ScratchPool.Handle

  package init(
    _ context: LayerContext, channels: Int, classes: Int, pooling: NetworkBlueprint.Pooling, spatialDropout: Float,
    lanes: Int
  ) {
    self.context = context
    self.channels = channels
    self.classes = classes
    self.pooling = pooling
    linear = Linear(context, "head.linear", inputs: channels, outputs: classes)
    spatial = context.dropoutSite(spatialDropout)
    let batch = padded(context.capacity)
    pooled = context.arena.floats(channels * batch)
    largest = context.arena.floats(channels * batch)
    places = context.arena.integers(channels * batch)
    gradient = context.arena.floats(channels * batch)
    active = context.scratch.reserve("head.active", channels * lanes)
    mask = context.scratch.reserve("head.mask", lanes)
    ones = context.scratch.reserve("head.ones", lanes)
    rows = context.scratch.reserve("head.rows", batch * padded(channels))
    context.reservePartials(classes)
  }

  /// Kept positions times 1/(1-p), for one row of `n` lanes.
  private func drawMask(_ n: Int, first: Int) -> Floats {
    let ones = context.scratch[ones]
    let mask = context.scratch[mask]
    ones.update(repeating: 1, count: n)
    spatial.apply(1, n, ones, n, into: mask, n, first: first)
    return mask
  }

  /// logits: classes×B from x: batch of d×T.
  package func forward(sequences x: Floats, into logits: Floats) {
    let n = context.stride
    let batch = padded(context.count)
    let active = context.scratch[active]
    let size = channels * n
    for sequence in 0..<context.count {
      context.kernels.mish(channels, n, x + sequence * size, n, active, n)
      let mask = drawMask(n, first: sequence * n)
      context.kernels.scaleColumns(channels, n, mask, active, n, active, n, false)
      context.kernels.rowSums(channels, context.positions, active, n, batch, pooled + sequence)
      if pooling != .average {
        context.kernels.rowMaxima(
          channels, context.positions, active, n, batch, largest + sequence, places + sequence)
      }
    }
    clearLanes(from: context.count, batch)
    combine(positions: context.positions, batch)
    linear.forward(batch, pooled, batch, into: logits, batch)
  }

  /// dx: batch of d×T, from dlogits: classes×B.
  package func backward(sequences x: Floats, _ dlogits: Floats, into dx: Floats) {
    let n = context.stride
    let batch = padded(context.count)
    let size = channels * n
    let positions = context.positions
    let (average, maximum) = shares(positions: positions)
    backwardLinear(dlogits, batch)
    for sequence in 0..<context.count {
      let place = dx + sequence * size
      for channel in 0..<channels {
        let upstream = gradient[channel * batch + sequence]
        let row = place + channel * n
        row.update(repeating: upstream * average, count: positions)
        (row + positions).update(repeating: 0, count: n - positions)
        if maximum > 0 { row[Int(places[channel * batch + sequence])] += upstream * maximum }
      }
      let mask = drawMask(n, first: sequence * n)
      context.kernels.scaleColumns(channels, n, mask, place, n, place, n, false)
      context.kernels.mishBackward(channels, n, x + sequence * size, n, place, n, place, n)
    }
  }

  /// logits: classes×B from the decoder's tokens, d×(L·B), query by query.
  package func forward(tokens x: Floats, queries: Int, into logits: Floats) {
    let batch = padded(context.count)
    let n = queries * batch
    let active = context.scratch[active]
    context.kernels.mish(channels, n, x, n, active, n)
    let mask = drawMask(n, first: 0)
    context.kernels.scaleColumns(channels, n, mask, active, n, active, n, false)
    for channel in 0..<channels {
      let row = active + channel * n
      for lane in 0..<batch {
        var total = row[lane]
        var best = row[lane]
        var place: Int32 = 0
        for query in 1..<max(queries, 1) {
          let value = row[query * batch + lane]
          total += value
          if value > best { (best, place) = (value, Int32(query)) }
        }
        pooled[channel * batch + lane] = total
        largest[channel * batch + lane] = best
        places[channel * batch + lane] = place
      }
    }
    combine(positions: queries, batch)
    linear.forward(batch, pooled, batch, into: logits, batch)
  }

  package func backward(tokens x: Floats, queries: Int, _ dlogits: Floats, into dx: Floats) {
    let batch = padded(context.count)
    let n = queries * batch
    let (average, maximum) = shares(positions: queries)
    backwardLinear(dlogits, batch)
    for channel in 0..<channels {
      for lane in 0..<batch {
        let upstream = gradient[channel * batch + lane]
        for query in 0..<queries { dx[channel * n + query * batch + lane] = upstream * average }
        if maximum > 0 {
          dx[channel * n + Int(places[channel * batch + lane]) * batch + lane] += upstream * maximum
        }
      }
    }
    let mask = drawMask(n, first: 0)
    context.kernels.scaleColumns(channels, n, mask, dx, n, dx, n, false)
    context.kernels.mishBackward(channels, n, x, n, dx, n, dx, n)
  }

  /// Weight of the mean's terms and of the maximum.
  private func shares(positions: Int) -> (average: Float, maximum: Float) {
    switch pooling {
    case .average: (1 / Float(positions), 0)
    case .maximum: (0, 1)
    case .mixed: (0.5 / Float(positions), 0.5)
    }
  }

  private func combine(positions: Int, _ batch: Int) {
    let (average, maximum) = shares(positions: positions)
    for index in 0..<channels * batch { pooled[index] = pooled[index] * average + largest[index] * maximum }
  }

  private func clearLanes(from lane: Int, _ batch: Int) {
    guard lane < batch else { return }
    for channel in 0..<channels {
      (pooled + channel * batch + lane).update(repeating: 0, count: batch - lane)
      (largest + channel * batch + lane).update(repeating: 0, count: batch - lane)
    }
  }

  private func backwardLinear(_ dlogits: Floats, _ batch: Int) {
    let rows = context.scratch[rows]
    context.withPartials(linear.sums) { partials in
      context.kernels.addRowSums(classes, batch, dlogits, batch, partials)
    }
    context.kernels.transpose(channels, batch, pooled, batch, rows, padded(channels))
    linear.backwardWeight(batch, dlogits, batch, rows: rows)
    linear.backwardInput(batch, dlogits, batch, into: gradient, batch)
  }
}
