import Foundation

/// Class-weighted cross-entropy, with distillation when teachers are given:
/// (1 - w)·CE + w·mean over teachers of ½·MSE(logits, teacher's logits), w = 0.2 (SeqNAS).
public struct ClassificationLoss: Sendable {
  /// One weight a class; the loss is Σ w·nll / Σ w over the rows (PyTorch's `cross_entropy`).
  public var classWeights: [Float]
  public var distillationWeight: Float

  public init(classWeights: [Float], distillationWeight: Float = 0.2) {
    self.classWeights = classWeights
    self.distillationWeight = distillationWeight
  }

  /// Loss of logits classes×lanes and its gradient in the same layout; lanes from `rows` on get 0.
  package func evaluate(
    logits: Floats, lanes: Int, rows: Int, classes: Int, labels: UnsafePointer<Int32>,
    teachers: [UnsafePointer<Float>], gradient: Floats
  ) -> Float {
    gradient.update(repeating: 0, count: classes * lanes)
    let share = teachers.isEmpty ? 1 : 1 - Double(distillationWeight)
    var weightSum = 0.0
    for row in 0..<rows { weightSum += Double(classWeights[Int(labels[row])]) }
    guard weightSum > 0 else { return 0 }
    var entropy = 0.0
    for row in 0..<rows {
      var highest = logits[row]
      for index in 1..<max(classes, 1) { highest = max(highest, logits[index * lanes + row]) }
      var total = 0.0
      for index in 0..<classes { total += exp(Double(logits[index * lanes + row] - highest)) }
      let label = Int(labels[row])
      let weight = Double(classWeights[label]) / weightSum
      entropy += weight * (log(total) - Double(logits[label * lanes + row] - highest))
      for index in 0..<classes {
        let probability = exp(Double(logits[index * lanes + row] - highest)) / total
        gradient[index * lanes + row] = Float(share * weight * (probability - (index == label ? 1 : 0)))
      }
    }
    var distance = 0.0
    for teacher in teachers {
      distance += distil(
        from: teacher, logits: logits, lanes: lanes, rows: rows, classes: classes,
        factor: Double(distillationWeight) / Double(teachers.count), gradient: gradient)
    }
    return Float(share * entropy + distance)
  }

  /// Adds factor·½·MSE over the rows that the teacher knows, and its gradient.
  private func distil(
    from teacher: UnsafePointer<Float>, logits: Floats, lanes: Int, rows: Int, classes: Int, factor: Double,
    gradient: Floats
  ) -> Double {
    var known = 0
    for row in 0..<rows where !teacher[row * classes].isNaN { known += 1 }
    guard known > 0 else { return 0 }
    let scale = factor / Double(known * classes)
    var total = 0.0
    for row in 0..<rows where !teacher[row * classes].isNaN {
      for index in 0..<classes {
        let difference = Double(logits[index * lanes + row]) - Double(teacher[row * classes + index])
        total += difference * difference
        gradient[index * lanes + row] += Float(scale * difference)
      }
    }
    return 0.5 * scale * total
  }

  /// Weights proportional to 1/count, summing to the number of classes (SeqNAS); a class without rows gets 0.
  public static func balancedWeights(counts: [Int]) -> [Float] {
    let inverses = counts.map { $0 > 0 ? 1 / Double($0) : 0 }
    let total = inverses.reduce(0, +)
    return inverses.map { Float($0 / total * Double(counts.count)) }
  }
}
