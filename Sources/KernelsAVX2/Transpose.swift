/// Y[j·ldy + i] = X[i·ldx + j] for i < rows, j < columns. Lanes of Y from `rows` up to the next multiple of 16 become 0;
/// X is read up to the next multiple of 16 columns, so its rows must be padded.
@inline(never)
public func transpose(
  _ rows: Int, _ columns: Int, _ x: UnsafePointer<Float>, _ ldx: Int, _ y: UnsafeMutablePointer<Float>, _ ldy: Int
) {
  var i = 0
  while i < rows {
    let height = min(lanes, rows &- i)
    var j = 0
    while j < columns {
      transposeBlock(x + (i &* ldx &+ j), ldx, height, y + (j &* ldy &+ i), ldy, min(lanes, columns &- j))
      j &+= lanes
    }
    i &+= lanes
  }
}

/// Whole blocks take the branch without tests.
@inline(__always) private func transposeBlock(
  _ x: UnsafePointer<Float>, _ ldx: Int, _ height: Int, _ y: UnsafeMutablePointer<Float>, _ ldy: Int, _ width: Int
) {
  if height == lanes && width == lanes {
    shuffleBlock(x, ldx, lanes, y, ldy, lanes)
  } else {
    shuffleBlock(x, ldx, height, y, ldy, width)
  }
}

/// Four perfect shuffles of sixteen rows are a transposition.
@inline(__always) private func shuffleBlock(
  _ x: UnsafePointer<Float>, _ ldx: Int, _ height: Int, _ y: UnsafeMutablePointer<Float>, _ ldy: Int, _ width: Int
) {
  @inline(__always) func row(_ index: Int) -> Vector {
    index < height ? UnsafeRawPointer(x + index &* ldx).loadUnaligned(as: Vector.self) : .zero
  }
  var r0 = row(0), r1 = row(1), r2 = row(2), r3 = row(3), r4 = row(4), r5 = row(5), r6 = row(6), r7 = row(7)
  var r8 = row(8), r9 = row(9), ra = row(10), rb = row(11), rc = row(12), rd = row(13), re = row(14), rf = row(15)
  @inline(__always) func shuffle() {
    let s0 = interleaveLow(r0, r8), s1 = interleaveHigh(r0, r8), s2 = interleaveLow(r1, r9)
    let s3 = interleaveHigh(r1, r9), s4 = interleaveLow(r2, ra), s5 = interleaveHigh(r2, ra)
    let s6 = interleaveLow(r3, rb), s7 = interleaveHigh(r3, rb), s8 = interleaveLow(r4, rc)
    let s9 = interleaveHigh(r4, rc), sa = interleaveLow(r5, rd), sb = interleaveHigh(r5, rd)
    let sc = interleaveLow(r6, re), sd = interleaveHigh(r6, re), se = interleaveLow(r7, rf)
    let sf = interleaveHigh(r7, rf)
    r0 = s0
    r1 = s1
    r2 = s2
    r3 = s3
    r4 = s4
    r5 = s5
    r6 = s6
    r7 = s7
    r8 = s8
    r9 = s9
    ra = sa
    rb = sb
    rc = sc
    rd = sd
    re = se
    rf = sf
  }
  shuffle()
  shuffle()
  shuffle()
  shuffle()
  @inline(__always) func put(_ index: Int, _ value: Vector) {
    if index < width { store(y, index &* ldy, value) }
  }
  put(0, r0)
  put(1, r1)
  put(2, r2)
  put(3, r3)
  put(4, r4)
  put(5, r5)
  put(6, r6)
  put(7, r7)
  put(8, r8)
  put(9, r9)
  put(10, ra)
  put(11, rb)
  put(12, rc)
  put(13, rd)
  put(14, re)
  put(15, rf)
}
