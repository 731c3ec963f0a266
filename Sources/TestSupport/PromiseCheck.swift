import Foundation
import Records
import Surrogates

/// What the kits of predictors and of curve predictors have in common.
protocol PromiseCheck {
  /// Of the method under test.
  var name: String { get }
  var seed: UInt64 { get }
  var violations: [String] { get set }
}

extension PromiseCheck {
  mutating func report(_ what: String) { violations.append("\(name): \(what)") }

  mutating func numbers(_ predictions: [Prediction]) {
    for prediction in predictions {
      if !prediction.mean.isFinite { return report("a mean is \(prediction.mean)") }
      if !(prediction.aleatoric >= 0 && prediction.epistemic >= 0 && prediction.standardDeviation.isFinite) {
        return report("deviations are \(prediction.aleatoric) and \(prediction.epistemic)")
      }
    }
  }

  mutating func equal(_ found: [Prediction], _ expected: [Prediction], _ what: String) {
    let same =
      found.count == expected.count
      && zip(found, expected).allSatisfy {
        $0.mean.bitPattern == $1.mean.bitPattern && $0.aleatoric.bitPattern == $1.aleatoric.bitPattern
          && $0.epistemic.bitPattern == $1.epistemic.bitPattern
      }
    if !same { report("\(what) predicts other bits") }
  }

  /// Flips a bit of `file`, or cuts it at every fifth time, and expects a ``DamagedArchive`` each time.
  mutating func damage(_ file: Data, flips: Int) throws {
    var generator = SeededGenerator(seed: seed)
    for flip in 0..<flips {
      var damaged = file
      if flip % 5 == 4 {
        damaged = damaged.prefix(generator.integer(below: file.count))
      } else {
        damaged[generator.integer(below: file.count)] ^= 1 << UInt8(generator.integer(below: 8))
      }
      do {
        _ = try ArrayFile.model.decode(damaged)
        return report("a damaged model file is read")
      } catch is DamagedArchive {}
    }
  }
}
