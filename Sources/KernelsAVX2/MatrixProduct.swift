/// C[i,j] = start + Σ_p A[i·aRow + p·aStep] · B[p·ldb + j], for i < m, j < n, p < k; n is a multiple of 16.
///
/// `aRow` and `aStep` choose the form: (lda, 1) is A·B, (1, lda) is Aᵀ·B. `start` is C itself when `accumulate`, else
/// `bias[i]`, else 0. Each element is one chain of fused products in the order of p: the tile's shape changes the speed
/// and no bit. B is read from cache without packing: k·64 floats should fit in the second level.
@inline(never)
public func matrixProduct(
  _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>, _ aRow: Int, _ aStep: Int, _ b: UnsafePointer<Float>,
  _ ldb: Int, _ c: UnsafeMutablePointer<Float>, _ ldc: Int, _ accumulate: Bool, _ bias: UnsafePointer<Float>?
) {
  #if AVX512
    let tall = 8
    let wide = 2 &* lanes
  #else
    let tall = 6
    let wide = lanes
  #endif
  var j = 0
  while j < n {
    let twoVectors = wide == 2 &* lanes && j &+ wide <= n
    var i = 0
    while i < m {
      let rows = min(tall, m &- i)
      let tile = Tile(
        a: a + i &* aRow, aRow: aRow, aStep: aStep, b: b + j, ldb: ldb, c: c + (i &* ldc &+ j), ldc: ldc, k: k,
        accumulate: accumulate, bias: bias.map { $0 + i }, rows: rows)
      #if AVX512
        if rows == 8 {
          if twoVectors { tile.multiply8x2() } else { tile.multiply8x1() }
        } else {
          if rows > 4 { tile.multiply4(first: 0, two: twoVectors) }
          tile.multiply4(first: rows > 4 ? 4 : 0, two: twoVectors)
        }
      #else
        if rows == 6 {
          tile.multiply6x1()
        } else {
          if rows > 3 { tile.multiply3x1(first: 0) }
          tile.multiply3x1(first: rows > 3 ? 3 : 0)
        }
      #endif
      i &+= tall
    }
    j &+= twoVectors ? 2 &* lanes : lanes
  }
}

/// A block of C that stays in registers while p runs.
private struct Tile {
  let a: UnsafePointer<Float>
  let aRow: Int
  let aStep: Int
  let b: UnsafePointer<Float>
  let ldb: Int
  let c: UnsafeMutablePointer<Float>
  let ldc: Int
  let k: Int
  let accumulate: Bool
  let bias: UnsafePointer<Float>?
  let rows: Int

  @inline(__always) func start(_ row: Int, _ column: Int) -> Vector {
    if accumulate { return load(c, row &* ldc &+ column) }
    if let bias { return broadcast(bias[row]) }
    return .zero
  }

  @inline(__always) func finish(_ row: Int, _ column: Int, _ value: Vector) {
    store(c, row &* ldc &+ column, value)
  }

  @inline(__always) func right(_ pointer: UnsafePointer<Float>, _ index: Int) -> Vector {
    UnsafeRawPointer(pointer + index).loadUnaligned(as: Vector.self)
  }

  #if AVX512
    @inline(__always) func multiply8x2() {
      var c00 = start(0, 0), c01 = start(0, lanes), c10 = start(1, 0), c11 = start(1, lanes)
      var c20 = start(2, 0), c21 = start(2, lanes), c30 = start(3, 0), c31 = start(3, lanes)
      var c40 = start(4, 0), c41 = start(4, lanes), c50 = start(5, 0), c51 = start(5, lanes)
      var c60 = start(6, 0), c61 = start(6, lanes), c70 = start(7, 0), c71 = start(7, lanes)
      var ap = a
      var aq = a + 4 &* aRow
      var bp = b
      var p = 0
      while p < k {
        let b0 = right(bp, 0), b1 = right(bp, lanes)
        var x = broadcast(ap[0])
        c00 = fused(c00, x, b0)
        c01 = fused(c01, x, b1)
        x = broadcast(ap[aRow])
        c10 = fused(c10, x, b0)
        c11 = fused(c11, x, b1)
        x = broadcast(ap[2 &* aRow])
        c20 = fused(c20, x, b0)
        c21 = fused(c21, x, b1)
        x = broadcast(ap[3 &* aRow])
        c30 = fused(c30, x, b0)
        c31 = fused(c31, x, b1)
        x = broadcast(aq[0])
        c40 = fused(c40, x, b0)
        c41 = fused(c41, x, b1)
        x = broadcast(aq[aRow])
        c50 = fused(c50, x, b0)
        c51 = fused(c51, x, b1)
        x = broadcast(aq[2 &* aRow])
        c60 = fused(c60, x, b0)
        c61 = fused(c61, x, b1)
        x = broadcast(aq[3 &* aRow])
        c70 = fused(c70, x, b0)
        c71 = fused(c71, x, b1)
        ap += aStep
        aq += aStep
        bp += ldb
        p &+= 1
      }
      finish(0, 0, c00)
      finish(0, lanes, c01)
      finish(1, 0, c10)
      finish(1, lanes, c11)
      finish(2, 0, c20)
      finish(2, lanes, c21)
      finish(3, 0, c30)
      finish(3, lanes, c31)
      finish(4, 0, c40)
      finish(4, lanes, c41)
      finish(5, 0, c50)
      finish(5, lanes, c51)
      finish(6, 0, c60)
      finish(6, lanes, c61)
      finish(7, 0, c70)
      finish(7, lanes, c71)
    }

    @inline(__always) func multiply8x1() {
      var c0 = start(0, 0), c1 = start(1, 0), c2 = start(2, 0), c3 = start(3, 0)
      var c4 = start(4, 0), c5 = start(5, 0), c6 = start(6, 0), c7 = start(7, 0)
      var ap = a
      var aq = a + 4 &* aRow
      var bp = b
      var p = 0
      while p < k {
        let b0 = right(bp, 0)
        c0 = fused(c0, broadcast(ap[0]), b0)
        c1 = fused(c1, broadcast(ap[aRow]), b0)
        c2 = fused(c2, broadcast(ap[2 &* aRow]), b0)
        c3 = fused(c3, broadcast(ap[3 &* aRow]), b0)
        c4 = fused(c4, broadcast(aq[0]), b0)
        c5 = fused(c5, broadcast(aq[aRow]), b0)
        c6 = fused(c6, broadcast(aq[2 &* aRow]), b0)
        c7 = fused(c7, broadcast(aq[3 &* aRow]), b0)
        ap += aStep
        aq += aStep
        bp += ldb
        p &+= 1
      }
      finish(0, 0, c0)
      finish(1, 0, c1)
      finish(2, 0, c2)
      finish(3, 0, c3)
      finish(4, 0, c4)
      finish(5, 0, c5)
      finish(6, 0, c6)
      finish(7, 0, c7)
    }

    /// Up to four rows; rows past the end repeat the last one and store the same value again.
    @inline(__always) func multiply4(first: Int, two: Bool) {
      let r0 = first
      let r1 = min(first &+ 1, rows &- 1)
      let r2 = min(first &+ 2, rows &- 1)
      let r3 = min(first &+ 3, rows &- 1)
      var a0 = a + r0 &* aRow
      var a1 = a + r1 &* aRow
      var a2 = a + r2 &* aRow
      var a3 = a + r3 &* aRow
      var bp = b
      var c00 = start(r0, 0), c10 = start(r1, 0), c20 = start(r2, 0), c30 = start(r3, 0)
      var p = 0
      if two {
        var c01 = start(r0, lanes), c11 = start(r1, lanes), c21 = start(r2, lanes), c31 = start(r3, lanes)
        while p < k {
          let b0 = right(bp, 0), b1 = right(bp, lanes)
          var x = broadcast(a0[0])
          c00 = fused(c00, x, b0)
          c01 = fused(c01, x, b1)
          x = broadcast(a1[0])
          c10 = fused(c10, x, b0)
          c11 = fused(c11, x, b1)
          x = broadcast(a2[0])
          c20 = fused(c20, x, b0)
          c21 = fused(c21, x, b1)
          x = broadcast(a3[0])
          c30 = fused(c30, x, b0)
          c31 = fused(c31, x, b1)
          a0 += aStep
          a1 += aStep
          a2 += aStep
          a3 += aStep
          bp += ldb
          p &+= 1
        }
        finish(r0, lanes, c01)
        finish(r1, lanes, c11)
        finish(r2, lanes, c21)
        finish(r3, lanes, c31)
      } else {
        while p < k {
          let b0 = right(bp, 0)
          c00 = fused(c00, broadcast(a0[0]), b0)
          c10 = fused(c10, broadcast(a1[0]), b0)
          c20 = fused(c20, broadcast(a2[0]), b0)
          c30 = fused(c30, broadcast(a3[0]), b0)
          a0 += aStep
          a1 += aStep
          a2 += aStep
          a3 += aStep
          bp += ldb
          p &+= 1
        }
      }
      finish(r0, 0, c00)
      finish(r1, 0, c10)
      finish(r2, 0, c20)
      finish(r3, 0, c30)
    }
  #else
    @inline(__always) func multiply6x1() {
      var c0 = start(0, 0), c1 = start(1, 0), c2 = start(2, 0)
      var c3 = start(3, 0), c4 = start(4, 0), c5 = start(5, 0)
      var ap = a
      var bp = b
      var p = 0
      while p < k {
        let b0 = right(bp, 0)
        c0 = fused(c0, broadcast(ap[0]), b0)
        c1 = fused(c1, broadcast(ap[aRow]), b0)
        c2 = fused(c2, broadcast(ap[2 &* aRow]), b0)
        c3 = fused(c3, broadcast(ap[3 &* aRow]), b0)
        c4 = fused(c4, broadcast(ap[4 &* aRow]), b0)
        c5 = fused(c5, broadcast(ap[5 &* aRow]), b0)
        ap += aStep
        bp += ldb
        p &+= 1
      }
      finish(0, 0, c0)
      finish(1, 0, c1)
      finish(2, 0, c2)
      finish(3, 0, c3)
      finish(4, 0, c4)
      finish(5, 0, c5)
    }

    /// Up to three rows; rows past the end repeat the last one and store the same value again.
    @inline(__always) func multiply3x1(first: Int) {
      let r0 = first
      let r1 = min(first &+ 1, rows &- 1)
      let r2 = min(first &+ 2, rows &- 1)
      var a0 = a + r0 &* aRow
      var a1 = a + r1 &* aRow
      var a2 = a + r2 &* aRow
      var bp = b
      var c0 = start(r0, 0), c1 = start(r1, 0), c2 = start(r2, 0)
      var p = 0
      while p < k {
        let b0 = right(bp, 0)
        c0 = fused(c0, broadcast(a0[0]), b0)
        c1 = fused(c1, broadcast(a1[0]), b0)
        c2 = fused(c2, broadcast(a2[0]), b0)
        a0 += aStep
        a1 += aStep
        a2 += aStep
        bp += ldb
        p &+= 1
      }
      finish(r0, 0, c0)
      finish(r1, 0, c1)
      finish(r2, 0, c2)
    }
  #endif
}
