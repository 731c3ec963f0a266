import Foundation
import Nets
import Testing

/// Twenty steps of AdamW from the same weights as PyTorch, dropout off, on the eight networks of the speed benchmark.
/// A machine without AVX-512 compares no bits between the instruction sets.
@Suite struct TrajectoryTests {
  struct File: Decodable {
    struct Case: Decodable, CustomTestStringConvertible, Sendable {
      let name: String
      let embedding: Int
      let hidden: Int
      let batch: Int
      let layers: Int
      let operations: [String]
      let heads: Int
      let decoder: [[Int]]
      let parameters: Int
      let lengths: [[Int]]
      let losses: [Float]
      var testDescription: String { name }
    }
    let rows: Int
    let timeSteps: Int
    let classes: Int
    let pool: Int
    let kernel: Int
    let learningRate: Float
    let weightDecay: Float
    let cases: [Case]
  }

  static let file = try! GoldenFill.decode(File.self, "trajectories")

  static func blueprint(_ golden: File.Case) -> NetworkBlueprint {
    let parts: [NetworkBlueprint.Part] = golden.operations.map { operation in
      switch operation {
      case "attention": .attention(heads: golden.heads)
      case "gru": .recurrent
      default: .convolution
      }
    }
    return NetworkBlueprint(
      stem: .init(
        tableRows: [file.rows], tableWidths: [golden.embedding], numericCount: 1, numericWidth: golden.embedding,
        kernelSize: file.kernel, dropout: 0, timeEncoding: true),
      encoder: Array(repeating: parts, count: golden.layers),
      decoder: golden.decoder.map { .init(selfHeads: $0[0], crossHeads: $0[1]) }, queries: file.classes, dropout: 0,
      spatialDropout: 0, pooling: .average, positions: file.timeSteps, hidden: golden.hidden, classes: file.classes)
  }

  static func losses(
    _ golden: File.Case, _ instructionSet: InstructionSet, steps: Int, keepsProbabilities: Bool? = nil
  ) -> (losses: [Float], parameters: Int) {
    let blueprint = blueprint(golden)
    let network =
      keepsProbabilities.map {
        SequenceNetwork(
          blueprint, batchSize: golden.batch, instructionSet: instructionSet, keepsProbabilities: $0)
      } ?? SequenceNetwork(blueprint, batchSize: golden.batch, instructionSet: instructionSet)
    GoldenFill.fill(network)
    let optimizer = Optimizer(
      OptimizerSettings(kind: .adamW, learningRate: file.learningRate, weightDecay: file.weightDecay), for: network)
    let loss = ClassificationLoss(classWeights: [1, 1])
    let pool = (0..<file.pool).map {
      GoldenBatch(
        prefix: "pool\($0).", lengths: golden.lengths[$0], positions: file.timeSteps, rows: [file.rows], features: 1,
        classes: file.classes)
    }
    let losses = (0..<steps).map { step in
      pool[step % pool.count].withBatch { batch, labels in
        let value = network.gradients(batch, labels: labels, loss: loss, stepKey: UInt64(step))
        optimizer.step(learningRate: file.learningRate)
        return value
      }
    }
    return (losses, network.parameterCount)
  }

  @Test(arguments: file.cases)
  func followsPyTorch(_ golden: File.Case) {
    let (losses, parameters) = Self.losses(golden, .avx2, steps: golden.losses.count)
    #expect(parameters == golden.parameters)
    for (step, (ours, theirs)) in zip(losses, golden.losses).enumerated() {
      #expect(abs(ours - theirs) <= 1e-4 * abs(theirs), "step \(step): \(ours), PyTorch \(theirs)")
    }
    // The other instruction set gives the same bits; a difference would show in the first steps.
    guard machineInstructionSet == .avx512 else { return }
    let wide = Self.losses(golden, .avx512, steps: 5).losses
    #expect(wide.map(\.bitPattern) == losses.prefix(5).map(\.bitPattern))
  }

  @Test(arguments: file.cases.filter { $0.heads > 0 && $0.embedding == 16 })
  func probabilitiesComputedAgainChangeNoBit(_ golden: File.Case) {
    let kept = Self.losses(golden, .avx2, steps: 4, keepsProbabilities: true).losses
    let again = Self.losses(golden, .avx2, steps: 4, keepsProbabilities: false).losses
    #expect(kept.map(\.bitPattern) == again.map(\.bitPattern))
  }
}

/// The widest family of this machine.
let machineInstructionSet: InstructionSet? = {
  let listing = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
  let line = listing.split(separator: "\n").first { $0.hasPrefix("flags") } ?? ""
  return InstructionSet.widest(flags: Set(line.split(separator: " ").map(String.init)))
}()
