// The grouped convolution over one numeric feature and the time encoding.

/// y[o, t] = bias[o] + Σ_k w[o·ldw + k]·x[t + k], for o < outputs; x begins k/2 positions before the sequence and is zero
/// outside it.
@inline(never)
public func slideForward(
  _ outputs: Int, _ n: Int, _ taps: Int, _ x: UnsafeMutablePointer<Float>, _ w: UnsafePointer<Float>, _ ldw: Int,
  _ bias: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ ldy: Int
) {
  for o in 0..<outputs {
    var j = 0
    while j < n {
      var total = broadcast(bias[o])
      for k in 0..<taps { total = plus(total, broadcast(w[o &* ldw &+ k]), load(x, j &+ k)) }
      store(y, o &* ldy &+ j, total)
      j &+= lanes
    }
  }
}

/// partials[(o·taps + k)·16 …] += Σ_t dy[o, t]·x[t + k], lane by lane.
@inline(never)
public func slideBackward(
  _ outputs: Int, _ n: Int, _ taps: Int, _ x: UnsafeMutablePointer<Float>, _ dy: UnsafeMutablePointer<Float>,
  _ lddy: Int, _ partials: UnsafeMutablePointer<Float>
) {
  for o in 0..<outputs {
    for k in 0..<taps {
      let place = (o &* taps &+ k) &* lanes
      var total = load(partials, place)
      var j = 0
      while j < n {
        total = plus(total, load(dy, o &* lddy &+ j), load(x, j &+ k))
        j &+= lanes
      }
      store(partials, place, total)
    }
  }
}

/// y[c, t] += sin or cos (even or odd c) of time[t]·frequency[c]; the argument lies in [0, 1], where the Taylor series to
/// the eleventh and twelfth power is exact to single precision.
@inline(never)
public func addTimeEncoding(
  _ channels: Int, _ n: Int, _ time: UnsafeMutablePointer<Float>, _ frequency: UnsafePointer<Float>,
  _ y: UnsafeMutablePointer<Float>, _ ldy: Int
) {
  for c in 0..<channels {
    let rate = broadcast(frequency[c])
    var j = 0
    while j < n {
      let x = load(time, j) * rate
      let square = x * x
      var value: Vector
      if c & 1 == 0 {
        value = broadcast(-2.505_210_8e-8)
        value = plus(broadcast(2.755_731_9e-6), value, square)
        value = plus(broadcast(-1.984_127e-4), value, square)
        value = plus(broadcast(8.333_333_3e-3), value, square)
        value = plus(broadcast(-1.666_666_7e-1), value, square)
        value = plus(x, value * square, x)
      } else {
        value = broadcast(-2.755_731_9e-7)
        value = plus(broadcast(2.480_158_7e-5), value, square)
        value = plus(broadcast(-1.388_888_9e-3), value, square)
        value = plus(broadcast(4.166_666_7e-2), value, square)
        value = plus(broadcast(-0.5), value, square)
        value = plus(broadcast(1), value, square)
      }
      store(y, c &* ldy &+ j, load(y, c &* ldy &+ j) + value)
      j &+= lanes
    }
  }
}
