// ReLU(x) = max(x, 0) on rows×n matrices (n a multiple of 16); NaN stays NaN.

/// y = ReLU(x); `y` may be x.
@inline(never)
public func rectify(
  _ rows: Int, _ n: Int, _ x: UnsafeMutablePointer<Float>, _ ldx: Int, _ y: UnsafeMutablePointer<Float>, _ ldy: Int
) {
  for r in 0..<rows {
    var j = 0
    while j < n {
      let value = load(x, r &* ldx &+ j)
      store(y, r &* ldy &+ j, select(value .< .zero, .zero, value))
      j &+= lanes
    }
  }
}

/// dx = dy where y > 0, else 0, from y = ReLU(x); `dx` may be dy.
@inline(never)
public func rectifyBackward(
  _ rows: Int, _ n: Int, _ y: UnsafeMutablePointer<Float>, _ ldy: Int, _ dy: UnsafeMutablePointer<Float>, _ lddy: Int,
  _ dx: UnsafeMutablePointer<Float>, _ lddx: Int
) {
  for r in 0..<rows {
    var j = 0
    while j < n {
      let open = load(y, r &* ldy &+ j) .> .zero
      store(dx, r &* lddx &+ j, select(open, load(dy, r &* lddy &+ j), .zero))
      j &+= lanes
    }
  }
}
