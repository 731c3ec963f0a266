// Boosted oblivious trees. No lane ever meets another and no product is fused with a sum, so every build of this file
// gives the same bits; `Nets` holds a third, for machines without AVX2.

private typealias Eight = SIMD8<Double>

@_transparent private func eight(_ pointer: UnsafePointer<Double>, _ index: Int) -> Eight {
  UnsafeRawPointer(pointer + index).loadUnaligned(as: Eight.self)
}

@_transparent private func put(_ value: Eight, _ pointer: UnsafeMutablePointer<Double>, _ index: Int) {
  UnsafeMutableRawPointer(pointer + index).storeBytes(of: value, as: Eight.self)
}

/// a: C, b: C; a_c = Σ_rows x_rc·g_r and b_c = Σ_rows x_rc·w_r over `count` rows of x: N×C of zeros and ones, in the
/// order in which `rows` lists them; g: N, w: N. C is a multiple of 16.
@inline(never)
package func treeHistogram(
  _ rows: UnsafePointer<Int32>, _ count: Int, _ x: UnsafePointer<Double>, _ width: Int, _ g: UnsafePointer<Double>,
  _ w: UnsafePointer<Double>, _ a: UnsafeMutablePointer<Double>, _ b: UnsafeMutablePointer<Double>
) {
  var c = 0
  while c < width {
    var a0 = Eight.zero
    var a1 = Eight.zero
    var b0 = Eight.zero
    var b1 = Eight.zero
    let column = x + c
    for place in 0..<count {
      let row = Int(rows[place])
      let x0 = eight(column, row &* width)
      let x1 = eight(column, row &* width &+ 8)
      let gradient = Eight(repeating: g[row])
      let weight = Eight(repeating: w[row])
      a0 += x0 * gradient
      a1 += x1 * gradient
      b0 += x0 * weight
      b1 += x1 * weight
    }
    put(a0, a, c)
    put(a1, a, c &+ 8)
    put(b0, b, c)
    put(b1, b, c &+ 8)
    c &+= 16
  }
}

/// a -= b, C numbers, a multiple of 8.
@inline(never)
package func treeSubtract(_ count: Int, _ a: UnsafeMutablePointer<Double>, _ b: UnsafePointer<Double>) {
  var c = 0
  while c < count {
    put(eight(a, c) - eight(b, c), a, c)
    c &+= 8
  }
}

/// What a leaf with sums G and W adds to the scores of C splits that send g_c and w_c of them to the right:
/// top += Σ m·s, bottom += Σ m²·v over both sides, where s and v are a side's sums and m = s / (v + l2), 0 for an empty
/// side. Weights of rows are one at least, so a side of less than one half is empty. C is a multiple of 8.
@inline(never)
package func treeScores(
  _ count: Int, _ g: UnsafePointer<Double>, _ w: UnsafePointer<Double>, _ allG: Double, _ allW: Double, _ l2: Double,
  _ top: UnsafeMutablePointer<Double>, _ bottom: UnsafeMutablePointer<Double>
) {
  let totalG = Eight(repeating: allG)
  let totalW = Eight(repeating: allW)
  let half = Eight(repeating: 0.5)
  let one = Eight(repeating: 1)
  let penalty = Eight(repeating: l2)
  var c = 0
  while c < count {
    let rightG = eight(g, c)
    let rightW = eight(w, c)
    let leftG = totalG - rightG
    let leftW = totalW - rightW
    let right = rightG * (one / (rightW + penalty)).replacing(with: 0, where: rightW .< half)
    let left = leftG * (one / (leftW + penalty)).replacing(with: 0, where: leftW .< half)
    put(eight(top, c) + (left * leftG + right * rightG), top, c)
    put(eight(bottom, c) + (left * left * leftW + right * right * rightW), bottom, c)
    c &+= 8
  }
}

/// Answers a question for N rows: side = bin > border, and that bit at `level` of each row's leaf. Gives a mask of the
/// leaves that have rows, by their numbers modulo 64.
@inline(never)
package func treeDivide(
  _ count: Int, _ bins: UnsafePointer<UInt8>, _ border: UInt8, _ level: Int, _ side: UnsafeMutablePointer<UInt8>,
  _ leafOf: UnsafeMutablePointer<UInt32>
) -> UInt64 {
  var mask: UInt64 = 0
  let shift = UInt32(truncatingIfNeeded: level)
  for row in 0..<count {
    let answer: UInt8 = bins[row] > border ? 1 : 0
    side[row] = answer
    let leaf = leafOf[row] | UInt32(answer) &<< shift
    leafOf[row] = leaf
    mask |= 1 &<< UInt64(leaf)
  }
  return mask
}

/// sums: 64×D; adds the leaves of T trees of at most eight levels for 64 rows at once, tree after tree.
/// answers: S×64, one byte a split and row, 0 or 1; splits of tree t from `splitStarts[t]` up to `splitStarts[t + 1]`, the
/// first the lowest bit of the leaf's number; its leaves, D numbers each, from `leafStarts[t]`.
@inline(never)
package func treeApply(
  _ trees: Range<Int>, _ answers: UnsafePointer<UInt8>, _ splits: UnsafePointer<Int32>,
  _ splitStarts: UnsafePointer<Int32>, _ leafStarts: UnsafePointer<Int32>, _ leaves: UnsafePointer<Double>,
  _ dimension: Int, _ sums: UnsafeMutablePointer<Double>
) {
  withUnsafeTemporaryAllocation(byteCount: 64, alignment: 64) { buffer in
    guard let numbers = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
    for tree in trees {
      var leaf = SIMD64<UInt8>.zero
      var place = splitStarts[tree &+ 1]
      while place > splitStarts[tree] {
        place &-= 1
        let answer = UnsafeRawPointer(answers + Int(splits[Int(place)]) &* 64).loadUnaligned(as: SIMD64<UInt8>.self)
        leaf = leaf &+ leaf &+ answer
      }
      UnsafeMutableRawPointer(numbers).storeBytes(of: leaf, as: SIMD64<UInt8>.self)
      let values = leaves + Int(leafStarts[tree])
      if dimension == 1 {
        for row in 0..<64 { sums[row] += values[Int(numbers[row])] }
      } else {
        for row in 0..<64 {
          let value = values + Int(numbers[row]) &* dimension
          for part in 0..<dimension { sums[row &* dimension &+ part] += value[part] }
        }
      }
    }
  }
}
