/// The one source of randomness: xoshiro256** (Blackman and Vigna, 2018), seeded through SplitMix64.
///
/// The same seed gives the same numbers on every machine. Independent streams come from ``stream(_:)``, so that adding a
/// draw in one place moves no draw in another.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)
  /// What the sequence and all its streams follow from.
  public let seed: UInt64

  /// A generator whose whole sequence follows from `seed`.
  public init(seed: UInt64) {
    self.seed = seed
    var mixer = SplitMix64(state: seed)
    state = (mixer.next(), mixer.next(), mixer.next(), mixer.next())
  }

  /// A generator for the purpose `label`, independent of this one's position and of other labels.
  public func stream(_ label: String) -> SeededGenerator {
    SeededGenerator(seed: Self.derive(seed, label))
  }

  /// The seed of the stream `label` under `seed`: FNV-1a over the label, mixed with the seed by SplitMix64.
  public static func derive(_ seed: UInt64, _ label: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in label.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    var mixer = SplitMix64(state: seed ^ hash)
    return mixer.next()
  }

  public mutating func next() -> UInt64 {
    let result = rotateLeft(state.1 &* 5, 7) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = rotateLeft(state.3, 45)
    return result
  }

  /// A uniform number in [0, 1) with 53 random bits.
  public mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A uniform integer in `0..<bound` without bias (Lemire, 2019). `bound` must be positive.
  public mutating func integer(below bound: Int) -> Int {
    precondition(bound > 0, "integer(below:) needs a positive bound")
    let range = UInt64(bound)
    var product = next().multipliedFullWidth(by: range)
    if product.low < range {
      let threshold = (0 &- range) % range
      while product.low < threshold { product = next().multipliedFullWidth(by: range) }
    }
    return Int(product.high)
  }

  /// True with the given probability.
  public mutating func chance(_ probability: Double) -> Bool {
    uniform() < probability
  }

  /// One uniformly chosen element of a non-empty collection.
  public mutating func pick<C: RandomAccessCollection>(_ choices: C) -> C.Element {
    choices[choices.index(choices.startIndex, offsetBy: integer(below: choices.count))]
  }

  /// Shuffles in place (Fisher and Yates, from the end), with our own draws so that the order never depends on the
  /// standard library's version.
  @_specialize(where T == Int32)
  @_specialize(where T == Int)
  public mutating func shuffle<T>(_ values: inout [T]) {
    guard values.count > 1 else { return }
    for last in stride(from: values.count - 1, to: 0, by: -1) {
      values.swapAt(last, integer(below: last + 1))
    }
  }

  private func rotateLeft(_ value: UInt64, _ by: UInt64) -> UInt64 {
    (value << by) | (value >> (64 - by))
  }
}

/// SplitMix64 (Steele, Lea and Flood, 2014): spreads a seed over the state of a larger generator.
struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
