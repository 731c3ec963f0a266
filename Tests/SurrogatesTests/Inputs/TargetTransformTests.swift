import Foundation
import Records
import Surrogates
import Testing

@Suite struct TargetTransformTests {
  private let values = [0.9, 0.1, 0.5, 0.5, 0.93, 0.7]

  @Test(arguments: TargetTransform.allCases) func valuesComeBack(_ transform: TargetTransform) {
    let fitted = transform.fitted(to: values)
    for value in values {
      #expect(abs(fitted.inverse(fitted.forward(value)) - value) < 1e-12, "\(transform) of \(value)")
    }
  }

  @Test func ranksAreFractionsAndTiesShareThem() {
    let fitted = TargetTransform.rank.fitted(to: values)
    let expected = [4.5, 0.5, 2, 2, 5.5, 3.5].map { $0 / 6 }
    for (value, fraction) in zip(values, expected) { #expect(abs(fitted.forward(value) - fraction) < 1e-15) }
  }

  @Test func theOrderOfBestAndWorstIsKeptButTurnedByErrors() {
    for transform in TargetTransform.allCases {
      let fitted = transform.fitted(to: values)
      #expect((fitted.forward(0.93) > fitted.forward(0.1)) == (transform != .logError))
    }
  }

  @Test func deviationsFollowTheSlope() {
    let fitted = TargetTransform.standardized.fitted(to: [10, 20, 30])
    let prediction = fitted.inverse(Prediction(mean: 1, aleatoric: 0.3, epistemic: 0.4))
    let scale = (200.0 / 3).squareRoot()
    #expect(abs(prediction.mean - (20 + scale)) < 1e-12)
    #expect(abs(prediction.aleatoric - 0.3 * scale) < 1e-12)
    #expect(abs(prediction.epistemic - 0.4 * scale) < 1e-12)
  }

  @Test func beyondTheValuesAStraightLineGoesOn() {
    let fitted = TargetTransform.rank.fitted(to: (0..<40).map { Double($0 * $0) })
    // The ranks of the outermost values are 0.5/40 and 39.5/40; a tenth of the values lies 4/40 inside.
    let slope = (1521.0 - 1225) / 0.1
    #expect(abs(fitted.inverse(39.5 / 40 + 0.2) - (1521 + 0.2 * slope)) < 1e-9)
    #expect(abs(fitted.inverse(0.5 / 40 - 0.1) - -16) < 1e-9)
    let images = stride(from: -1.0, through: 2, by: 0.01).map(fitted.inverse)
    #expect(zip(images, images.dropFirst()).allSatisfy(<), "the order is lost")
    #expect(TargetTransform.quantile.fitted(to: [7, 7]).inverse(3) == 7)
  }

  @Test func knotsThatDoNotAscendAreRefused() throws {
    let text = try CanonicalJSON.text(TargetTransform.rank.fitted(to: [1, 2]))
    #expect(throws: DamagedArchive.self) {
      let broken = text.replacingOccurrences(of: "[1,2]", with: "[2,1]")
      #expect(broken != text)
      _ = try CanonicalJSON.decode(FittedTransform.self, from: Data(broken.utf8))
    }
    #expect(throws: SurrogatesError.unknownTransform(name: "cube", known: TargetTransform.allCases.map(\.rawValue))) {
      try TargetTransform(named: "cube")
    }
  }
}
