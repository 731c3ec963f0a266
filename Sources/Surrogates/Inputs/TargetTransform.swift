import Foundation
import Records
import Statistics

/// What values go through before they are learnt. Predictions come back through the inverse.
public enum TargetTransform: String, Hashable, Sendable, Codable, CaseIterable {
  case identity
  /// Mean 0 and variance 1.
  case standardized
  /// ln of what is missing to the best: 100 for percentages, 1 for fractions.
  case logError = "log-error"
  /// The rank among the training values, as a fraction: even spacing whatever the values' distribution.
  case rank
  /// The normal score of the rank: values as if they were normally distributed.
  case quantile

  /// Throws ``SurrogatesError/unknownTransform(name:known:)``.
  public init(named name: String) throws {
    guard let found = TargetTransform(rawValue: name) else {
      throw SurrogatesError.unknownTransform(name: name, known: Self.allCases.map(\.rawValue))
    }
    self = found
  }

  /// The transform with what it needs to know of `values`, N finite numbers, one at least.
  public func fitted(to values: [Double]) -> FittedTransform {
    switch self {
    case .identity: return FittedTransform(.identity, scale: 1, shift: 0, knots: [], images: [])
    case .standardized:
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      return FittedTransform(self, scale: variance > 0 ? variance.squareRoot() : 1, shift: mean, knots: [], images: [])
    case .logError:
      let largest = values.max() ?? 0
      let ceiling = largest <= 1 ? 1 : largest <= 100 ? 100 : largest * 1.01
      return FittedTransform(self, scale: ceiling * 1e-4, shift: ceiling, knots: [], images: [])
    case .rank, .quantile:
      var knots: [Double] = []
      var images: [Double] = []
      let sorted = values.sorted()
      var start = 0
      while start < sorted.count {
        var end = start + 1
        while end < sorted.count, sorted[end] == sorted[start] { end += 1 }
        // The mean of the ranks that tied values share, counted from one half: never 0 and never 1.
        let fraction = Double(start + end) / 2 / Double(sorted.count)
        knots.append(sorted[start])
        images.append(self == .rank ? fraction : NormalDistribution.quantile(fraction))
        start = end
      }
      return FittedTransform(self, scale: 1, shift: 0, knots: knots, images: images)
    }
  }
}

/// A transform that knows the values it was made for.
public struct FittedTransform: Hashable, Sendable, Codable {
  public let transform: TargetTransform
  private let scale: Double
  private let shift: Double
  /// Ascending values and what each becomes, for transforms by rank.
  private let knots: [Double]
  private let images: [Double]

  init(_ transform: TargetTransform, scale: Double, shift: Double, knots: [Double], images: [Double]) {
    self.transform = transform
    self.scale = scale
    self.shift = shift
    self.knots = knots
    self.images = images
  }

  /// What a model learns in place of `value`.
  public func forward(_ value: Double) -> Double {
    switch transform {
    case .identity: value
    case .standardized: (value - shift) / scale
    case .logError: log(max(shift - value, scale))
    case .rank, .quantile: Self.interpolate(value, knots, images)
    }
  }

  /// The value that becomes `image`. Transforms by rank go on beyond the training values in a straight line, as steep as
  /// the outermost tenth of them.
  public func inverse(_ image: Double) -> Double {
    switch transform {
    case .identity: image
    case .standardized: image * scale + shift
    case .logError: shift - exp(image)
    case .rank, .quantile: Self.interpolate(image, images, knots)
    }
  }

  /// A prediction of images as one of values: the mean's value, and the deviation of the normal distribution whose 80 %
  /// interval is as wide as that between the values of the interval's ends, its parts in the same proportion.
  public func inverse(_ prediction: Prediction) -> Prediction {
    if transform == .identity { return prediction }
    let deviation = prediction.standardDeviation
    guard deviation > 0 else { return Prediction(mean: inverse(prediction.mean)) }
    let reach = 1.2815515655446004
    let low = inverse(prediction.mean - reach * deviation)
    let high = inverse(prediction.mean + reach * deviation)
    let spread = abs(high - low) / (2 * reach)
    return Prediction(
      mean: inverse(prediction.mean), aleatoric: spread * prediction.aleatoric / deviation,
      epistemic: spread * prediction.epistemic / deviation)
  }

  /// Reads a transform from a model file. Throws ``DamagedArchive`` for knots that do not ascend.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    transform = try container.decode(TargetTransform.self, forKey: .transform)
    scale = try container.decode(Double.self, forKey: .scale)
    shift = try container.decode(Double.self, forKey: .shift)
    knots = try container.decode([Double].self, forKey: .knots)
    images = try container.decode([Double].self, forKey: .images)
    let byRank = transform == .rank || transform == .quantile
    guard knots.count == images.count, byRank != knots.isEmpty, scale.isFinite, shift.isFinite,
      zip(knots, knots.dropFirst()).allSatisfy(<), zip(images, images.dropFirst()).allSatisfy(<)
    else { throw DamagedArchive("the knots of its transform do not ascend") }
  }

  /// Between ascending knots by a straight line; outside by one as steep as the outermost tenth of the knots.
  private static func interpolate(_ x: Double, _ knots: [Double], _ images: [Double]) -> Double {
    guard let first = knots.first, let last = knots.last else { return x }
    guard knots.count > 1 else { return images[0] }
    let tenth = max(1, knots.count / 10)
    if !(x > first) {
      return images[0] + (x - first) * (images[tenth] - images[0]) / (knots[tenth] - first)
    }
    if x >= last {
      let before = knots.count - 1 - tenth
      let end = images[images.count - 1]
      return end + (x - last) * (end - images[before]) / (last - knots[before])
    }
    var low = 0
    var high = knots.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if knots[middle] <= x { low = middle } else { high = middle }
    }
    let fraction = (x - knots[low]) / (knots[high] - knots[low])
    return images[low] + fraction * (images[high] - images[low])
  }
}
