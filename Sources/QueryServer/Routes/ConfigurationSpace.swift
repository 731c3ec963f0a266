import Benchmarks
import HTTPTypes
import Records
import Spaces

/// A space as the JSON of ConfigSpace (Lindauer et al., 2019; releases 1.0 and later), where it is a product of choices.
struct ConfigurationSpace {
  private struct Choice {
    let name: String
    let values: [JSONValue]
    var isOrdered = false
  }

  private let name: String
  private let choices: [Choice]
  /// How values make the text of an architecture.
  private let template: String

  /// Throws a ``Problem`` for a space that is no product of choices.
  init(name: String, card: SpaceCard?) throws {
    self.name = name
    switch name {
    case "nasbench201":
      (choices, template) = Self.cell(["none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"])
    case "spikenas":
      (choices, template) = Self.cell(SpikeNASOperation.allCases.map(\.name))
    case "nats-sss":
      choices = (0..<5).map { stage in
        Choice(name: "stage_\(stage)", values: (1...8).map { .integer(8 * $0) }, isOrdered: true)
      }
      template = (0..<5).map { "{stage_\($0)}" }.joined(separator: ":")
    default:
      guard let card, let definition = try? SpaceDefinition(card: card), case .grid(let grid) = definition else {
        throw Problem(
          .unprocessableContent, "server.no_configspace", "\(name) is no product of choices",
          hint: "draw with GET …/sample, or list with GET …/architectures")
      }
      choices = grid.parameters.map { Choice(name: $0.name, values: $0.values, isOrdered: $0.kind == .ordinal) }
      template = grid.parameters.map { "\($0.name)={\($0.name)}" }.joined(separator: ",")
    }
  }

  /// A choice of operation on each of the six edges between four nodes.
  private static func cell(_ operations: [String]) -> ([Choice], String) {
    var choices: [Choice] = []
    let nodes = (1...3).map { target in
      (0..<target).map { source in
        choices.append(Choice(name: "edge_\(source)_\(target)", values: operations.map { .string($0) }))
        return "{edge_\(source)_\(target)}~\(source)"
      }.joined(separator: "|")
    }
    return (choices, nodes.map { "|\($0)|" }.joined(separator: "+"))
  }

  var json: JSONValue {
    .object([
      "name": .string(name), "meta": .object(["architecture": .string(template)]),
      "hyperparameters": .array(
        choices.map { choice in
          .object(
            [
              "type": choice.isOrdered ? "ordinal" : "categorical", "name": .string(choice.name),
              choice.isOrdered ? "sequence" : "choices": .array(choice.values),
              "default_value": choice.values.first ?? .null, "meta": .null,
            ].merging(choice.isOrdered ? [:] : ["weights": .null]) { $1 })
        }),
      "conditions": .array([]), "forbiddens": .array([]), "python_module_version": "1.0.0",
      "format_version": .number(0.4),
    ])
  }
}
