import Records

/// A number read off the beginning of a curve, with nothing learnt.
///
/// The curve is taken with the sign of its direction, so that a curve of losses counts negatively and a curve of
/// accuracies positively: scores are larger for better runs.
struct CurveStatistic: CurvePredictor {
  static let kind = "curve-statistic"

  enum Rule: Hashable, Sendable, Codable {
    /// y_T itself, of the last epoch that the curve has.
    case last
    /// Σ y_t over the last E of the epochs looked at; over all of them for nil.
    case sum(last: Int?)
    /// Σ e_t with e_1 = y_1, e_t = (1 - μ) e_{t-1} + μ y_t.
    case smoothedSum(momentum: Double)
  }

  struct Settings: Codable {
    let rule: Rule
    let direction: CurveSet.Direction
    /// T: how many epochs are looked at.
    let epochs: Int
  }

  private let settings: Settings

  init(_ rule: Rule, _ training: CurveTrainingSet) {
    settings = Settings(rule: rule, direction: training.curves.direction, epochs: training.observedEpochs)
  }

  func predict(_ curves: CurveSet) throws -> [Prediction] {
    try curves.require(settings.direction, epochs: settings.rule == .last ? 1 : settings.epochs)
    return curves.curves.map { curve in
      if settings.rule == .last { return Prediction(mean: curve[curve.count - 1]) }
      return Prediction(mean: settings.direction.sign * sum(curve.prefix(settings.epochs)))
    }
  }

  private func sum(_ curve: ArraySlice<Double>) -> Double {
    switch settings.rule {
    case .last: return curve[curve.endIndex - 1]
    case .sum(let last): return curve.suffix(last ?? curve.count).reduce(0, +)
    case .smoothedSum(let momentum):
      var average = curve[0]
      var sum = average
      for value in curve.dropFirst() {
        average = (1 - momentum) * average + momentum * value
        sum += average
      }
      return sum
    }
  }

  func write(to archive: inout ArrayArchive) throws { try archive.setSettings(settings) }

  init(from archive: ArrayArchive) throws {
    settings = try archive.settings(Settings.self)
    guard settings.epochs >= 1 else { throw DamagedArchive("it looks at no epoch") }
    switch settings.rule {
    case .sum(let last?) where last < 1: throw DamagedArchive("it sums over no epoch")
    case .smoothedSum(let momentum) where !(0...1).contains(momentum):
      throw DamagedArchive("its momentum is \(momentum)")
    default: break
    }
  }
}

extension CurveSet {
  /// Throws ``SurrogatesError/shape(_:)`` where the curves stand in another direction or one is shorter than `epochs`.
  func require(_ direction: Direction, epochs: Int) throws {
    guard count > 0 else { return }
    guard self.direction == direction else {
      throw SurrogatesError.shape(
        "the curves are \(self.direction.rawValue); in training they were \(direction.rawValue)")
    }
    guard shortest >= epochs else {
      throw SurrogatesError.shape("a curve has \(shortest) epochs; needed: \(epochs)")
    }
  }
}
