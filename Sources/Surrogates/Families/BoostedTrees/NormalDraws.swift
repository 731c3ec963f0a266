import Foundation
import Nets
import Records

/// Normally distributed numbers by Marsaglia and Tsang's ziggurat (2000) of 128 layers: most take one random word, one
/// table look-up and one product.
struct NormalDraws {
  private static let edge = 3.442619855899
  private static let area = 9.91256303526217e-3

  /// Where the layers end, from the widest; one more than there are layers.
  private static let ends: [Double] = {
    var ends = [area / exp(-edge * edge / 2), edge]
    for layer in 2..<128 {
      let last = ends[layer - 1]
      ends.append((-2 * log(area / last + exp(-last * last / 2))).squareRoot())
    }
    return ends + [0]
  }()

  private var state: UInt64

  init(_ generator: SeededGenerator) {
    var generator = generator
    state = generator.next()
  }

  /// SplitMix64 (Steele, Lea and Flood, 2014), here so that it is inlined: a tree takes thousands.
  @inline(__always)
  private mutating func word() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// In [0, 1).
  @inline(__always)
  mutating func uniform() -> Double { Double(Int64(word() >> 11)) * 0x1p-53 }

  /// The state before `count` random words, for others to draw them from.
  mutating func skip(_ count: Int) -> UInt64 {
    defer { state &+= 0x9e37_79b9_7f4a_7c15 &* UInt64(count) }
    return state
  }

  mutating func next() -> Double {
    while true {
      let word = self.word()
      let layer = Int(word & 127)
      let sign: Double = word & 128 == 0 ? 1 : -1
      let x = Double(Int64(word >> 11)) * 0x1p-53 * Self.ends[layer]
      if x < Self.ends[layer + 1] { return sign * x }
      if layer == 0 { return sign * tail() }
      let low = exp(-Self.ends[layer] * Self.ends[layer] / 2)
      let high = exp(-Self.ends[layer + 1] * Self.ends[layer + 1] / 2)
      if low + uniform() * (high - low) < exp(-x * x / 2) { return sign * x }
    }
  }

  /// Beyond the edge (Marsaglia, 1964).
  private mutating func tail() -> Double {
    while true {
      let x = -log(1 - uniform()) / Self.edge
      let y = -log(1 - uniform())
      if 2 * y > x * x { return Self.edge + x }
    }
  }
}

/// The noise of stochastic gradient Langevin boosting (Ustimenko and Prokhorenkova, 2021), as CatBoost applies it:
/// to the derivatives whose size sets the noise of scores, and to the sums of gradient leaves.
struct LangevinNoise {
  /// √(2 / (learning rate · temperature)).
  let deviation: Double

  init(learningRate: Double, temperature: Double) {
    deviation = (2 / (learningRate * temperature)).squareRoot()
  }
}

/// The noise on scores of splits that CatBoost calls random strength.
enum ScoreNoise {
  /// strength · √(Σ derivative² / N) · m / (1 + m), m = N · exp(−tree · learning rate): the deviation at tree `tree`.
  static func deviation(
    strength: Double, _ first: UnsafePointer<Double>, count: Int, dimension: Int, langevin: LangevinNoise?, tree: Int,
    learningRate: Double, _ normal: inout NormalDraws
  ) -> Double {
    guard strength > 0 else { return 0 }
    var squares = 0.0
    if let langevin {
      for place in 0..<count * dimension {
        let derivative = first[place] + langevin.deviation * normal.next()
        squares += derivative * derivative
      }
    } else {
      squares = TreeKernels.fastest.squares(count * dimension, first)
    }
    let size = exp(log(Double(count)) - Double(tree) * learningRate)
    return strength * (squares / Double(count)).squareRoot() * size / (1 + size)
  }
}
