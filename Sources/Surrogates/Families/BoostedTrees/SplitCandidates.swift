/// All splits that a level of a tree may take, in the groups in which CatBoost looks for the best of them.
///
/// The order settles ties and the groups settle how often a score is blurred by noise: within a group the best is found
/// with one draw a candidate, then the winners of all groups compete with a fresh draw each.
struct SplitCandidates {
  struct Candidate: Hashable {
    let feature: Int
    /// The place of its border among those of the feature.
    let border: Int
    /// Where its sums stand in a histogram.
    let place: Int
  }

  let groups: [[Candidate]]
  /// Features with more than one border: their first place in a histogram.
  let manyValued: [(feature: Int, place: Int)]
  /// Features with one border, in the order of their columns.
  let binary: [Int]
  /// Places before those of the binary features, a multiple of 16.
  let binaryStart: Int
  /// Columns for the binary features and one of ones, whose sums are those of the leaf; a multiple of 32.
  let binaryWidth: Int

  /// Where the sums of all rows stand.
  var totalPlace: Int { binaryStart + binary.count }

  /// Places of a histogram.
  var width: Int { binaryStart + binaryWidth }

  /// `isSet(feature, row)` says whether a binary feature is above its border.
  init(_ borders: [FeatureBorders], rows: Int, isSet: (Int, Int) -> Bool) {
    var place = 0
    var manyValued: [(feature: Int, place: Int)] = []
    var groups: [[Candidate]] = []
    for (feature, cuts) in borders.enumerated() where cuts.borders.count > 1 {
      manyValued.append((feature, place))
      groups.append(
        cuts.borders.indices.map { Candidate(feature: feature, border: $0, place: place + $0) })
      place += cuts.borders.count
    }
    let start = (place + 15) & ~15
    let binary = borders.indices.filter { borders[$0].borders.count == 1 }
    var places: [Int: Int] = [:]
    for (offset, feature) in binary.enumerated() { places[feature] = start + offset }
    let bundles = ExclusiveFeatures.bundles(of: binary, rows: rows, isSet: isSet)
    let bundled = Set(bundles.joined())
    let rest = binary.filter { !bundled.contains($0) }
    let packs = stride(from: 0, to: rest.count, by: 8).map { Array(rest[$0..<min($0 + 8, rest.count)]) }
    for group in bundles + packs {
      groups.append(group.map { Candidate(feature: $0, border: 0, place: places[$0] ?? 0) })
    }
    self.groups = groups
    self.manyValued = manyValued
    self.binary = binary
    binaryStart = start
    binaryWidth = (binary.count + 32) & ~31
  }
}

/// Binary features of which no row has two, as CatBoost bundles them (exclusive feature bundling without conflicts).
enum ExclusiveFeatures {
  private struct Bundle {
    var features: [Int] = []
    var used: [UInt64]
    var setCount = 0
  }

  static func bundles(of features: [Int], rows: Int, isSet: (Int, Int) -> Bool) -> [[Int]] {
    var masks: [Int: [UInt64]] = [:]
    var counts: [Int: Int] = [:]
    for feature in features {
      var mask = [UInt64](repeating: 0, count: (rows + 63) / 64)
      var count = 0
      for row in 0..<rows where isSet(feature, row) {
        mask[row / 64] |= 1 << UInt64(row % 64)
        count += 1
      }
      masks[feature] = mask
      counts[feature] = count
    }
    let byCount = features.sorted { (counts[$0] ?? 0, $1) > (counts[$1] ?? 0, $0) }
    let inOrder = bundles(in: features, masks, counts, rows)
    let densestFirst = bundles(in: byCount, masks, counts, rows)
    func saved(_ bundles: [[Int]]) -> Int { bundles.reduce(0) { $0 + $1.count - 1 } }
    return saved(densestFirst) > saved(inOrder) ? densestFirst : inOrder
  }

  private static func bundles(
    in order: [Int], _ masks: [Int: [UInt64]], _ counts: [Int: Int], _ rows: Int
  ) -> [[Int]] {
    var bundles: [Bundle] = []
    var bundleOf: [Int: Int] = [:]
    for feature in order {
      guard let mask = masks[feature], let count = counts[feature] else { continue }
      func fits(_ bundle: Int) -> Bool {
        bundles[bundle].setCount + count <= rows && zip(bundles[bundle].used, mask).allSatisfy { $0 & $1 == 0 }
      }
      let neighbors = [feature - 1, feature + 1].compactMap { bundleOf[$0] }
      let chosen = neighbors.first(where: fits) ?? bundles.indices.first(where: fits)
      let place = chosen ?? bundles.count
      if chosen == nil { bundles.append(Bundle(used: [UInt64](repeating: 0, count: mask.count))) }
      bundles[place].features.append(feature)
      bundles[place].setCount += count
      for word in mask.indices { bundles[place].used[word] |= mask[word] }
      bundleOf[feature] = place
    }
    // Bundles of fewer than four are better packed with others, eight to a byte, unless that would hardly save any.
    let small = bundles.filter { $0.features.count < 4 }
    let inSmall = small.reduce(0) { $0 + $1.features.count }
    let keepsSmall = (inSmall + 7) / 8 >= 2 * small.count
    return bundles.map(\.features).filter { $0.count >= 4 || (keepsSmall && $0.count > 1) }
  }
}
