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
    var query = query ?? ""
    try query.withUTF8 { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let pair = rest.prefix { $0 != UInt8(ascii: "&") }
        if !pair.isEmpty { try add(pair) }
        rest = rest.dropFirst(pair.count + 1)
      }
    }
    for parameter in parameters where parameter.isRequired && self[parameter.name] == nil {
      throw Problem.missingParameter(parameter.name)
    }
  }

  private mutating func add(_ pair: Slice<UnsafeBufferPointer<UInt8>>) throws {
    let name = try Self.decoded(pair.prefix { $0 != UInt8(ascii: "=") })
    guard let parameter = parameters.first(where: { $0.name == name }) else {
      throw Problem.unknownParameter(String(name.prefix(100)), known: parameters.map(\.name))
    }
    guard parameter.isRepeatable || self[name] == nil else {
      throw Problem(.badRequest, "server.repeated_parameter", "the parameter \(name) is repeated; give it once")
    }
    let value = try Self.decoded(pair.drop { $0 != UInt8(ascii: "=") }.dropFirst())
    try parameter.check(value)
    values.append((name, value))
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
      preconditionFailure("\(name) has no default value in this operation")
    }
    return self[name].flatMap { Int($0) } ?? fallback
  }

  func flag(_ name: String) -> Bool { self[name] == "true" }

  /// Percent-decoded text; in a query a plus is a space. What is not UTF-8, or holds NUL, is a problem.
  static func decoded(_ text: String, plusIsSpace: Bool) throws -> String {
    var text = text
    return try text.withUTF8 { try decoded($0[...], plusIsSpace: plusIsSpace) }
  }

  private static func decoded(_ text: Slice<UnsafeBufferPointer<UInt8>>, plusIsSpace: Bool = true) throws -> String {
    try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: text.count) { bytes in
      var count = 0
      var place = text.startIndex
      while place < text.endIndex {
        var byte = text[place]
        if byte == UInt8(ascii: "+"), plusIsSpace {
          byte = UInt8(ascii: " ")
        } else if byte == UInt8(ascii: "%") {
          guard place + 2 < text.endIndex, let high = digit(text[place + 1]), let low = digit(text[place + 2]) else {
            throw badEncoding
          }
          byte = high << 4 | low
          place += 2
        }
        guard byte != 0 else { throw badEncoding }
        bytes[count] = byte
        count += 1
        place += 1
      }
      guard let decoded = String(validating: bytes[..<count], as: UTF8.self) else { throw badEncoding }
      return decoded
    }
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
  }

  private static let badEncoding = Problem(
    .badRequest, "server.bad_encoding",
    "the URL has a percent sign without two digits, NUL, or bytes that are not UTF-8")
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
        hint: "add architecture=TEXT, architecture=ID or place=NUMBER", allowed: ["architecture", "place"])
    default:
      throw Problem(
        .unprocessableContent, "server.contradiction", "architecture and place exclude each other",
        hint: "give one of them", allowed: ["architecture", "place"])
    }
  }

  /// The question that the parameters spell.
  func question() throws -> Question {
    var question = Question(space: self["space"], dataset: self["dataset"], trainingProtocol: self["protocol"])
    question.metric = self["metric"].map { Metric($0) }
    if let text = self["split"] {
      question.publishedSplit = Split(rawValue: text) == nil ? text : nil
      question.split = Split(rawValue: text) ?? PublishedSplit.split(called: text) ?? question.split
    }
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
