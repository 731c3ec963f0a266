/// For each row of x: rows×n, over its first `valid` elements: `sums[r·stride]`, and the largest element with its first
/// position in `maxima[r·stride]` and `positions[r·stride]`.
@inline(never)
public func rowSumsAndMaxima(
  _ rows: Int, _ valid: Int, _ x: UnsafeMutablePointer<Float>, _ ldx: Int, _ stride: Int,
  _ sums: UnsafeMutablePointer<Float>, _ maxima: UnsafeMutablePointer<Float>, _ positions: UnsafeMutablePointer<Int32>
) {
  for r in 0..<rows {
    var total = Vector.zero
    var highest = broadcast(-.infinity)
    var where_ = SIMD16<Int32>.zero
    var j = 0
    while j < valid {
      let place = unsafeBitCast(laneNumbers &+ Words(repeating: UInt32(truncatingIfNeeded: j)), to: SIMD16<Int32>.self)
      let inside = place .< SIMD16<Int32>(repeating: Int32(truncatingIfNeeded: valid))
      let value = load(x, r &* ldx &+ j)
      total += select(inside, value, .zero)
      let larger = (value .> highest) .& inside
      highest = select(larger, value, highest)
      where_.replace(with: place, where: larger)
      j &+= lanes
    }
    var best = highest[0]
    var position = where_[0]
    for lane in 1..<lanes {
      let value = highest[lane]
      if value > best || (value == best && where_[lane] < position) {
        best = value
        position = where_[lane]
      }
    }
    sums[r &* stride] = sum(total)
    maxima[r &* stride] = best
    positions[r &* stride] = position
  }
}
