import Foundation
import Records

/// Standard normal numbers from one stream (Box and Muller, 1958), one of each pair.
struct NormalDraws {
  var generator: SeededGenerator

  init(_ generator: SeededGenerator) { self.generator = generator }

  mutating func next() -> Double {
    let radius = (-2 * log(1 - generator.uniform())).squareRoot()
    return radius * cos(2 * .pi * generator.uniform())
  }
}
