/// `sums[r·stride]` = the sum of the first `valid` elements of row r of x: rows×n.
@inline(never)
public func rowSums(
  _ rows: Int, _ valid: Int, _ x: UnsafeMutablePointer<Float>, _ ldx: Int, _ stride: Int,
  _ sums: UnsafeMutablePointer<Float>
) {
  for r in 0..<rows {
    var total = Vector.zero
    var j = 0
    while j &+ lanes <= valid {
      total += load(x, r &* ldx &+ j)
      j &+= lanes
    }
    if j < valid {
      let inside = laneNumbers .< Words(repeating: UInt32(truncatingIfNeeded: valid &- j))
      total += select(inside, load(x, r &* ldx &+ j), .zero)
    }
    sums[r &* stride] = sum(total)
  }
}

/// The largest of the first `valid` elements of each row of x: rows×n, and its first position, in `maxima[r·stride]`
/// and `positions[r·stride]`.
@inline(never)
public func rowMaxima(
  _ rows: Int, _ valid: Int, _ x: UnsafeMutablePointer<Float>, _ ldx: Int, _ stride: Int,
  _ maxima: UnsafeMutablePointer<Float>, _ positions: UnsafeMutablePointer<Int32>
) {
  for r in 0..<rows {
    var highest = broadcast(-.infinity)
    var places = SIMD16<Int32>.zero
    var j = 0
    while j < valid {
      let here = unsafeBitCast(laneNumbers &+ Words(repeating: UInt32(truncatingIfNeeded: j)), to: SIMD16<Int32>.self)
      let inside = here .< SIMD16<Int32>(repeating: Int32(truncatingIfNeeded: valid))
      let value = load(x, r &* ldx &+ j)
      let larger = (value .> highest) .& inside
      highest = select(larger, value, highest)
      places.replace(with: here, where: larger)
      j &+= lanes
    }
    var best = highest[0]
    var position = places[0]
    for lane in 1..<lanes {
      let value = highest[lane]
      if value > best || (value == best && places[lane] < position) {
        best = value
        position = places[lane]
      }
    }
    maxima[r &* stride] = best
    positions[r &* stride] = position
  }
}
