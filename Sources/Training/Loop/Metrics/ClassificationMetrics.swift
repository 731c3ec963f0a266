internal import Foundation

/// Computes all classification metrics of a matrix of logits; its buffers are kept and grow only with the rows.
///
/// Everything is summed in `Double` in row order, so equal inputs give equal bits. Cost: O(C·N) exponentials and
/// C sorts of N rows (one sort for two classes).
public struct ClassificationMetrics: Sendable {
  /// Number of classes C.
  public let classes: Int
  private let weights: [Double]
  private var counts: [ClassCount]
  private var exponentials: [Double]
  private var logOdds: [Double] = []
  private var rows: [RankedRow] = []

  /// A workspace for `classes` classes, at least two. `classWeights` (C, positive) weigh the loss; absent means 1 each.
  public init(classes: Int, classWeights: [Float]? = nil) {
    precondition(classes >= 2, "a classifier has at least two classes")
    let weights = classWeights.map { $0.map(Double.init) } ?? [Double](repeating: 1, count: classes)
    precondition(weights.count == classes, "one weight a class")
    precondition(weights.allSatisfy { $0 > 0 && $0.isFinite }, "class weights are positive")
    self.classes = classes
    self.weights = weights
    counts = [ClassCount](repeating: ClassCount(), count: classes)
    exponentials = [Double](repeating: 0, count: classes)
  }

  /// The scores of logits N×C row-major against N labels in `0..<C`; `nil` when there is no row or when a logit is not
  /// finite, which is how a diverged network shows.
  public mutating func evaluate(logits: [Float], labels: [Int32]) -> ClassificationScores? {
    logits.withUnsafeBufferPointer { logits in
      labels.withUnsafeBufferPointer { labels in evaluate(logits: logits, labels: labels) }
    }
  }

  /// The scores of logits N×C row-major against N labels in `0..<C`, without a copy of either; see the other overload.
  public mutating func evaluate(
    logits: UnsafeBufferPointer<Float>, labels: UnsafeBufferPointer<Int32>
  ) -> ClassificationScores? {
    precondition(logits.count == labels.count * classes, "logits are N×C")
    precondition(labels.allSatisfy { $0 >= 0 && $0 < classes }, "labels are below the number of classes")
    guard !labels.isEmpty, logits.allSatisfy(\.isFinite) else { return nil }
    var scores = passOverRows(logits, labels)
    let everyClassOccurs = counts.allSatisfy { $0.labelled > 0 }
    guard everyClassOccurs else { return scores }
    var sum = 0.0
    let first = classes == 2 ? 1 : 0
    for positive in first..<classes {
      rank(positive, labels)
      sum += rocAreaOfRanked(rows)
    }
    scores.rocAUC = sum / Double(classes - first)
    if classes == 2 { scores.amex = amexOfRanked(rows) }
    return scores
  }

  /// Loss, accuracy and F1, and as a by-product the log-odds C×N that the rank metrics sort by.
  private mutating func passOverRows(
    _ logits: UnsafeBufferPointer<Float>, _ labels: UnsafeBufferPointer<Int32>
  ) -> ClassificationScores {
    let count = labels.count
    if logOdds.count < count * classes { logOdds = [Double](repeating: 0, count: count * classes) }
    for index in counts.indices { counts[index] = ClassCount() }
    var lossSum = 0.0
    var weightSum = 0.0
    var hits = 0
    for row in 0..<count {
      let logitsOfRow = UnsafeBufferPointer(rebasing: logits[row * classes..<(row + 1) * classes])
      let label = Int(labels[row])
      let (prediction, logSumExp) = normalise(logitsOfRow, row: row, rows: count)
      lossSum += weights[label] * (logSumExp - (Double(logitsOfRow[label]) - Double(logitsOfRow[prediction])))
      weightSum += weights[label]
      counts[label].labelled += 1
      counts[prediction].predicted += 1
      if label == prediction {
        counts[label].both += 1
        hits += 1
      }
    }
    return ClassificationScores(
      loss: lossSum / weightSum, accuracy: Double(hits) / Double(count), rocAUC: nil, macroF1: macroF1(), amex: nil)
  }

  /// The first largest class z* of one row and log Σ exp(z − z*); writes the row's log-odds.
  ///
  /// The log-odds of class c, z_c − log Σ_{j≠c} exp z_j, grow with its softmax probability but do not saturate at 1,
  /// so no ties appear that the logits do not have. The sum without c is a prefix plus a suffix: nothing cancels.
  private mutating func normalise(
    _ logits: UnsafeBufferPointer<Float>, row: Int, rows: Int
  ) -> (prediction: Int, logSumExp: Double) {
    var prediction = 0
    for index in 1..<classes where logits[index] > logits[prediction] { prediction = index }
    let largest = Double(logits[prediction])
    if classes == 2 {
      let difference = Double(logits[1]) - Double(logits[0])
      logOdds[rows + row] = difference
      return (prediction, log1p(exp(-abs(difference))))
    }
    var suffix = 0.0
    for index in stride(from: classes - 1, through: 0, by: -1) {
      exponentials[index] = exp(Double(logits[index]) - largest)
      logOdds[index * rows + row] = suffix
      suffix += exponentials[index]
    }
    var prefix = 0.0
    for index in 0..<classes {
      let others = prefix + logOdds[index * rows + row]
      logOdds[index * rows + row] = (Double(logits[index]) - largest) - log(others)
      prefix += exponentials[index]
    }
    return (prediction, log(prefix))
  }

  /// Fills `rows` with the rows sorted by the log-odds of `positive`, largest first, equal ones in row order.
  private mutating func rank(_ positive: Int, _ labels: UnsafeBufferPointer<Int32>) {
    rows.removeAll(keepingCapacity: true)
    rows.reserveCapacity(labels.count)
    let start = positive * labels.count
    for row in labels.indices {
      rows.append(RankedRow(score: logOdds[start + row], row: Int32(row), isPositive: Int(labels[row]) == positive))
    }
    rows.sort { $0.score != $1.score ? $0.score > $1.score : $0.row < $1.row }
  }

  /// 2·both / (labelled + predicted), averaged over the classes that occur in either.
  private func macroF1() -> Double {
    var sum = 0.0
    var occurring = 0
    for count in counts where count.labelled + count.predicted > 0 {
      sum += 2 * Double(count.both) / Double(count.labelled + count.predicted)
      occurring += 1
    }
    return sum / Double(occurring)
  }
}

/// How often a class is the label, the prediction, and both at once.
private struct ClassCount {
  var labelled = 0
  var predicted = 0
  var both = 0
}
