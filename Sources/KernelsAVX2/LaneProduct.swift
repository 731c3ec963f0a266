// Many small products at once, one a lane: every element of the matrices is a row of n lanes, n a multiple of 16.

#if AVX512
  private let side = 4
#else
  private let side = 2
#endif

/// C[i, j] (+)= Σ_p A[i, p]·B[p, j] in each of n lanes, for i < m, j < width, p < k.
///
/// An element begins at row·(its matrix's row step) + column·(its matrix's column step). Each is one chain of fused
/// products in the order of p.
@inline(never)
public func laneProduct(
  _ m: Int, _ width: Int, _ k: Int, _ n: Int, _ a: UnsafeMutablePointer<Float>, _ aRow: Int, _ aColumn: Int,
  _ b: UnsafeMutablePointer<Float>, _ bRow: Int, _ bColumn: Int, _ c: UnsafeMutablePointer<Float>, _ cRow: Int,
  _ cColumn: Int, _ accumulate: Bool
) {
  var lane = 0
  while lane < n {
    var i = 0
    while i < m {
      let tall = m &- i >= side
      var j = 0
      while j < width {
        let wide = width &- j >= side
        let tile = LaneTile(
          k: k, a: a + (i &* aRow &+ lane), aRow: aRow, aColumn: aColumn, b: b + (j &* bColumn &+ lane), bRow: bRow,
          bColumn: bColumn, c: c + (i &* cRow &+ j &* cColumn &+ lane), cRow: cRow, cColumn: cColumn,
          accumulate: accumulate)
        if tall && wide {
          #if AVX512
            tile.multiply4x4()
          #else
            tile.multiply2x2()
          #endif
        } else {
          for row in 0..<min(side, m &- i) {
            for column in 0..<min(side, width &- j) { tile.multiply1x1(row, column) }
          }
        }
        j &+= side
      }
      i &+= side
    }
    lane &+= lanes
  }
}

/// A block of C in sixteen lanes that stays in registers while p runs.
private struct LaneTile {
  let k: Int
  let a: UnsafeMutablePointer<Float>
  let aRow: Int
  let aColumn: Int
  let b: UnsafeMutablePointer<Float>
  let bRow: Int
  let bColumn: Int
  let c: UnsafeMutablePointer<Float>
  let cRow: Int
  let cColumn: Int
  let accumulate: Bool

  @inline(__always) func start(_ row: Int, _ column: Int) -> Vector {
    accumulate ? load(c, row &* cRow &+ column &* cColumn) : .zero
  }

  @inline(__always) func finish(_ row: Int, _ column: Int, _ value: Vector) {
    store(c, row &* cRow &+ column &* cColumn, value)
  }

  @inline(__always) func multiply1x1(_ row: Int, _ column: Int) {
    var total = start(row, column)
    for p in 0..<k {
      total = fused(total, load(a, row &* aRow &+ p &* aColumn), load(b, p &* bRow &+ column &* bColumn))
    }
    finish(row, column, total)
  }

  #if AVX512
    @inline(__always) func multiply4x4() {
      var c00 = start(0, 0), c01 = start(0, 1), c02 = start(0, 2), c03 = start(0, 3)
      var c10 = start(1, 0), c11 = start(1, 1), c12 = start(1, 2), c13 = start(1, 3)
      var c20 = start(2, 0), c21 = start(2, 1), c22 = start(2, 2), c23 = start(2, 3)
      var c30 = start(3, 0), c31 = start(3, 1), c32 = start(3, 2), c33 = start(3, 3)
      var left = a
      var right = b
      for _ in 0..<k {
        let b0 = load(right, 0), b1 = load(right, bColumn)
        let b2 = load(right, 2 &* bColumn), b3 = load(right, 3 &* bColumn)
        let a0 = load(left, 0)
        c00 = fused(c00, a0, b0)
        c01 = fused(c01, a0, b1)
        c02 = fused(c02, a0, b2)
        c03 = fused(c03, a0, b3)
        let a1 = load(left, aRow)
        c10 = fused(c10, a1, b0)
        c11 = fused(c11, a1, b1)
        c12 = fused(c12, a1, b2)
        c13 = fused(c13, a1, b3)
        let a2 = load(left, 2 &* aRow)
        c20 = fused(c20, a2, b0)
        c21 = fused(c21, a2, b1)
        c22 = fused(c22, a2, b2)
        c23 = fused(c23, a2, b3)
        let a3 = load(left, 3 &* aRow)
        c30 = fused(c30, a3, b0)
        c31 = fused(c31, a3, b1)
        c32 = fused(c32, a3, b2)
        c33 = fused(c33, a3, b3)
        left += aColumn
        right += bRow
      }
      finish(0, 0, c00)
      finish(0, 1, c01)
      finish(0, 2, c02)
      finish(0, 3, c03)
      finish(1, 0, c10)
      finish(1, 1, c11)
      finish(1, 2, c12)
      finish(1, 3, c13)
      finish(2, 0, c20)
      finish(2, 1, c21)
      finish(2, 2, c22)
      finish(2, 3, c23)
      finish(3, 0, c30)
      finish(3, 1, c31)
      finish(3, 2, c32)
      finish(3, 3, c33)
    }
  #else
    @inline(__always) func multiply2x2() {
      var c00 = start(0, 0), c01 = start(0, 1), c10 = start(1, 0), c11 = start(1, 1)
      var left = a
      var right = b
      for _ in 0..<k {
        let a0 = load(left, 0), a1 = load(left, aRow)
        let b0 = load(right, 0), b1 = load(right, bColumn)
        c00 = fused(c00, a0, b0)
        c01 = fused(c01, a0, b1)
        c10 = fused(c10, a1, b0)
        c11 = fused(c11, a1, b1)
        left += aColumn
        right += bRow
      }
      finish(0, 0, c00)
      finish(0, 1, c01)
      finish(1, 0, c10)
      finish(1, 1, c11)
    }
  #endif
}
