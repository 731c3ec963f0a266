import Foundation
import Records
import Surrogates

/// Boosted trees on request: reads one JSON object a line, answers with one a line, so that a script can take turns
/// between us and the real package.
///
/// `{"fit": {"x": [[…]], "y": […], "settings": {…}, "seed": 1}}` fits and answers with seconds and number of trees;
/// `{"predict": {"x": [[…]], "repeats": 3}}` answers with means, deviations and the shortest seconds of all rows at once;
/// `{"one": {"x": [[…]], "repeats": 3}}` the same with the rows one by one.
enum TreesBench {
  private struct Settings: Codable {
    var iterations: Int?
    var depth: Int?
    var learningRate: Double?
    var l2: Double?
    var loss: String?
    var leafMethod: String?
    var randomStrength: Double?
    var subsample: Double?
    var preset: String?
  }

  private struct Rows: Codable {
    let x: [[Double]]
    let y: [Double]?
    let settings: Settings?
    let seed: UInt64?
    let repeats: Int?
  }

  private struct Request: Codable {
    let fit: Rows?
    let predict: Rows?
    let one: Rows?
  }

  private struct Answer: Codable {
    var seconds: Double
    var trees: Int?
    var mean: [Double]?
    var epistemic: [Double]?
  }

  private enum Failure: Error {
    case noModel
    case noRequest
  }

  static func run(_ words: [String]) throws {
    var model: BoostedTreesPredictor?
    while let line = readLine() {
      let request = try JSONDecoder().decode(Request.self, from: Data(line.utf8))
      var answer: Answer
      if let rows = request.fit {
        (answer, model) = try fit(rows)
      } else if let rows = request.predict ?? request.one {
        guard let model else { throw Failure.noModel }
        answer = try predict(model, rows, oneByOne: request.one != nil)
      } else {
        throw Failure.noRequest
      }
      print(String(decoding: try JSONEncoder().encode(answer), as: UTF8.self))
      fflush(nil)
    }
  }

  private static func method(_ settings: Settings?) -> BoostedTrees {
    var trees =
      switch settings?.preset {
      case "seqnas-trees": BoostedTrees.seqNAS
      case "naslib-trees": BoostedTrees.nasLib
      default: BoostedTrees()
      }
    trees.encodings = [.slots]
    if let iterations = settings?.iterations { trees.iterations = iterations }
    if let depth = settings?.depth { trees.depth = depth }
    if let rate = settings?.learningRate { trees.learningRate = rate }
    if let l2 = settings?.l2 { trees.l2LeafRegularisation = l2 }
    if let loss = settings?.loss.flatMap(TreeLoss.init(rawValue:)) { trees.loss = loss }
    trees.leafMethod = settings?.leafMethod.flatMap(LeafMethod.init(rawValue:))
    if let strength = settings?.randomStrength { trees.randomStrength = strength }
    if let subsample = settings?.subsample {
      trees.sampling = subsample == 1 ? .none : .minimalVariance(subsample)
    }
    return trees
  }

  private static func fit(_ rows: Rows) throws -> (Answer, BoostedTreesPredictor) {
    let training = try TrainingSet(FeatureMatrix("slots", rows: rows.x), rows.y ?? [])
    let method = method(rows.settings)
    let start = ContinuousClock.now
    let model = try method.fitted(to: training, seed: rows.seed ?? 1)
    return (Answer(seconds: seconds(since: start), trees: model.treeCount), model)
  }

  private static func predict(_ model: BoostedTreesPredictor, _ rows: Rows, oneByOne: Bool) throws -> Answer {
    let all = try FeatureMatrix("slots", rows: rows.x)
    let single = oneByOne ? (0..<all.count).map { all.rows([$0]) } : [all]
    var shortest = Double.infinity
    var predictions: [Prediction] = []
    for _ in 0..<(rows.repeats ?? 1) {
      let start = ContinuousClock.now
      predictions = try single.flatMap(model.predict)
      shortest = min(shortest, seconds(since: start))
    }
    return Answer(
      seconds: shortest, mean: predictions.map(\.mean), epistemic: predictions.map(\.epistemic))
  }

  private static func seconds(since start: ContinuousClock.Instant) -> Double {
    let duration = ContinuousClock.now - start
    return Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }
}
