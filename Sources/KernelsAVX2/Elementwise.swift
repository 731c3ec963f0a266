// Element-wise work on rows×n matrices (n a multiple of 16).

/// y (+)= factor·x.
@inline(never)
public func scaleAdd(
  _ rows: Int, _ n: Int, _ x: UnsafeMutablePointer<Float>, _ ldx: Int, _ factor: Float,
  _ y: UnsafeMutablePointer<Float>, _ ldy: Int, _ accumulate: Bool
) {
  let weight = broadcast(factor)
  for r in 0..<rows {
    var j = 0
    while j < n {
      let value = load(x, r &* ldx &+ j)
      store(y, r &* ldy &+ j, accumulate ? plus(load(y, r &* ldy &+ j), value, weight) : value * weight)
      j &+= lanes
    }
  }
}

/// y = residual + keep(x)/(1-p), where an element is kept when its random word is at least `threshold`; without
/// residual, y = keep(x)/(1-p). The word is a hash of key and of counter + r·n + j, so that the backward pass makes the
/// same mask again and none is stored. `threshold` 0 keeps all. `y` may be x or residual.
@inline(never)
public func dropoutAdd(
  _ rows: Int, _ n: Int, _ x: UnsafeMutablePointer<Float>, _ ldx: Int, _ residual: UnsafeMutablePointer<Float>?,
  _ ldr: Int, _ y: UnsafeMutablePointer<Float>, _ ldy: Int, _ key: UInt32, _ counter: UInt32, _ threshold: UInt32,
  _ keptScale: Float
) {
  let scale = broadcast(keptScale)
  let limit = Words(repeating: threshold)
  for r in 0..<rows {
    var j = 0
    while j < n {
      var value = load(x, r &* ldx &+ j)
      if threshold != 0 {
        let first = counter &+ UInt32(truncatingIfNeeded: r &* n &+ j)
        let word = mix(Words(repeating: first) &+ laneNumbers, key)
        let kept = word .>= limit
        value = select(kept, value * scale, .zero)
      }
      if let residual { value += load(residual, r &* ldr &+ j) }
      store(y, r &* ldy &+ j, value)
      j &+= lanes
    }
  }
}

/// partials[r·16 …] += Σ_j x[r, j], lane by lane: the gradient of a bias, still in 16 parts.
@inline(never)
public func addRowSums(
  _ rows: Int, _ n: Int, _ x: UnsafeMutablePointer<Float>, _ ldx: Int, _ partials: UnsafeMutablePointer<Float>
) {
  for r in 0..<rows {
    var total = load(partials, r &* lanes)
    var j = 0
    while j < n {
      total += load(x, r &* ldx &+ j)
      j &+= lanes
    }
    store(partials, r &* lanes, total)
  }
}

/// partials[0…15] += Σ x∘y over all rows, lane by lane.
@inline(never)
public func addProductSum(
  _ rows: Int, _ n: Int, _ x: UnsafeMutablePointer<Float>, _ ldx: Int, _ y: UnsafeMutablePointer<Float>, _ ldy: Int,
  _ partials: UnsafeMutablePointer<Float>
) {
  var total = load(partials, 0)
  for r in 0..<rows {
    var j = 0
    while j < n {
      total = plus(total, load(x, r &* ldx &+ j), load(y, r &* ldy &+ j))
      j &+= lanes
    }
  }
  store(partials, 0, total)
}

/// sums[r] += the sixteen parts of row r, as a fixed tree.
@inline(never)
public func finishPartials(_ rows: Int, _ partials: UnsafeMutablePointer<Float>, _ sums: UnsafeMutablePointer<Float>) {
  for r in 0..<rows { sums[r] += sum(load(partials, r &* lanes)) }
}

/// s[j] (+)= Σ_r x[r, j]·y[r, j].
@inline(never)
public func columnDots(
  _ rows: Int, _ n: Int, _ x: UnsafeMutablePointer<Float>, _ ldx: Int, _ y: UnsafeMutablePointer<Float>, _ ldy: Int,
  _ s: UnsafeMutablePointer<Float>, _ accumulate: Bool
) {
  var j = 0
  while j < n {
    var total = accumulate ? load(s, j) : .zero
    for r in 0..<rows { total = plus(total, load(x, r &* ldx &+ j), load(y, r &* ldy &+ j)) }
    store(s, j, total)
    j &+= lanes
  }
}

/// y[r, j] (+)= s[j]·x[r, j].
@inline(never)
public func scaleColumns(
  _ rows: Int, _ n: Int, _ s: UnsafeMutablePointer<Float>, _ x: UnsafeMutablePointer<Float>, _ ldx: Int,
  _ y: UnsafeMutablePointer<Float>, _ ldy: Int, _ accumulate: Bool
) {
  for r in 0..<rows {
    var j = 0
    while j < n {
      let product = load(s, j) * load(x, r &* ldx &+ j)
      store(y, r &* ldy &+ j, accumulate ? load(y, r &* ldy &+ j) + product : product)
      j &+= lanes
    }
  }
}
