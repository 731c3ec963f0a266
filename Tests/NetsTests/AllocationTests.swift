import Nets
import Testing

/// After the first step a training step asks nothing of the heap.
@Suite(.enabled(if: AllocationCounter.counts, "a build with a sanitizer has another allocator"))
struct AllocationTests {
  @Test func theCounterCounts() {
    var kept: [[Int]] = []
    let count = AllocationCounter.allocations {
      for size in 1...20 { kept.append(Array(repeating: size, count: size)) }
    }
    #expect(count >= 20)
    #expect(kept.count == 20)
    #expect(AllocationCounter.allocations {} == 0)
  }

  @Test(arguments: [true, false], OptimizerSettings.Kind.allCases)
  func noAllocationInAStep(decodes: Bool, kind: OptimizerSettings.Kind) {
    let network = SequenceNetwork(
      SmallNetworks.blueprint(decodes: decodes, pooling: .mixed), batchSize: 8,
      instructionSet: LayerSetting.instructionSets.last!)
    GoldenFill.fill(network)
    let optimizer = Optimizer(OptimizerSettings(kind: kind, learningRate: 1e-3, weightDecay: 1e-2), for: network)
    let loss = ClassificationLoss(classWeights: [1, 0.5, 2])
    let bytes = network.memoryBytes
    let teacher = [Float](repeating: 0.25, count: SmallNetworks.lengths.count * SmallNetworks.classes)
    SmallNetworks.batch().withBatch { batch, labels in
      teacher.withUnsafeBufferPointer { teacher in
        let teachers = [teacher.baseAddress!, teacher.baseAddress!]
        func steps(_ range: Range<UInt64>) {
          for step in range {
            _ = network.gradients(batch, labels: labels, loss: loss, teachers: teachers, stepKey: step)
            optimizer.step(learningRate: 1e-3)
          }
        }
        steps(0..<1)
        #expect(AllocationCounter.allocations { steps(1..<51) } == 0)
        #expect(AllocationCounter.allocations { network.forward(batch, training: false) } == 0)
      }
    }
    #expect(network.memoryBytes == bytes)
    #expect(network.isFinite)
  }
}
