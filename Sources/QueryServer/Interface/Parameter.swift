import Benchmarks
import Records

/// A parameter of an operation: what it may be. Requests are checked by it, and the description of the interface tells it.
struct Parameter: Sendable {
  enum Kind: Sendable {
    case text(pattern: String?)
    case number(ClosedRange<Int>, default: Int?)
    case flag
    case choice([String])
  }

  let name: String
  let kind: Kind
  let note: String
  var isRequired = false
  var isRepeatable = false

  init(_ name: String, _ kind: Kind, _ note: String) {
    self.name = name
    self.kind = kind
    self.note = note
  }

  init(_ name: String, _ note: String) { self.init(name, .text(pattern: nil), note) }

  var required: Parameter {
    var parameter = self
    parameter.isRequired = true
    return parameter
  }

  var repeatable: Parameter {
    var parameter = self
    parameter.isRepeatable = true
    return parameter
  }

  /// Throws a ``Problem`` for a text that the parameter cannot be.
  func check(_ text: String) throws {
    switch kind {
    case .text: return
    case .number(let range, _):
      guard let number = Int(text), range.contains(number), "\(number)" == text else {
        throw Problem.badParameter(name, text, allowed: ["\(range.lowerBound) to \(range.upperBound)"])
      }
    case .flag:
      guard text == "true" || text == "false" else {
        throw Problem.badParameter(name, text, allowed: ["true", "false"])
      }
    case .choice(let choices):
      // What other tools call a split is met with an error that says what it is called here.
      if name == "split", PublishedSplit.split(called: text) != nil { return }
      guard choices.contains(text) else { throw Problem.badParameter(name, text, allowed: choices) }
    }
  }

  var schema: JSONValue {
    switch kind {
    case .text(let pattern?): .object(["type": "string", "pattern": .string(pattern)])
    case .text(nil): Schema.plainText
    case .number(let range, let value):
      .object(
        [
          "type": "integer", "minimum": .integer(Int64(range.lowerBound)),
          "maximum": .integer(Int64(range.upperBound)),
        ].merging(value.map { ["default": .integer(Int64($0))] } ?? [:]) { $1 })
    case .flag: .object(["type": "boolean", "default": false])
    case .choice(let choices): .object(["type": "string", "enum": .array(choices.map { .string($0) })])
    }
  }
}

extension Parameter {
  static let architecture = Parameter(
    "architecture",
    "An id or its first digits, `place:` and a place, or another name that the space knows, such as the "
      + "canonical text. Fewer than 8 decimal digits are an error if a published table numbers architectures. "
      + "Required unless `place` is given.")
  static let place = Parameter(
    "place", .number(ArchitectureKey.places, default: nil),
    "Instead of `architecture`: its place in the atlas, from 0, as GET …/architectures lists it.")
  /// One architecture: exactly one of these must be given.
  static let oneArchitecture = [architecture, place]
  static let space = Parameter("space", "Required if the atlas has architectures of several spaces.")
  static let dataset = Parameter("dataset", "Required if the atlas has runs on several data sets.")
  static let trainingProtocol = Parameter("protocol", "Name or first digits of the digest of the protocol.")
  static let metric = Parameter("metric", "Default: the primary metric of the data set.")
  static let split = Parameter("split", .choice(Split.allCases.map(\.rawValue)), "Default: `validation`.")
  static let epoch = Parameter(
    "epoch", .text(pattern: "^(best|last|best-so-far(:[1-9][0-9]{0,8})?|[1-9][0-9]{0,8})$"),
    "`best` (of each run, by validation), `last`, a number from 1, `best-so-far` or `best-so-far:NUMBER`.")
  static let seed = Parameter("seed", "`mean` over completed runs (the default), `all`, or one seed.")
  static let filter = Parameter(
    "where",
    "A filter on architectures, by means over their runs (for example `parameters < 1e6`), and on runs, by "
      + "`seed`, `status`, `origin` and `source`.")

  /// Which runs a question is about.
  static let setting = [space, dataset, trainingProtocol]
  /// The whole question, apart from the architecture.
  static let question = setting + [metric, split, epoch, seed]
}
