import Benchmarks
import HTTPTypes
import Records

/// The query of a URL, percent-decoded and checked: names that an operation does not know, or that come twice, are
/// problems, and so is what a parameter cannot be.
struct QueryParameters: Sendable {
  private var values: [(name: String, value: String)] = []
  private let parameters: [Parameter]

  init(_ query: String?, _ parameters: [Parameter]) throws {
    self.parameters = parameters
    for pair in (query ?? "").utf8.split(separator: UInt8(ascii: "&")) {
      let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      let name = try Self.decoded(parts[0])
      guard let parameter = parameters.first(where: { $0.name == name }) else {
        throw Problem.unknownParameter(String(name.prefix(100)), known: parameters.map(\.name))
      }
      guard parameter.isRepeatable || self[name] == nil else {
        throw Problem(.badRequest, "server.repeated_parameter", "the parameter \(name) is given more than once")
      }
      let value = parts.count > 1 ? try Self.decoded(parts[1]) : ""
      try parameter.check(value)
      values.append((name, value))
    }
    for parameter in parameters where parameter.isRequired && self[parameter.name] == nil {
      throw Problem.missingParameter(parameter.name)
    }
  }

  subscript(name: String) -> String? { values.first { $0.name == name }?.value }

  func all(_ name: String) -> [String] { values.filter { $0.name == name }.map(\.value) }

  func required(_ name: String) throws -> String {
    guard let value = self[name] else { throw Problem.missingParameter(name) }
    return value
  }

  /// A number, or its default.
  func number(_ name: String) -> Int {
    guard case .number(_, let fallback?)? = parameters.first(where: { $0.name == name })?.kind else {
      preconditionFailure("\(name) is no number with a default of this operation")
    }
    return self[name].flatMap { Int($0) } ?? fallback
  }

  func flag(_ name: String) -> Bool { self[name] == "true" }

  /// Percent-decoded text; in a query a plus is a space. What is not UTF-8, or holds NUL, is a problem.
  static func decoded(_ text: some Sequence<UInt8>, plusIsSpace: Bool = true) throws -> String {
    var bytes: [UInt8] = []
    var iterator = text.makeIterator()
    while let byte = iterator.next() {
      switch byte {
      case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        guard let high = digit(iterator.next()), let low = digit(iterator.next()) else { throw Self.badEncoding }
        bytes.append(high << 4 | low)
      default: bytes.append(byte)
      }
    }
    guard !bytes.contains(0), let decoded = String(validating: bytes, as: UTF8.self) else { throw Self.badEncoding }
    return decoded
  }

  private static func digit(_ byte: UInt8?) -> UInt8? {
    switch byte {
    case let byte? where (0x30...0x39).contains(byte): byte - 0x30
    case let byte? where (0x41...0x46).contains(byte): byte - 0x37
    case let byte? where (0x61...0x66).contains(byte): byte - 0x57
    default: nil
    }
  }

  private static let badEncoding = Problem(
    .badRequest, "server.bad_encoding",
    "the URL holds a percent sign without two digits, NUL, or bytes that are not UTF-8")
}

extension QueryParameters {
  /// The one architecture that is asked about, by `architecture` or `place`.
  func architecture() throws -> ArchitectureKey {
    switch (self["architecture"], self["place"].flatMap { Int($0) }) {
    case (let text?, nil): return .text(text)
    case (nil, let place?): return .place(place)
    case (nil, nil):
      throw Problem(
        .unprocessableContent, "server.missing_parameter", "the parameter architecture is missing",
        hint: "give a text or an id as architecture, or a place as place", allowed: ["architecture", "place"])
    default:
      throw Problem(
        .unprocessableContent, "server.contradiction", "architecture and place both name an architecture",
        hint: "give one of them", allowed: ["architecture", "place"])
    }
  }

  /// The question that the parameters spell.
  func question() throws -> Question {
    var question = Question(space: self["space"], dataset: self["dataset"], trainingProtocol: self["protocol"])
    question.metric = self["metric"].map { Metric($0) }
    if let split = self["split"].flatMap({ Split(rawValue: $0) }) { question.split = split }
    if let text = self["epoch"] { question.epoch = try Self.epoch(text) }
    if let text = self["seed"] {
      guard let seeds = SeedChoice(text) else {
        throw Problem(
          .unprocessableContent, "server.bad_parameter", "seed cannot be \(text.prefix(200).debugDescription)",
          allowed: ["mean", "all", "777", "unnamed-1", "mean-of-3"])
      }
      question.seeds = seeds
    }
    return question
  }

  static func epoch(_ text: String) throws -> EpochChoice {
    guard let epoch = EpochChoice(text), text.utf8.count <= 21 else {
      throw Problem.badParameter(
        "epoch", text, allowed: ["best", "last", "a number from 1", "best-so-far", "best-so-far:NUMBER"])
    }
    return epoch
  }
}
