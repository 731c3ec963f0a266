// Softmax over the rows of s: rows×n, one distribution a lane. No lane ever meets another.

/// s = softmax(scale·s) down each column, in place.
@inline(never)
public func softmaxColumns(_ rows: Int, _ n: Int, _ s: UnsafeMutablePointer<Float>, _ lds: Int, _ scale: Float) {
  let factor = broadcast(scale)
  var j = 0
  while j < n {
    var highest = load(s, j)
    for r in 1..<max(rows, 1) {
      let value = load(s, r &* lds &+ j)
      highest = select(value .> highest, value, highest)
    }
    let offset = highest * factor
    var total = Vector.zero
    for r in 0..<rows {
      let e = boundedExponential(plus(-offset, load(s, r &* lds &+ j), factor))
      store(s, r &* lds &+ j, e)
      total += e
    }
    let inverse = broadcast(1) / total
    for r in 0..<rows { store(s, r &* lds &+ j, load(s, r &* lds &+ j) * inverse) }
    j &+= lanes
  }
}

/// ds = p∘(dp - Σ_rows p∘dp)·scale down each column; `ds` may be dp.
@inline(never)
public func softmaxColumnsBackward(
  _ rows: Int, _ n: Int, _ p: UnsafeMutablePointer<Float>, _ ldp: Int, _ dp: UnsafeMutablePointer<Float>, _ lddp: Int,
  _ scale: Float
) {
  let factor = broadcast(scale)
  var j = 0
  while j < n {
    var total = Vector.zero
    for r in 0..<rows { total = plus(total, load(p, r &* ldp &+ j), load(dp, r &* lddp &+ j)) }
    for r in 0..<rows {
      let difference = load(dp, r &* lddp &+ j) - total
      store(dp, r &* lddp &+ j, load(p, r &* ldp &+ j) * difference * factor)
    }
    j &+= lanes
  }
}
