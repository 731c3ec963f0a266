import Foundation
import Records
import Testing
import Training

@Suite struct ClassificationMetricsTests {
  struct Golden: Decodable {
    var cases: [Case]
  }

  struct Case: Decodable {
    var name: String
    var classes: Int
    var classWeights: [Float]
    var labels: [Int32]
    var logits: [Float]
    var loss: Double
    var accuracy: Double
    var rocAUC: Double?
    var macroF1: Double
    var amex: Double?

    enum CodingKeys: String, CodingKey {
      case name, classes, labels, logits, loss, accuracy, amex
      case classWeights = "class_weights"
      case rocAUC = "roc_auc"
      case macroF1 = "macro_f1"
    }
  }

  static func golden() throws -> [Case] {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Golden/metrics.json")
    return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: url)).cases
  }

  func expectClose(_ value: Double?, _ expected: Double?, _ what: String) {
    guard let value, let expected else {
      #expect(value == nil && expected == nil, "\(what): \(String(describing: value)), \(String(describing: expected))")
      return
    }
    #expect(abs(value - expected) <= 1e-9 * max(1, abs(expected)), "\(what): \(value), expected \(expected)")
  }

  @Test func agreesWithScikitLearn() throws {
    let cases = try Self.golden()
    #expect(cases.count >= 20)
    for golden in cases {
      var metrics = ClassificationMetrics(classes: golden.classes, classWeights: golden.classWeights)
      let evaluated = metrics.evaluate(logits: golden.logits, labels: golden.labels)
      let scores = try #require(evaluated)
      expectClose(scores.loss, golden.loss, "\(golden.name) loss")
      expectClose(scores.accuracy, golden.accuracy, "\(golden.name) accuracy")
      expectClose(scores.rocAUC, golden.rocAUC, "\(golden.name) ROC-AUC")
      expectClose(scores.macroF1, golden.macroF1, "\(golden.name) macro-F1")
      expectClose(scores.amex, golden.amex, "\(golden.name) AmEx")
    }
  }

  @Test func aUsedWorkspaceGivesTheSameBits() throws {
    let cases = try Self.golden()
    for classes in [2, 3] {
      var used = ClassificationMetrics(classes: classes)
      // Large, small, large: buffers that once held more rows must not leak into a later answer.
      let ofClass = cases.filter { $0.classes == classes }.sorted { $0.labels.count > $1.labels.count }
      for golden in ofClass + ofClass.reversed() {
        var fresh = ClassificationMetrics(classes: classes)
        let expected = fresh.evaluate(logits: golden.logits, labels: golden.labels)
        let again = used.evaluate(logits: golden.logits, labels: golden.labels)
        #expect(again == expected)
      }
    }
  }

  @Test(arguments: [2, 3, 5]) func rocAreaIsTheShareOfOrderedPairs(classes: Int) throws {
    var random = SeededGenerator(seed: UInt64(classes))
    let labels = (0..<60).map { _ in Int32(random.integer(below: classes)) }
    // Ties up to three classes. Beyond, odds that are equal only mathematically may be told apart by rounding.
    let logits = (0..<60 * classes).map { _ in
      classes > 3 ? Float(4 * random.uniform()) : Float(random.integer(below: 9)) / 2
    }
    var sum = 0.0
    for positive in (classes == 2 ? 1 : 0)..<classes {
      let scores = (0..<60).map { row in
        let others = (0..<classes).filter { $0 != positive }.map { Double(logits[row * classes + $0]) }.sorted()
        let largest = others[others.count - 1]
        // Rounded, so that mathematically equal odds tie whatever the order of summation.
        let odds = Double(logits[row * classes + positive]) - largest - log(others.reduce(0) { $0 + exp($1 - largest) })
        return (odds * 1e9).rounded()
      }
      var inOrder = 0.0
      var pairs = 0.0
      for first in 0..<60 where Int(labels[first]) == positive {
        for second in 0..<60 where Int(labels[second]) != positive {
          pairs += 1
          inOrder += scores[first] > scores[second] ? 1 : scores[first] == scores[second] ? 0.5 : 0
        }
      }
      sum += inOrder / pairs
    }
    var metrics = ClassificationMetrics(classes: classes)
    let evaluated = metrics.evaluate(logits: logits, labels: labels)
    let scores = try #require(evaluated)
    #expect(abs(try #require(scores.rocAUC) - sum / Double(classes == 2 ? 1 : classes)) < 1e-12)
  }

  @Test(
    arguments: [
      ([], []), ([0, .nan], [0]), ([-.infinity, 1], [0]), ([0, 1, .infinity, 2], [0, 1]),
    ] as [([Float], [Int32])])
  func divergedOrEmptyHasNoScores(logits: [Float], labels: [Int32]) {
    var metrics = ClassificationMetrics(classes: 2)
    let scores = metrics.evaluate(logits: logits, labels: labels)
    #expect(scores == nil)
  }

  @Test func scoresAnswerByMetric() {
    let scores = ClassificationScores(loss: 1, accuracy: 2, rocAUC: nil, macroF1: 4, amex: 5)
    for (metric, value) in [(Metric.loss, 1.0), (.accuracy, 2), (.macroF1, 4), (.amex, 5)] {
      #expect(scores[metric] == value)
    }
    #expect(scores[Metric.rocAUC] == nil && scores[Metric("unheard_of")] == nil)
  }
}
