import Foundation
import Records
import Spaces
import Surrogates

/// Cells of NAS-Bench-201 with a smooth synthetic value and a little noise.
func cellSample(_ encodings: [EncodingChoice], count: Int, seed: UInt64 = 7) throws -> TrainingSet {
  let cells = NASBench201Space().byText
  var generator = SeededGenerator(seed: seed)
  let texts = try (0..<count).map { _ in try cells.sample(using: &generator) }
  let values = try texts.map { text in
    let summary = try cells.encode(text, as: "live-path-summary")
    let noise = generator.uniform() - 0.5
    return 0.9 - 0.3 * exp(-0.4 * summary[4] - 0.1 * summary[6]) - 0.4 * summary[14] + 0.01 * noise
  }
  return try TrainingSet(ArchitectureEncoder(cells, encodings).features(of: texts), values)
}
