import Foundation
import Nets
import Testing

/// One case of `Golden/layers.json`.
struct LayerCase: Decodable, CustomTestStringConvertible, Sendable {
  struct Fill: Decodable, Sendable {
    let name: String
    let shape: [Int]
    let scale: Float
    let offset: Float
  }

  struct Tensor: Decodable, Sendable {
    let values: [Double]
  }

  struct Codes: Decodable, Sendable {
    let values: [Int]
  }

  struct Layer: Decodable, Sendable {
    let operations: [String]?
    let heads: Int?
    let selfHeads: Int?
    let crossHeads: Int?
  }

  /// A number, or a list of them.
  struct Counts: Decodable, Sendable {
    let values: [Int]
    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      values = try (try? container.decode([Int].self)) ?? [container.decode(Int.self)]
    }
  }

  struct Config: Decodable, Sendable {
    let batch: Int
    let steps: Int?
    let queryLength: Int?
    let rows: Counts?
    let width: Int?
    let hidden: Int?
    let heads: Int?
    let selfHeads: Int?
    let crossHeads: Int?
    let operations: [String]?
    let embedding: Int?
    let features: Int?
    let numericEmbedding: Int?
    let kernel: Int?
    let lengths: [Int]?
    let training: Bool?
    let kind: String?
    let fanIn: Int?
    let fanOut: Int?
    let classes: Int?
    let classWeights: [Float]?
    let missing: [[Int]]?
    let time: Bool?
    let encoder: [Layer]?
    let decoder: [Layer]?
    let pooling: String?
  }

  let name: String
  let layer: String
  let config: Config
  let fills: [Fill]
  let outputs: [String: Tensor]
  let gradients: [String: [Double]]
  let codes: [String: Codes]?
  let times: [String: Tensor]?

  var testDescription: String { name }

  private struct File: Decodable {
    let cases: [LayerCase]
  }

  static let all = ["layers", "sequence-models"].flatMap { try! GoldenFill.decode(File.self, $0).cases }

  static func of(_ layers: String...) -> [LayerCase] { all.filter { layers.contains($0.layer) } }

  /// A filled tensor of the case.
  func fill(_ name: String) throws -> [Float] {
    let fill = try #require(fills.first { $0.name == name }, "\(self.name) has no fill \(name)")
    return GoldenFill.values(
      name, count: fill.shape.reduce(1, *), scale: fill.scale, offset: fill.offset)
  }

  static func part(_ operation: String, heads: Int) -> NetworkBlueprint.Part {
    switch operation {
    case "attention": .attention(heads: heads)
    case "gru": .recurrent
    default: .convolution
    }
  }

  static func pooling(_ kind: String) -> NetworkBlueprint.Pooling {
    switch kind {
    case "avg": .average
    case "max": .maximum
    default: .mixed
    }
  }
}

/// What a case runs on: the instruction set, and memory for as many rows as there are or for more.
struct LayerSetting: CustomTestStringConvertible, Sendable {
  let instructionSet: InstructionSet
  let spareRows: Int

  var testDescription: String { "\(instructionSet.rawValue), \(spareRows) rows to spare" }

  static let all: [LayerSetting] = instructionSets.flatMap { set in
    [0, 3, 16].map { LayerSetting(instructionSet: set, spareRows: $0) }
  }

  /// Both families, or the one that this machine has.
  static let instructionSets: [InstructionSet] = machineInstructionSet == .avx512 ? [.avx2, .avx512] : [.avx2]
}
