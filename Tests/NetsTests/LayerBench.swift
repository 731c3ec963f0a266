import Foundation
import Nets
import Testing

/// Turns the row-major numbers of a golden case into the layouts of the layers and back, and compares.
///
/// A batch of sequences B×T×C becomes B matrices C×T with padded lanes; tokens B×L×C become one matrix C×(L·B), lane
/// q·B + b. Padding holds a finite number on the way forward and zero in gradients, as the layers promise each other.
final class LayerBench {
  let golden: LayerCase
  let context: LayerContext
  let count: Int
  let positions: Int
  private let setting: LayerSetting
  private let garbage: Float = 0.75

  init(_ golden: LayerCase, _ setting: LayerSetting, positions: Int? = nil) {
    self.golden = golden
    self.setting = setting
    count = golden.config.batch
    self.positions = positions ?? golden.config.steps ?? 1
    context = LayerContext(
      kernels: .table(for: setting.instructionSet), capacity: count + setting.spareRows, positions: self.positions)
    context.count = count
    context.training = golden.config.training ?? true
  }

  /// Lanes of a row of the batch.
  var lanes: Int { padded(count) }

  /// Lays the memory out and fills the parameters that the case fills.
  func begin() throws {
    context.allocate()
    for tensor in context.parameters.tensors where golden.fills.contains(where: { $0.name == tensor.name }) {
      try set(tensor.name, golden.fill(tensor.name))
    }
  }

  func set(_ name: String, _ values: [Float]) throws {
    let tensor = try #require(context.parameters.tensor(named: name))
    context.parameters.fill(tensor) { values[$0] }
  }

  /// B×T×width as matrices.
  func sequences(_ values: [Float]?, width: Int, gradient: Bool = false) -> Floats {
    let n = context.stride
    let size = (count + setting.spareRows) * width * n
    let matrix = context.arena.floats(size)
    matrix.update(repeating: gradient ? 0 : garbage, count: size)
    for row in 0..<count {
      for position in 0..<positions {
        for channel in 0..<width {
          matrix[(row * width + channel) * n + position] = values?[(row * positions + position) * width + channel] ?? 0
        }
      }
    }
    return matrix
  }

  func readSequences(_ matrix: Floats, width: Int) -> [Float] {
    let n = context.stride
    return (0..<count * positions * width).map { index in
      let (event, channel) = (index / width, index % width)
      return matrix[(event / positions * width + channel) * n + event % positions]
    }
  }

  /// B×L×width as one matrix.
  func tokens(_ values: [Float]?, queries: Int, width: Int, gradient: Bool = false) -> Floats {
    let n = queries * lanes
    let matrix = context.arena.floats(queries * padded(count + setting.spareRows) * width)
    matrix.update(repeating: gradient ? 0 : garbage, count: width * n)
    for row in 0..<count {
      for query in 0..<queries {
        for channel in 0..<width {
          matrix[channel * n + query * lanes + row] = values?[(row * queries + query) * width + channel] ?? 0
        }
      }
    }
    return matrix
  }

  func readTokens(_ matrix: Floats, queries: Int, width: Int) -> [Float] {
    (0..<count * queries * width).map { index in
      let (token, channel) = (index / width, index % width)
      return matrix[channel * queries * lanes + token % queries * lanes + token / queries]
    }
  }

  func expectOutput(_ values: [Float], _ name: String = "output") throws {
    expect(values, try #require(golden.outputs[name]).values, name)
  }

  func expectGradient(_ values: [Float], _ name: String) throws {
    expect(values, try #require(golden.gradients[name]), "gradient of \(name)")
  }

  /// Compares the gradients of all parameters; every gradient of the case but `inputs` must be one of them.
  func expectParameterGradients(inputs: Set<String>) throws {
    let parameters = context.parameters
    for name in golden.gradients.keys where !inputs.contains(name) {
      let tensor = try #require(parameters.tensor(named: name), "\(golden.name): no parameter \(name)")
      try expectGradient(parameters.readGradient(tensor), name)
    }
  }

  /// 1e-4 of the largest expected number, and 1e-6: single precision against double.
  func expect(_ ours: [Float], _ theirs: [Double], _ what: String) {
    #expect(ours.count == theirs.count, "\(golden.name): \(what)")
    let tolerance = 1e-4 * (theirs.map(abs).max() ?? 0) + 1e-6
    let worst = zip(ours, theirs).enumerated().max { left, right in
      abs(Double(left.1.0) - left.1.1) < abs(Double(right.1.0) - right.1.1)
    }
    guard let (index, (our, their)) = worst else { return }
    #expect(
      ours.allSatisfy(\.isFinite) && abs(Double(our) - their) <= tolerance,
      "\(golden.name), \(setting.testDescription): \(what)[\(index)] is \(our), not \(their)")
  }
}
