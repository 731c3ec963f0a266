import Foundation
import Nets
import Testing

/// Ten steps of Adam, AdamW and LAMB, and the schedules, against `Golden/optimizers.json`.
@Suite struct OptimizerGoldenTests {
  struct File: Decodable {
    let cases: [Case]
  }

  struct Case: Decodable, CustomTestStringConvertible, Sendable {
    struct Config: Decodable, Sendable {
      let learningRate: Float?
      let weightDecay: Float?
      let beta1: Float?
      let beta2: Float?
      let epsilon: Float?
      let maxGradientNorm: Float?
      let alwaysAdapt: Bool?
      let period: Int?
      let multiplier: Int?
      let minimum: Float?
    }

    let name: String
    let optimizer: String?
    let schedule: String?
    let config: Config
    let gradientScale: Float?
    let zero: [String]?
    let shapes: [String: [Int]]?
    let steps: [[String: [Double]]]?
    let peak: Float?
    let epochs: [Double]?
    let rates: [Double]?
    var testDescription: String { name }
  }

  static let cases = try! GoldenFill.decode(File.self, "optimizers").cases

  /// Where the five scalars of `second` lie.
  enum Place: CaseIterable {
    /// In a vector of their own.
    case alone
    /// In memory that another tensor follows, as the biases of attention heads do.
    case shared
  }

  @Test(arguments: cases.filter { $0.optimizer != nil }, LayerSetting.instructionSets)
  func tenSteps(_ golden: Case, _ instructionSet: InstructionSet) throws {
    for place in Place.allCases { try tenSteps(golden, instructionSet, place) }
  }

  private func tenSteps(_ golden: Case, _ instructionSet: InstructionSet, _ place: Place) throws {
    let config = golden.config
    let shapes = try #require(golden.shapes)
    let scale = try #require(golden.gradientScale)
    let (parameters, arena) = (Parameters(), Arena())
    let first = try #require(shapes["first"])
    _ = parameters.matrix("first", first[0], first[1])
    let second = try #require(shapes["second"])[0]
    switch place {
    case .alone: _ = parameters.vector("second", second)
    case .shared:
      let offset = parameters.reserve(2 * second)
      for (index, name) in ["second", "neighbor"].enumerated() {
        parameters.place(
          name, [second], at: offset + index * second, rows: 1, columns: second, stride: 16, fanIn: 1,
          sharesLastVector: true)
      }
    }
    parameters.allocate(in: arena)
    for tensor in parameters.tensors where tensor.name != "neighbor" {
      let values = GoldenFill.values(tensor.name, count: tensor.count, scale: 1)
      if golden.zero?.contains(tensor.name) == false { parameters.fill(tensor) { values[$0] } }
    }
    let settings = OptimizerSettings(
      kind: try #require(OptimizerSettings.Kind(rawValue: golden.optimizer!)), learningRate: config.learningRate!,
      weightDecay: config.weightDecay!, beta1: config.beta1!, beta2: config.beta2!, epsilon: config.epsilon!,
      maxGradientNorm: config.maxGradientNorm, alwaysAdapt: config.alwaysAdapt ?? false)
    let optimizer = Optimizer(
      settings, parameters: parameters, arena: arena, kernels: .table(for: instructionSet))
    for (index, expected) in try #require(golden.steps).enumerated() {
      parameters.zeroGradients()
      for tensor in parameters.tensors where tensor.name != "neighbor" {
        let gradient = GoldenFill.values(
          "gradient.\(index + 1).\(tensor.name)", count: tensor.count, scale: scale)
        for element in 0..<tensor.count { parameters.gradients[tensor.place(of: element)] = gradient[element] }
      }
      optimizer.step(learningRate: settings.learningRate)
      for tensor in parameters.tensors where tensor.name != "neighbor" {
        let theirs = try #require(expected[tensor.name])
        let tolerance = 1e-5 * (theirs.map(abs).max() ?? 0) + 1e-6
        for (our, their) in zip(parameters.read(tensor), theirs) {
          #expect(
            abs(Double(our) - their) <= tolerance,
            "\(golden.name), \(place), step \(index + 1), \(tensor.name): \(our), not \(their)")
        }
      }
      if place == .shared {
        let neighbor = try #require(parameters.tensor(named: "neighbor"))
        #expect(parameters.read(neighbor) == [0, 0, 0, 0, 0], "\(golden.name): the neighbor moved")
      }
    }
  }

  @Test(arguments: cases.filter { $0.schedule != nil })
  func schedule(_ golden: Case) throws {
    let schedule: Schedule =
      golden.schedule == "constant"
      ? .constant
      : .cosineRestarts(
        period: golden.config.period!, multiplier: golden.config.multiplier!, minimum: golden.config.minimum!)
    for (epoch, rate) in zip(try #require(golden.epochs), try #require(golden.rates)) {
      let ours = Double(schedule.learningRate(base: golden.peak!, epoch: epoch))
      #expect(abs(ours - rate) <= 1e-6 * Double(golden.peak!), "\(golden.name) at \(epoch): \(ours), not \(rate)")
    }
  }
}
