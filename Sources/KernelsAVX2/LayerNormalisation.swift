// Layer normalisation over the rows of x: C×n (channels by positions), one position a lane.
// y = (x - mean)·rstd·gamma + beta, rstd = 1/√(variance + 1e-5), biased variance (PyTorch's layer_norm).

@inline(__always) private var epsilon: Float { 1e-5 }

/// Writes mean and rstd of each position (n lanes each); `y` may be x.
@inline(never)
public func layerNorm(
  _ channels: Int, _ n: Int, _ x: UnsafeMutablePointer<Float>, _ ldx: Int, _ gamma: UnsafePointer<Float>,
  _ beta: UnsafePointer<Float>, _ mean: UnsafeMutablePointer<Float>, _ rstd: UnsafeMutablePointer<Float>,
  _ y: UnsafeMutablePointer<Float>, _ ldy: Int
) {
  let share = broadcast(1) / broadcast(Float(channels))
  var j = 0
  while j < n {
    var total = Vector.zero
    for c in 0..<channels { total += load(x, c &* ldx &+ j) }
    let centre = total * share
    var squares = Vector.zero
    for c in 0..<channels {
      let difference = load(x, c &* ldx &+ j) - centre
      squares = plus(squares, difference, difference)
    }
    let inverse = broadcast(1) / (squares * share + broadcast(epsilon)).squareRoot()
    store(mean, j, centre)
    store(rstd, j, inverse)
    for c in 0..<channels {
      let normal = (load(x, c &* ldx &+ j) - centre) * inverse
      store(y, c &* ldy &+ j, plus(broadcast(beta[c]), normal, broadcast(gamma[c])))
    }
    j &+= lanes
  }
}

/// The same output from stored mean and rstd.
@inline(never)
public func layerNormAgain(
  _ channels: Int, _ n: Int, _ x: UnsafeMutablePointer<Float>, _ ldx: Int, _ gamma: UnsafePointer<Float>,
  _ beta: UnsafePointer<Float>, _ mean: UnsafeMutablePointer<Float>, _ rstd: UnsafeMutablePointer<Float>,
  _ y: UnsafeMutablePointer<Float>, _ ldy: Int
) {
  for c in 0..<channels {
    let weight = broadcast(gamma[c])
    let offset = broadcast(beta[c])
    var j = 0
    while j < n {
      let normal = (load(x, c &* ldx &+ j) - load(mean, j)) * load(rstd, j)
      store(y, c &* ldy &+ j, plus(offset, normal, weight))
      j &+= lanes
    }
  }
}

/// dx (+)= rstd·(g - mean(g) - x̂·mean(g·x̂)) with g = dy·gamma. Adds to per-channel partial sums of 16 lanes each:
/// `gammaPartials` += dy·x̂, `betaPartials` += dy. `dx` may be dy when not accumulating.
@inline(never)
public func layerNormBackward(
  _ channels: Int, _ n: Int, _ x: UnsafeMutablePointer<Float>, _ ldx: Int, _ gamma: UnsafePointer<Float>,
  _ mean: UnsafeMutablePointer<Float>, _ rstd: UnsafeMutablePointer<Float>, _ dy: UnsafeMutablePointer<Float>,
  _ lddy: Int, _ dx: UnsafeMutablePointer<Float>, _ lddx: Int, _ accumulate: Bool,
  _ gammaPartials: UnsafeMutablePointer<Float>, _ betaPartials: UnsafeMutablePointer<Float>
) {
  let share = broadcast(1) / broadcast(Float(channels))
  var j = 0
  while j < n {
    let centre = load(mean, j)
    let inverse = load(rstd, j)
    var total = Vector.zero
    var product = Vector.zero
    for c in 0..<channels {
      let normal = (load(x, c &* ldx &+ j) - centre) * inverse
      let upstream = load(dy, c &* lddy &+ j)
      store(gammaPartials, c &* lanes, plus(load(gammaPartials, c &* lanes), upstream, normal))
      store(betaPartials, c &* lanes, load(betaPartials, c &* lanes) + upstream)
      let g = upstream * broadcast(gamma[c])
      total += g
      product = plus(product, g, normal)
    }
    total *= share
    product *= share
    for c in 0..<channels {
      let normal = (load(x, c &* ldx &+ j) - centre) * inverse
      let g = load(dy, c &* lddy &+ j) * broadcast(gamma[c])
      var result = inverse * ((g - total) - normal * product)
      if accumulate { result += load(dx, c &* lddx &+ j) }
      store(dx, c &* lddx &+ j, result)
    }
    j &+= lanes
  }
}
