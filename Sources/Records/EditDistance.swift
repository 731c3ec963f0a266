/// How many letters must be inserted, deleted, replaced or swapped with their neighbor to turn one word into another.
package enum EditDistance {
  /// The distance (optimal string alignment; ASCII capitals count as small letters), or nil where it is more than
  /// `limit`. O(a·b) in the lengths, which differ by at most `limit`.
  package static func between(_ first: String, _ second: String, atMost limit: Int) -> Int? {
    let a = first.utf8.map(lowered)
    let b = second.utf8.map(lowered)
    guard abs(a.count - b.count) <= limit else { return nil }
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      row.reserveCapacity(b.count + 1)
      for j in b.indices {
        var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
        row.append(cost)
      }
      beforeLast = last
      last = row
    }
    return last[b.count] <= limit ? last[b.count] : nil
  }

  private static func lowered(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}
