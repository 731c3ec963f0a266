import Benchmarks
import Hummingbird
import Records

/// The query of a URL, percent-decoded; names that a route does not know, or that come twice, are problems.
struct QueryParameters {
  private var values: [String: [String]] = [:]

  /// `known` are all names that the route reads, `repeatable` those that may come several times.
  init(_ request: Request, known: [String], repeatable: Set<String> = []) throws {
    guard let query = request.uri.query, !query.isEmpty else { return }
    for pair in query.utf8.split(separator: UInt8(ascii: "&")) {
      let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      let name = try Self.decoded(parts[0])
      guard known.contains(name) else { throw Problem.unknownParameter(String(name.prefix(100)), known: known) }
      let value = parts.count > 1 ? try Self.decoded(parts[1]) : ""
      values[name, default: []].append(value)
      guard values[name]?.count == 1 || repeatable.contains(name) else {
        throw Problem(.badRequest, "server.repeated_parameter", "the parameter \(name) is given more than once")
      }
    }
  }

  subscript(name: String) -> String? { values[name]?.first }

  func all(_ name: String) -> [String] { values[name] ?? [] }

  func required(_ name: String) throws -> String {
    guard let value = self[name] else { throw Problem.missingParameter(name) }
    return value
  }

  /// A whole number within limits.
  func number(_ name: String, default fallback: Int, in range: ClosedRange<Int>) throws -> Int {
    guard let text = self[name] else { return fallback }
    guard let number = Int(text), range.contains(number), "\(number)" == text else {
      throw Problem.badParameter(name, text, allowed: ["\(range.lowerBound) to \(range.upperBound)"])
    }
    return number
  }

  func flag(_ name: String) throws -> Bool {
    switch self[name] {
    case nil, "false": false
    case "true": true
    case let text?: throw Problem.badParameter(name, text, allowed: ["true", "false"])
    }
  }

  /// Percent-decoded text; in a query a plus is a space. What is not UTF-8, or holds NUL, is a problem.
  static func decoded(_ text: some Sequence<UInt8>, plusIsSpace: Bool = true) throws -> String {
    var bytes: [UInt8] = []
    var iterator = text.makeIterator()
    func digit(_ byte: UInt8?) -> UInt8? { byte.flatMap { Character(UnicodeScalar($0)).hexDigitValue.map { UInt8($0) } } }
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

  private static let badEncoding = Problem(
    .badRequest, "server.bad_encoding", "the URL holds a percent sign without two digits, NUL, or bytes that are not UTF-8")
}

extension QueryParameters {
  /// The names that say which setting, metric, split, epoch and seeds a question is about.
  static let question = ["space", "dataset", "protocol", "metric", "split", "epoch", "seed"]

  /// The question that the parameters spell.
  func question() throws -> Question {
    var question = Question(space: self["space"], dataset: self["dataset"], trainingProtocol: self["protocol"])
    question.metric = self["metric"].map { Metric($0) }
    if let text = self["split"] {
      guard let split = Split(rawValue: text) else {
        throw Problem.badParameter("split", text, allowed: Split.allCases.map(\.rawValue))
      }
      question.split = split
    }
    if let text = self["epoch"] {
      guard let epoch = EpochChoice(text) else {
        throw Problem.badParameter(
          "epoch", text, allowed: ["best", "last", "a number from 1", "best-so-far", "best-so-far:NUMBER"])
      }
      question.epoch = epoch
    }
    if let text = self["seed"] {
      guard let seeds = SeedChoice(text) else {
        throw Problem.badParameter("seed", text, allowed: ["mean", "all", "777", "unnamed-1", "mean-of-3"])
      }
      question.seeds = seeds
    }
    return question
  }
}
