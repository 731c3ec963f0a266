// Boosted oblivious trees. No lane ever meets another and no product is fused with a sum, so every build of this file
// gives the same bits; `Nets` holds a third, for machines without AVX2.

private typealias Eight = SIMD8<Double>

@_transparent private func eight(_ pointer: UnsafePointer<Double>, _ index: Int) -> Eight {
  UnsafeRawPointer(pointer + index).loadUnaligned(as: Eight.self)
}

@_transparent private func put(_ value: Eight, _ pointer: UnsafeMutablePointer<Double>, _ index: Int) {
  UnsafeMutableRawPointer(pointer + index).storeBytes(of: value, as: Eight.self)
}

/// The sums of eight neighboring columns.
private struct EightColumns {
  /// Each lane has the bit of its column.
  private let bits: SIMD8<UInt64>
  private var gradients = Eight.zero
  private var weights = Eight.zero

  /// Of 64 columns, those from `first`.
  @inline(__always) init(from first: Int) {
    bits = SIMD8(1, 2, 4, 8, 16, 32, 64, 128) &<< SIMD8(repeating: UInt64(first))
  }

  /// Adds a row to the columns whose bits are clear.
  @inline(__always) mutating func add(_ word: UInt64, _ gradient: Eight, _ weight: Eight) {
    // A test for zero, so that it is one instruction where there are masks.
    let isOne = (SIMD8(repeating: word) & bits) .== SIMD8<UInt64>.zero
    #if AVX512
      gradients.replace(with: gradients + gradient, where: isOne)
      weights.replace(with: weights + weight, where: isOne)
    #else
      gradients += Eight.zero.replacing(with: gradient, where: isOne)
      weights += Eight.zero.replacing(with: weight, where: isOne)
    #endif
  }

  @inline(__always) func store(_ a: UnsafeMutablePointer<Double>, _ b: UnsafeMutablePointer<Double>, _ c: Int) {
    put(gradients, a, c)
    put(weights, b, c)
  }
}

/// a: C, b: C; a_c = Σ_rows x_rc·g_r and b_c = Σ_rows x_rc·w_r over `count` rows in the order in which `rows` lists
/// them. x: N×(C / 64, rounded up) words of 64 columns, the first the lowest bit, which is clear where x is 1; g: N, w: N.
/// C is a multiple of 32.
@inline(never)
package func treeHistogram(
  _ rows: UnsafePointer<Int32>, _ count: Int, _ x: UnsafePointer<UInt64>, _ width: Int, _ g: UnsafePointer<Double>,
  _ w: UnsafePointer<Double>, _ a: UnsafeMutablePointer<Double>, _ b: UnsafeMutablePointer<Double>
) {
  let words = (width &+ 63) / 64
  var c = 0
  while c < width {
    let column = x + c / 64
    var first = EightColumns(from: c & 63)
    var second = EightColumns(from: (c &+ 8) & 63)
    #if AVX512
      var third = EightColumns(from: (c &+ 16) & 63)
      var fourth = EightColumns(from: (c &+ 24) & 63)
    #endif
    for place in 0..<count {
      let row = Int(rows[place])
      let word = column[row &* words]
      let gradient = Eight(repeating: g[row])
      let weight = Eight(repeating: w[row])
      first.add(word, gradient, weight)
      second.add(word, gradient, weight)
      #if AVX512
        third.add(word, gradient, weight)
        fourth.add(word, gradient, weight)
      #endif
    }
    first.store(a, b, c)
    second.store(a, b, c &+ 8)
    #if AVX512
      third.store(a, b, c &+ 16)
      fourth.store(a, b, c &+ 24)
      c &+= 32
    #else
      c &+= 16
    #endif
  }
}

/// Σ x², N numbers.
@inline(never)
package func treeSquares(_ count: Int, _ x: UnsafePointer<Double>) -> Double {
  var even = Eight.zero
  var odd = Eight.zero
  var row = 0
  while row &+ 16 <= count {
    even += eight(x, row) * eight(x, row)
    odd += eight(x, row &+ 8) * eight(x, row &+ 8)
    row &+= 16
  }
  var total = (even + odd).sum()
  while row < count {
    total += x[row] * x[row]
    row &+= 1
  }
  return total
}

/// Sums of eight sizes below a limit, and how many are above it.
private struct Shares {
  var below = Eight.zero
  var above = Eight.zero

  @inline(__always) mutating func add(_ sizes: Eight, _ limit: Eight) {
    let isAbove = sizes .> limit
    below += sizes.replacing(with: Eight.zero, where: isAbove)
    above += Eight.zero.replacing(with: Eight(repeating: 1), where: isAbove)
  }
}

/// The μ with Σ min(1, size / μ) = `wanted` over N sizes.
///
/// With all shares below one, μ = Σ size / wanted; every size above that is surely drawn, and the rest share what is
/// left, until no more are. It only falls, so that ends.
@inline(never)
package func treeThreshold(_ count: Int, _ sizes: UnsafePointer<Double>, _ wanted: Double) -> Double {
  var threshold = Double.infinity
  var drawn = -1.0
  while true {
    let limit = Eight(repeating: threshold)
    var even = Shares()
    var odd = Shares()
    var row = 0
    while row &+ 16 <= count {
      even.add(eight(sizes, row), limit)
      odd.add(eight(sizes, row &+ 8), limit)
      row &+= 16
    }
    var below = (even.below + odd.below).sum()
    var above = (even.above + odd.above).sum()
    while row < count {
      let isAbove = sizes[row] > threshold
      below += isAbove ? 0 : sizes[row]
      above += isAbove ? 1 : 0
      row &+= 1
    }
    let left = wanted - above
    guard above > drawn, left > 0 else { return threshold }
    drawn = above
    threshold = below / left
  }
}

/// The weights of N rows in minimal variance sampling: a row is drawn with the probability size / `threshold`, one at
/// most, and has the inverse of that as its weight, else 0. Random numbers are those of SplitMix64 (Steele, Lea and Flood,
/// 2014) after `state`, one a row.
@inline(never)
package func treeDraw(
  _ count: Int, _ sizes: UnsafePointer<Double>, _ threshold: Double, _ state: UInt64,
  _ weights: UnsafeMutablePointer<Double>
) {
  let one = Eight(repeating: 1)
  let limit = Eight(repeating: threshold)
  var counter = SIMD8<UInt64>(1, 2, 3, 4, 5, 6, 7, 8) &* 0x9e37_79b9_7f4a_7c15 &+ SIMD8(repeating: state)
  var row = 0
  while row < count {
    var mixed = counter
    mixed = (mixed ^ (mixed &>> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed &>> 27)) &* 0x94d0_49bb_1331_11eb
    mixed = mixed ^ (mixed &>> 31)
    counter &+= SIMD8(repeating: 0x9e37_79b9_7f4a_7c15 &* 8)
    // 52 random bits behind the exponent of one.
    let uniform = unsafeBitCast(mixed &>> 12 | 0x3ff0_0000_0000_0000, to: Eight.self) - one
    if row &+ 8 <= count {
      let size = eight(sizes, row)
      let isDrawn = uniform * limit .< size
      let weight = (limit / size).replacing(with: one, where: size .> limit)
      put(Eight.zero.replacing(with: weight, where: isDrawn), weights, row)
    } else {
      for lane in 0..<count &- row {
        let size = sizes[row &+ lane]
        let isDrawn = uniform[lane] * threshold < size
        weights[row &+ lane] = isDrawn ? size > threshold ? 1 : threshold / size : 0
      }
    }
    row &+= 8
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

/// Answers a question for N rows: side = bin > border, and that bit at `level` of each row's leaf.
@inline(never)
package func treeDivide(
  _ count: Int, _ bins: UnsafePointer<UInt8>, _ border: UInt8, _ level: Int, _ side: UnsafeMutablePointer<UInt8>,
  _ leafOf: UnsafeMutablePointer<UInt32>
) {
  let shift = UInt32(truncatingIfNeeded: level)
  for row in 0..<count {
    let answer: UInt8 = bins[row] > border ? 1 : 0
    side[row] = answer
    leafOf[row] |= UInt32(answer) &<< shift
  }
}

/// Copies `count` rows: those on side 0 in their order, then those on side 1 in the opposite order. Gives how many are
/// on side 0.
@inline(never)
package func treePartition(
  _ count: Int, _ rows: UnsafePointer<Int32>, _ side: UnsafePointer<UInt8>, _ copies: UnsafeMutablePointer<Int32>
) -> Int {
  var low = 0
  var high = count &- 1
  for place in 0..<count {
    let row = rows[place]
    let answer = Int(side[Int(row)])
    // Both are written and one place moves: no branch to guess wrong.
    copies[low] = row
    copies[high] = row
    low &+= 1 &- answer
    high &-= answer
  }
  return low
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
  withUnsafeTemporaryAllocation(byteCount: 4 &* 64, alignment: 64) { buffer in
    guard let numbers = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
    func number(_ tree: Int, _ numbers: UnsafeMutablePointer<UInt8>) {
      var leaf = SIMD64<UInt8>.zero
      var place = splitStarts[tree &+ 1]
      while place > splitStarts[tree] {
        place &-= 1
        let answer = UnsafeRawPointer(answers + Int(splits[Int(place)]) &* 64).loadUnaligned(as: SIMD64<UInt8>.self)
        leaf = leaf &+ leaf &+ answer
      }
      UnsafeMutableRawPointer(numbers).storeBytes(of: leaf, as: SIMD64<UInt8>.self)
    }
    var tree = trees.lowerBound
    // Four trees for each visit of a row's sum.
    while dimension == 1, tree &+ 4 <= trees.upperBound {
      for offset in 0..<4 { number(tree &+ offset, numbers + offset &* 64) }
      let first = leaves + Int(leafStarts[tree])
      let second = leaves + Int(leafStarts[tree &+ 1])
      let third = leaves + Int(leafStarts[tree &+ 2])
      let fourth = leaves + Int(leafStarts[tree &+ 3])
      for row in 0..<64 {
        var sum = sums[row]
        sum += first[Int(numbers[row])]
        sum += second[Int(numbers[row &+ 64])]
        sum += third[Int(numbers[row &+ 128])]
        sum += fourth[Int(numbers[row &+ 192])]
        sums[row] = sum
      }
      tree &+= 4
    }
    while tree < trees.upperBound {
      number(tree, numbers)
      let values = leaves + Int(leafStarts[tree])
      for row in 0..<64 {
        let value = values + Int(numbers[row]) &* dimension
        for part in 0..<dimension { sums[row &* dimension &+ part] += value[part] }
      }
      tree &+= 1
    }
  }
}
