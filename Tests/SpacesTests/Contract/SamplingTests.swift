import Records
import Spaces
import Testing

/// The sampler against the authors' distribution: switches with probability ½, choices uniform over their lists.
@Suite struct SamplingTests {
  static let samples: [Architecture] = {
    var generator = SeededGenerator(seed: 2_026)
    let space = EventSequenceSpace(hasNumericFeatures: true)
    return (0..<60_000).map { _ in space.sample(using: &generator) }
  }()

  /// Chi-square of what was seen against expected shares. The bound is above the 0.9999 quantile for `shares.count - 1`
  /// degrees of freedom (Wilson and Hilferty, 1931).
  static func fits<Value: Hashable>(_ seen: [Value], _ shares: [Value: Double]) -> Bool {
    let counts = Dictionary(grouping: seen, by: { $0 }).mapValues(\.count)
    guard Set(counts.keys).isSubset(of: Set(shares.keys)) else { return false }
    let chiSquare = shares.reduce(0) { sum, share in
      let expected = share.value * Double(seen.count)
      let difference = Double(counts[share.key] ?? 0) - expected
      return sum + difference * difference / expected
    }
    let freedom = Double(shares.count - 1)
    let root = (2 / (9 * freedom)).squareRoot()
    let cube = 1 - 2 / (9 * freedom) + 3.72 * root
    return chiSquare < freedom * cube * cube * cube
  }

  static func uniform<Value: Hashable>(_ values: some Collection<Value>) -> [Value: Double] {
    Dictionary(uniqueKeysWithValues: values.map { ($0, 1 / Double(values.count)) })
  }

  @Test func stemTimeAndHead() {
    let stems = Self.samples.compactMap(\.stem)
    #expect(stems.count == Self.samples.count)
    let pairs = Architecture.StemKernel.allCases.flatMap { [Choice($0.rawValue, 0), Choice($0.rawValue, 1)] }
    #expect(Self.fits(stems.map { Choice($0.kernel.rawValue, $0.dropout ? 1 : 0) }, Self.uniform(pairs)))
    #expect(Self.fits(Self.samples.map(\.timeEncoding), Self.uniform([false, true])))
    let heads = Architecture.Pooling.allCases.flatMap { [Choice($0.rawValue, 0), Choice($0.rawValue, 1)] }
    let seen = Self.samples.map { Choice($0.head.pooling.rawValue, $0.head.spatialDropout ? 1 : 0) }
    #expect(Self.fits(seen, Self.uniform(heads)))
  }

  @Test func depthsAreSwitchesThenLists() {
    var shares: [Choice: Double] = [:]
    for (encoder, first) in [0: 0.5, 1: 1.0 / 6, 2: 1.0 / 6, 4: 1.0 / 6] {
      for (decoder, second) in [0: 0.5, 1: 0.25, 2: 0.25] { shares[Choice(encoder, decoder)] = first * second }
    }
    #expect(Self.fits(Self.samples.map { Choice($0.encoder.count, $0.decoder.count) }, shares))
  }

  @Test(arguments: 0..<4)
  func encoderLayersAreUniformSubsetsThenHeads(index: Int) {
    var shares: [Choice: Double] = [:]
    for operations in Architecture.OperationSet.allCases {
      if operations.contains(.attention) {
        for heads in [1, 2, 4, 8] { shares[Choice(operations.index, heads)] = 1.0 / 28 }
      } else {
        shares[Choice(operations.index, 0)] = 1.0 / 7
      }
    }
    let layers = Self.samples.compactMap { index < $0.encoder.count ? $0.encoder[index] : nil }
    #expect(layers.count > 5_000)
    #expect(Self.fits(layers.map { Choice($0.operations.index, $0.attentionHeads ?? 0) }, shares))
  }

  @Test(arguments: 0..<2)
  func decoderHeadsAreUniform(index: Int) {
    let layers = Self.samples.compactMap { index < $0.decoder.count ? $0.decoder[index] : nil }
    #expect(layers.count > 10_000)
    let pairs = [1, 2, 4, 8].flatMap { own in [1, 2, 4, 8].map { Choice(own, $0) } }
    #expect(Self.fits(layers.map { Choice($0.selfHeads, $0.crossHeads) }, Self.uniform(pairs)))
  }

  @Test func theTestItselfSeesASkew() {
    var generator = SeededGenerator(seed: 1)
    let skewed = (0..<60_000).map { _ in generator.chance(0.52) }
    #expect(!Self.fits(skewed, Self.uniform([false, true])))
    #expect(!Self.fits([1, 2, 3], Self.uniform([1, 2])))
  }

  /// Two choices seen together.
  struct Choice: Hashable {
    let first: Int
    let second: Int
    init(_ first: Int, _ second: Int) {
      self.first = first
      self.second = second
    }
  }
}
