import Records
import Spaces

/// What one fit learns from and is tested on: places in the sample.
public struct PredictorSplit: Hashable, Sendable {
  /// Counted from 0.
  public let trial: Int
  public let trainSize: Int
  public let train: [Int]
  public let test: [Int]

  /// All splits, by trial, then by train size as given; they follow from protocol and sample alone.
  ///
  /// Within a trial a smaller train set is the beginning of a larger one, and the test set of a fixed size is the same for
  /// all. Throws ``EvaluationError`` for a protocol that cannot be, or not with so few architectures.
  public static func all(of sample: PredictorSample, _ rules: PredictorProtocol) throws -> [PredictorSplit] {
    try rules.check()
    let classes = rules.excludesIsomorphs ? try isomorphismClasses(sample) : Array(sample.architectures.indices)
    return try (0..<rules.trials).flatMap { trial in
      var generator = SeededGenerator(seed: rules.seed).stream("trial \(trial)")
      var order = Array(sample.architectures.indices)
      generator.shuffle(&order)
      let fixed = try fixedTest(sample, rules, order, using: &generator)
      if let fixed {
        let isTested = Set(fixed.map { classes[$0] })
        order = order.filter { !isTested.contains(classes[$0]) }
      }
      return try rules.trainSizes.map { size in
        guard order.count >= size, fixed != nil || order.count >= size + 2 else {
          throw EvaluationError.tooFew(found: sample.values.count, train: size, test: fixed?.count ?? 2)
        }
        let train = Array(order.prefix(size))
        let isLearnt = fixed == nil ? Set(train.map { classes[$0] }) : []
        let test = fixed ?? order.dropFirst(size).filter { !isLearnt.contains(classes[$0]) }.sorted()
        guard test.count >= 2 else {
          throw EvaluationError.tooFew(found: sample.values.count, train: size, test: 2)
        }
        return PredictorSplit(trial: trial, trainSize: size, train: train, test: test)
      }
    }
  }

  /// The test set of a trial where it has a size of its own.
  private static func fixedTest(
    _ sample: PredictorSample, _ rules: PredictorProtocol, _ order: [Int], using generator: inout SeededGenerator
  ) throws -> [Int]? {
    guard case .count(let count) = rules.test else { return nil }
    let largest = rules.trainSizes.max() ?? 0
    guard order.count >= largest + count else {
      throw EvaluationError.tooFew(found: order.count, train: largest, test: count)
    }
    return rules.mutated ? try mutants(count, sample, order, using: &generator) : Array(order.prefix(count))
  }

  /// Different architectures of the sample, each the best of a pool after one to three changes.
  private static func mutants(
    _ count: Int, _ sample: PredictorSample, _ order: [Int], using generator: inout SeededGenerator
  ) throws -> [Int] {
    let places = Dictionary(uniqueKeysWithValues: sample.architectures.enumerated().map { ($1, $0) })
    let (pool, survivors, changes) = PredictorProtocol.mutation
    let best = order.prefix(pool).sorted { left, right in
      let (a, b) = (sample.values[left], sample.values[right])
      return a == b ? left < right : (a > b) == sample.largerIsBetter
    }.prefix(survivors)
    var found: [Int] = []
    var seen: Set<Int> = []
    for _ in 0..<max(10_000, 200 * count) where found.count < count {
      var text = sample.architectures[generator.pick(best)]
      for _ in 0...generator.integer(below: changes) { text = try sample.space.mutate(text, using: &generator) }
      if let place = places[text], seen.insert(place).inserted { found.append(place) }
    }
    guard found.count == count else { throw EvaluationError.mutationStuck(found: found.count, needed: count) }
    return found
  }

  /// A number an architecture, the same for architectures that describe one network.
  private static func isomorphismClasses(_ sample: PredictorSample) throws -> [Int] {
    var numbers: [String: Int] = [:]
    return try sample.architectures.map { text in
      let name = try sample.space.isomorphismClass(of: text)
      let number = numbers[name] ?? numbers.count
      numbers[name] = number
      return number
    }
  }
}
