/// Numbers at indices, of which the largest up to an index is found in O(log N): a Fenwick tree (Fenwick, 1994).
struct PrefixMaxima {
  private var tree: [Int32]

  /// All numbers are 0 at first.
  init(count: Int) { tree = [Int32](repeating: 0, count: count + 1) }

  /// The largest number at the indices from 0 to `index`.
  func maximum(upTo index: Int) -> Int32 {
    var (place, found) = (index + 1, Int32(0))
    while place > 0 {
      found = max(found, tree[place])
      place &= place - 1
    }
    return found
  }

  /// Makes the number at `index` at least `number`.
  mutating func raise(_ index: Int, to number: Int32) {
    var place = index + 1
    while place < tree.count {
      tree[place] = max(tree[place], number)
      place += place & -place
    }
  }

  /// Makes the number at `index` 0, and with it all numbers that `raise` changed for it alone.
  ///
  /// Clear every index that was raised before you read again: numbers of other indices are lost too.
  mutating func clear(_ index: Int) {
    var place = index + 1
    while place < tree.count {
      tree[place] = 0
      place += place & -place
    }
  }
}
