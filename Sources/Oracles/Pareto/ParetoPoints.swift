/// The distinct rows of a table without NaN, in lexicographic order, every objective to be minimised.
///
/// Objectives are kept as dense ranks, so equal numbers are equal ranks and comparisons are those of integers. In
/// lexicographic order no point dominates an earlier one, and an earlier point dominates a later one exactly if it is at
/// most as large in all objectives but the first.
struct ParetoPoints {
  let width: Int
  /// M×K row-major.
  let ranks: [Int32]
  /// How many different numbers an objective has at most.
  let rankCount: Int
  /// Rows of the table, those of a point behind each other.
  private let order: [Int32]
  /// Where the rows of each point begin in `order`, and the end of the last.
  private let starts: [Int]

  var count: Int { starts.count - 1 }

  /// `values` is N×K row-major, K the number of `directions`.
  init(values: [Double], directions: [ObjectiveDirection]) {
    precondition(!directions.isEmpty && values.count % directions.count == 0, "values must be N×K, K > 0")
    precondition(values.count < Int(Int32.max), "at most 2³¹ values")
    let width = directions.count
    let rows = (0..<Int32(values.count / width)).filter { row in
      (Int(row) * width..<(Int(row) + 1) * width).allSatisfy { !values[$0].isNaN }
    }
    // From the last objective to the first: stable sorts by one objective at a time give the lexicographic order.
    var (order, columns) = (Array(rows.indices), [[Int32]](repeating: [], count: width))
    for objective in (0..<width).reversed() {
      let sign = directions[objective] == .minimise ? 1.0 : -1.0
      let costs = rows.map { values[Int($0) * width + objective] * sign }
      columns[objective] = Self.denseRanks(costs)
      order = Self.stablySorted(order, by: columns[objective], below: rows.count)
    }
    let isEqualToPrevious = order.indices.map { place in
      place > 0 && columns.allSatisfy { $0[order[place]] == $0[order[place - 1]] }
    }
    let firsts = order.indices.filter { !isEqualToPrevious[$0] }
    self.width = width
    self.order = order.map { rows[$0] }
    starts = firsts + [order.count]
    ranks = [Int32](unsafeUninitializedCapacity: firsts.count * width) { buffer, count in
      for place in firsts {
        for column in columns {
          buffer[count] = column[order[place]]
          count += 1
        }
      }
    }
    rankCount = rows.count
  }

  /// The rows of the table that are equal to a point, ascending.
  func rows(of point: Int) -> some Sequence<Int> { order[starts[point]..<starts[point + 1]].lazy.map { Int($0) } }

  func rank(_ point: Int, _ objective: Int) -> Int32 { ranks[point * width + objective] }

  /// True if a point before `point` in the order dominates it.
  func dominates(_ earlier: Int, _ point: Int) -> Bool {
    for objective in 1..<width where rank(earlier, objective) > rank(point, objective) { return false }
    return true
  }

  /// The place of each number among the distinct numbers, from 0. The numbers have no NaN.
  private static func denseRanks(_ costs: [Double]) -> [Int32] {
    let keys = costs.map { cost in
      // Ascending as the numbers are; the sum makes -0 and 0 one number.
      let bits = (cost + 0).bitPattern
      return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
    }
    var ascending = Array(costs.indices)
    for shift in stride(from: 0, to: 64, by: 8) {
      ascending = stablySorted(ascending, by: keys.map { Int32($0 >> UInt64(shift) & 0xff) }, below: 256)
    }
    var ranks = [Int32](repeating: 0, count: costs.count)
    for place in ascending.indices.dropFirst() {
      let (previous, index) = (ascending[place - 1], ascending[place])
      ranks[index] = ranks[previous] + (keys[previous] < keys[index] ? 1 : 0)
    }
    return ranks
  }

  /// A counting sort of `order` by the number below `limit` of each item. O(N + limit).
  private static func stablySorted(_ order: [Int], by numbers: [Int32], below limit: Int) -> [Int] {
    var ends = [Int](repeating: 0, count: limit + 1)
    for index in order { ends[Int(numbers[index]) + 1] += 1 }
    for place in ends.indices.dropFirst() { ends[place] += ends[place - 1] }
    var sorted = order
    for index in order {
      let number = Int(numbers[index])
      sorted[ends[number]] = index
      ends[number] += 1
    }
    return sorted
  }
}
