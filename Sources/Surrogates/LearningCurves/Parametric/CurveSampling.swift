import Foundation
import Records

/// How the posterior of a combination of curves is explored.
public enum CurveSampling: Hashable, Sendable, Codable {
  /// Not at all: the curves of maximum likelihood with equal weights.
  case none
  /// Metropolis's random walk of `steps` steps that move every parameter, every weight and σ² by N(0, `deviation`²); all
  /// points count, the first included.
  case metropolis(steps: Int, deviation: Double)
  /// The stretch move with a = 2 of `walkers` walkers, at least twice as many as there are parameters (Goodman and Weare,
  /// 2010; Foreman-Mackey et al., 2013, whose package Domhan et al. used). Each makes `samples` moves; the first
  /// `burnIn` and all but every `thinning`-th do not count.
  case affineInvariant(walkers: Int, samples: Int, burnIn: Int, thinning: Int)

  /// The points drawn, one after another, `combination.dimension` numbers each; the start where nothing is drawn.
  func points(of combination: CurveCombination, from start: [Double], _ generator: SeededGenerator) -> [Double] {
    switch self {
    case .none: return start
    case .metropolis(let steps, let deviation):
      return Self.walk(combination, start, steps, deviation, NormalDraws(generator))
    case .affineInvariant(let walkers, let samples, let burnIn, let thinning):
      let count = (max(walkers, 2 * start.count) + 1) / 2 * 2
      var ensemble = StretchEnsemble(combination, start, walkers: count, generator)
      var points: [Double] = []
      for sample in 0..<samples {
        ensemble.move()
        if sample >= burnIn, (sample - burnIn) % thinning == 0 { points += ensemble.positions }
      }
      return points
    }
  }

  private static func walk(
    _ combination: CurveCombination, _ start: [Double], _ steps: Int, _ deviation: Double, _ draws: NormalDraws
  ) -> [Double] {
    var draws = draws
    var point = start
    var density = combination.logDensity(point)
    var points: [Double] = []
    for _ in 0..<steps {
      points += point
      var proposal = point.map { $0 + deviation * draws.next() }
      // The walk is in σ².
      let noise = combination.deviationPlace
      let variance = point[noise] * point[noise] + (proposal[noise] - point[noise])
      guard variance > 0 else { continue }
      proposal[noise] = variance.squareRoot()
      let proposed = combination.logDensity(proposal)
      if proposed > -.infinity, log(1 - draws.uniform()) < proposed - density {
        point = proposal
        density = proposed
      }
    }
    return points
  }

  /// What of the settings is out of range, and what is allowed; nil where all is well.
  var complaint: (setting: String, found: String, allowed: String)? {
    switch self {
    case .none: return nil
    case .metropolis(let steps, let deviation):
      if !(1...1_000_000).contains(steps) { return ("steps", "\(steps)", "1 to 1000000") }
      if !(deviation > 0 && deviation.isFinite) { return ("deviation", "\(deviation)", "positive numbers") }
    case .affineInvariant(let walkers, let samples, let burnIn, let thinning):
      if !(2...10_000).contains(walkers) { return ("walkers", "\(walkers)", "2 to 10000") }
      if !(1...100_000).contains(samples) { return ("samples", "\(samples)", "1 to 100000") }
      if !(0..<samples).contains(burnIn) { return ("burnIn", "\(burnIn)", "0 to \(samples - 1)") }
      if thinning < 1 { return ("thinning", "\(thinning)", "1 or more") }
    }
    return nil
  }
}

/// Walkers that move along the lines between them.
private struct StretchEnsemble {
  private let combination: CurveCombination
  private let count: Int
  private let dimension: Int
  /// count×dimension.
  private(set) var positions: [Double]
  private var densities: [Double]
  private var generator: SeededGenerator

  /// Walkers within a ball of radius 1e-6 around `start`.
  init(_ combination: CurveCombination, _ start: [Double], walkers: Int, _ generator: SeededGenerator) {
    var draws = NormalDraws(generator.stream("start"))
    self.combination = combination
    count = walkers
    dimension = start.count
    positions = (0..<walkers).flatMap { _ in start.map { $0 + 1e-6 * draws.next() } }
    self.generator = generator
    densities = positions.withUnsafeBufferPointer { all in
      (0..<walkers).map { combination.logDensity(all.baseAddress.unsafelyUnwrapped + $0 * start.count) }
    }
  }

  /// One move of every walker: first of the first half against the second, then of the second against the first.
  mutating func move() {
    var proposal = [Double](repeating: 0, count: dimension)
    let half = count / 2
    for walker in 0..<count {
      let other = (walker < half ? half : 0) + generator.integer(below: half)
      let root = 1 + generator.uniform()
      let stretch = root * root / 2
      for place in 0..<dimension {
        let anchor = positions[other * dimension + place]
        proposal[place] = anchor + stretch * (positions[walker * dimension + place] - anchor)
      }
      let density = combination.logDensity(proposal)
      let chance = Double(dimension - 1) * log(stretch) + density - densities[walker]
      if log(1 - generator.uniform()) < chance {
        for place in 0..<dimension { positions[walker * dimension + place] = proposal[place] }
        densities[walker] = density
      }
    }
  }
}
