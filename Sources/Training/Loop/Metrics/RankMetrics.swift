/// One row in the order of its score.
struct RankedRow: Sendable {
  var score: Double
  var row: Int32
  var isPositive: Bool
}

/// Area under the ROC curve of rows sorted by score, largest first: the share of (positive, negative) pairs in order,
/// a tie counting one half (the Mann-Whitney statistic). Exact until the one division; both classes must occur.
func rocAreaOfRanked(_ rows: [RankedRow]) -> Double {
  var positives: Int64 = 0
  var negatives: Int64 = 0
  var twicePairs: Int64 = 0
  var first = 0
  while first < rows.count {
    var end = first
    var tiedPositives: Int64 = 0
    while end < rows.count && rows[end].score == rows[first].score {
      tiedPositives += rows[end].isPositive ? 1 : 0
      end += 1
    }
    let tiedNegatives = Int64(end - first) - tiedPositives
    twicePairs += tiedNegatives * (2 * positives + tiedPositives)
    positives += tiedPositives
    negatives += tiedNegatives
    first = end
  }
  return Double(twicePairs) / (2 * Double(positives) * Double(negatives))
}

/// The AmEx default-prediction metric, ½(G/G_max + D), of rows sorted by score, largest first; ties in row order.
///
/// A negative row weighs 20, a positive one 1. D is the share of positives among the first 4 % of the weight, G the
/// weighted Gini sum, G_max its value for a perfect order. Both classes must occur.
func amexOfRanked(_ rows: [RankedRow]) -> Double {
  let positives = rows.reduce(into: 0) { $0 += $1.isPositive ? 1 : 0 }
  let negatives = rows.count - positives
  let totalWeight = Double(positives + 20 * negatives)
  var weight = 0
  var found = 0
  var captured = 0
  var gini = 0.0
  for row in rows {
    let ownWeight = row.isPositive ? 1 : 20
    weight += ownWeight
    found += row.isPositive ? 1 : 0
    let share = Double(weight) / totalWeight
    if share <= 0.04 && row.isPositive { captured += 1 }
    gini += (Double(found) / Double(positives) - share) * Double(ownWeight)
  }
  let largestGini = 10 * Double(negatives) * (1 - 19 / totalWeight)
  return 0.5 * (gini / largestGini + Double(captured) / Double(positives))
}
