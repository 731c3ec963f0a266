// Mish(x) = x·tanh(ln(1 + eˣ)) (Misra, 2019). With e = eˣ and s = e·(e + 2): Mish = x·s / (s + 2).
// Above 20, s overflows nothing and the quotient is 1 in single precision, so x is clamped inside the exponential only.

@_transparent private func gate(_ x: Vector) -> (e: Vector, s: Vector) {
  let clamped = select(x .> broadcast(20), broadcast(20), x)
  let e = exponential(clamped)
  return (e, e * (e + broadcast(2)))
}

/// y = Mish(x), rows×n; `y` may be x.
@inline(never)
public func mish(
  _ rows: Int, _ n: Int, _ x: UnsafeMutablePointer<Float>, _ ldx: Int, _ y: UnsafeMutablePointer<Float>, _ ldy: Int
) {
  for r in 0..<rows {
    var j = 0
    while j < n {
      let value = load(x, r &* ldx &+ j)
      let (_, s) = gate(value)
      store(y, r &* ldy &+ j, value * (s / (s + broadcast(2))))
      j &+= lanes
    }
  }
}

/// dx = dy·Mish′(x) = dy·(w + x·w′), w = s/(s+2), w′ = 4e(e+1)/(s+2)²; `dx` may be dy.
@inline(never)
public func mishBackward(
  _ rows: Int, _ n: Int, _ x: UnsafeMutablePointer<Float>, _ ldx: Int, _ dy: UnsafeMutablePointer<Float>, _ lddy: Int,
  _ dx: UnsafeMutablePointer<Float>, _ lddx: Int
) {
  for r in 0..<rows {
    var j = 0
    while j < n {
      let value = load(x, r &* ldx &+ j)
      let (e, s) = gate(value)
      let inverse = broadcast(1) / (s + broadcast(2))
      let slope = broadcast(4) * e * (e + broadcast(1)) * inverse * inverse
      let derivative = plus(s * inverse, value, slope)
      store(dx, r &* lddx &+ j, load(dy, r &* lddy &+ j) * derivative)
      j &+= lanes
    }
  }
}

/// y = tanh(x), rows×n; `y` may be x.
@inline(never)
public func squash(
  _ rows: Int, _ n: Int, _ x: UnsafeMutablePointer<Float>, _ ldx: Int, _ y: UnsafeMutablePointer<Float>, _ ldy: Int
) {
  for r in 0..<rows {
    var j = 0
    while j < n {
      store(y, r &* ldy &+ j, hyperbolicTangent(load(x, r &* ldx &+ j)))
      j &+= lanes
    }
  }
}

/// dx = dy·(1 - y²) for y = tanh(x); `dx` may be dy.
@inline(never)
public func squashBackward(
  _ rows: Int, _ n: Int, _ y: UnsafeMutablePointer<Float>, _ ldy: Int, _ dy: UnsafeMutablePointer<Float>, _ lddy: Int,
  _ dx: UnsafeMutablePointer<Float>, _ lddx: Int
) {
  for r in 0..<rows {
    var j = 0
    while j < n {
      let value = load(y, r &* ldy &+ j)
      store(dx, r &* lddx &+ j, load(dy, r &* lddy &+ j) * (broadcast(1) - value * value))
      j &+= lanes
    }
  }
}
