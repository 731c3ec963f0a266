import Nets
import Testing

/// Gradients of whole networks against central differences of their own loss, with dropout and distillation. The masks
/// follow from the step's key, so the loss is a function of the parameters.
@Suite struct GradientCheckTests {
  struct Network: CustomTestStringConvertible, Sendable {
    let decodes: Bool
    let pooling: NetworkBlueprint.Pooling
    var testDescription: String { "\(decodes ? "decoder" : "encoder only"), \(pooling)" }
  }

  static let networks = [
    Network(decodes: true, pooling: .average), Network(decodes: true, pooling: .mixed),
    Network(decodes: false, pooling: .average), Network(decodes: false, pooling: .mixed),
  ]

  @Test(arguments: networks, LayerSetting.instructionSets)
  func gradientsAreSlopes(_ kind: Network, _ instructionSet: InstructionSet) throws {
    let network = SequenceNetwork(
      SmallNetworks.blueprint(decodes: kind.decodes, pooling: kind.pooling), batchSize: 24,
      instructionSet: instructionSet)
    GoldenFill.fill(network)
    let parameters = network.parameters
    let loss = ClassificationLoss(classWeights: [1, 0.5, 2], distillationWeight: 0.4)
    let classes = SmallNetworks.classes
    var teachers = (0..<2).map {
      GoldenFill.values("teacher.\($0)", count: SmallNetworks.lengths.count * classes, scale: 2)
    }
    for index in 0..<classes {
      teachers[0][classes + index] = .nan
      teachers[1][4 * classes + index] = .nan
    }
    SmallNetworks.batch().withBatch { batch, labels in
      teachers[0].withUnsafeBufferPointer { first in
        teachers[1].withUnsafeBufferPointer { second in
          let pointers = [first.baseAddress!, second.baseAddress!]
          func value() -> Double {
            Double(network.gradients(batch, labels: labels, loss: loss, teachers: pointers, stepKey: 77))
          }
          _ = value()
          let gradients = parameters.tensors.map(parameters.readGradient)
          let largest = Double(gradients.joined().map(abs).max() ?? 0)
          for (tensor, gradient) in zip(parameters.tensors, gradients) {
            // At most twenty elements, spread over the tensor.
            let stride = max(1, (tensor.count + 19) / 20)
            let room = Double(gradient.map(abs).max() ?? 0)
            func tolerance(_ slope: Double) -> Double { 2e-2 * max(abs(slope), room) + 2e-3 * largest }
            for element in Swift.stride(from: 0, to: tensor.count, by: stride) {
              let place = tensor.place(of: element)
              let held = parameters.values[place]
              let ours = Double(gradient[element])
              var slope = 0.0
              // A second, shorter step: the first may cross a kink, where another position becomes the maximum.
              for step: Float in [4e-3, 5e-4] {
                parameters.values[place] = held + step
                let up = value()
                parameters.values[place] = held - step
                let down = value()
                parameters.values[place] = held
                slope = (up - down) / (2 * Double(step))
                if abs(ours - slope) <= tolerance(slope) { break }
              }
              #expect(
                abs(ours - slope) <= tolerance(slope),
                "\(tensor.name)[\(element)]: \(ours), central difference \(slope)")
            }
          }
        }
      }
    }
  }

  /// Other keys draw other masks, the same key the same; without training nothing is dropped.
  @Test func masksFollowTheKey() {
    let network = SequenceNetwork(
      SmallNetworks.blueprint(decodes: true, pooling: .average), batchSize: 8, instructionSet: .avx2)
    GoldenFill.fill(network)
    SmallNetworks.batch().withBatch { batch, _ in
      func logit(training: Bool, _ key: UInt64) -> Float {
        network.forward(batch, training: training, stepKey: key)
        return network.logit(row: 0, class: 0)
      }
      let first = logit(training: true, 1)
      #expect(logit(training: true, 2) != first)
      #expect(logit(training: true, 1) == first)
      #expect(logit(training: false, 1) == logit(training: false, 2))
    }
  }
}
