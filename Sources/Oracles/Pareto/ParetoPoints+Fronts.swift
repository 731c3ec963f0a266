/// The first front.
extension ParetoPoints {
  /// The points that no point dominates, in their order.
  func optimal() -> [Int] {
    switch width {
    case 1: count == 0 ? [] : [0]
    case 2: optimalOfTwo()
    case 3: optimalOfThree()
    default: optimalOfMany()
    }
  }

  /// K = 2. An earlier point dominates exactly if it is at most as large in the last objective. O(M).
  private func optimalOfTwo() -> [Int] {
    var lowest = Int32.max
    return (0..<count).filter { point in
      let last = rank(point, 1)
      guard last < lowest else { return false }
      lowest = last
      return true
    }
  }

  /// K = 3. Of the earlier points with at most the second objective, the lowest third objective decides. O(M log M).
  private func optimalOfThree() -> [Int] {
    var lowest = PrefixMaxima(count: rankCount)
    return (0..<count).filter { point in
      // Counted from above, so that the lowest is a maximum, and 0 is for no point at all.
      let (second, third) = (Int(rank(point, 1)), Int32(rankCount) - rank(point, 2))
      guard lowest.maximum(upTo: second) < third else { return false }
      lowest.raise(second, to: third)
      return true
    }
  }

  /// Any K. A point is optimal exactly if no optimal point so far dominates it. The latest dominators come first.
  private func optimalOfMany() -> [Int] {
    var front: [Int] = []
    var kept: [Int] = []
    for point in 0..<count {
      if let place = front.firstIndex(where: { dominates($0, point) }) {
        let dominator = front[place]
        for index in stride(from: place, to: 0, by: -1) { front[index] = front[index - 1] }
        front[0] = dominator
      } else {
        front.append(point)
        kept.append(point)
      }
    }
    return kept
  }
}

/// All fronts.
extension ParetoPoints {
  /// The front of each point, from 0.
  func levels() -> [Int32] {
    switch width {
    case 1: (0..<count).map { Int32($0) }
    case 2: levelsOfTwo()
    case 3: ThreeObjectiveLevels(self).found()
    default: levelsOfMany()
    }
  }

  /// K = 2. The lowest last objective of each front so far ascends from front to front, so a binary search finds the
  /// first front that does not dominate. O(M log M).
  private func levelsOfTwo() -> [Int32] {
    var lowest: [Int32] = []
    return (0..<count).map { point in
      let last = rank(point, 1)
      let level = Self.firstIndex(below: lowest.count) { lowest[$0] > last }
      if level == lowest.count { lowest.append(last) } else { lowest[level] = last }
      return Int32(level)
    }
  }

  /// Any K. A point that front f dominates is dominated by all fronts before it, so a binary search finds its front.
  private func levelsOfMany() -> [Int32] {
    var fronts: [[Int]] = []
    return (0..<count).map { point in
      let level = Self.firstIndex(below: fronts.count) { front in
        !fronts[front].reversed().contains { dominates($0, point) }
      }
      if level == fronts.count { fronts.append([point]) } else { fronts[level].append(point) }
      return Int32(level)
    }
  }

  /// The lowest index below `count` at which `holds` is true, or `count`. `holds` never turns false again.
  private static func firstIndex(below count: Int, where holds: (Int) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
